"""Addresses in answers."""

from django.http import HttpRequest
from rest_framework.request import Request


def site(request: HttpRequest | Request) -> str:
    """Scheme and host that the request came to, to be put before a path."""
    return f"{request.scheme}://{request.get_host()}"
