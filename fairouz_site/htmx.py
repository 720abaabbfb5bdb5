"""The one place that decides whether a request wants a fragment."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers


def wants_fragment(request: HttpRequest) -> bool:
    """True for an htmx request that swaps a part of the page.

    Boosted links and history restores come from htmx too, but they need the whole page.
    """
    details = getattr(request, "htmx", None)
    return details is not None and bool(details) and not (details.boosted or details.history_restore_request)


def render_page(request: HttpRequest, template: str, context: dict[str, Any], *, fragment: str) -> HttpResponse:
    """Render `template`, or only its partial `fragment` when htmx asked for a part; caches must tell them apart."""
    name = f"{template}#{fragment}" if wants_fragment(request) else template
    response = render(request, name, context)
    patch_vary_headers(response, ["HX-Request", "HX-Boosted", "HX-History-Restore-Request"])
    return response
