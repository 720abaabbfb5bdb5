"""Bad input gets one clear sentence: as problem+json in the API, as a page or fragment in HTML."""

from __future__ import annotations

import logging
import math
import uuid
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from rest_framework import exceptions as drf
from rest_framework.response import Response
from rest_framework.views import set_rollback

from fairouz_site.htmx import render_page

logger = logging.getLogger(__name__)

PROBLEM = "application/problem+json"


class InvalidInput(ValueError):
    """Input that the user can mend. `errors` maps a field to its sentences, each naming what is allowed."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        self.errors = {field: list(sentences) for field, sentences in errors.items()}
        super().__init__(" ".join(sentence for sentences in self.errors.values() for sentence in sentences))

    @classmethod
    def of(cls, field: str, sentence: str) -> InvalidInput:
        return cls({field: [sentence]})


class NotFound(LookupError):
    """Something named in the address does not exist; `suggestions` are (label, address) pairs of what may be meant."""

    def __init__(self, sentence: str, suggestions: list[tuple[str, str]] | None = None) -> None:
        super().__init__(sentence)
        self.suggestions = suggestions or []


def problem(status: int, detail: str, errors: Mapping[str, list[str]] | None = None) -> dict[str, Any]:
    """The body of every API error (RFC 9457)."""
    body: dict[str, Any] = {"title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    return {**body, "errors": dict(errors)} if errors else body


def problem_response(error: Exception, context: Any) -> Response | None:
    """DRF's exception handler: whatever went wrong leaves as problem+json, or as None to be a 500."""
    described = _describe(error)
    if described is None:
        return None
    set_rollback()
    status, body = described
    headers = {"Retry-After": str(math.ceil(error.wait))} if isinstance(error, drf.Throttled) and error.wait else {}  # type: ignore[attr-defined]
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    return Response(body, status=status, headers=headers, content_type=PROBLEM)


def _describe(error: Exception) -> tuple[int, dict[str, Any]] | None:
    if isinstance(error, InvalidInput):
        return 400, problem(400, str(error), error.errors)
    if isinstance(error, NotFound):
        return 404, problem(404, str(error))
    if isinstance(error, Http404):
        return 404, problem(404, "There is nothing at this address.")
    if isinstance(error, PermissionDenied):
        return 403, problem(403, "You are not allowed to do this.")
    if isinstance(error, drf.ValidationError):
        errors = _field_errors(error.detail)
        return 400, problem(400, " ".join(s for sentences in errors.values() for s in sentences), errors)
    if isinstance(error, drf.APIException):
        return error.status_code, problem(error.status_code, str(error.detail))
    return None


def _field_errors(detail: Any) -> dict[str, list[str]]:
    if isinstance(detail, Mapping):
        return {str(field): [str(s) for s in (v if isinstance(v, list) else [v])] for field, v in detail.items()}
    return {"non_field_errors": [str(s) for s in (detail if isinstance(detail, list) else [detail])]}


class ErrorPages:
    """Turn the errors of a page's view into a designed page, or into a short fragment when htmx asked for one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, InvalidInput):
            return error_page(request, 400, str(error), errors=error.errors)
        if isinstance(error, NotFound):
            return error_page(request, 404, str(error), suggestions=error.suggestions)
        return None


def error_page(request: HttpRequest, status: int, detail: str, **context: Any) -> HttpResponse:
    """Render the one error template; an API address gets problem+json instead."""
    if request.path.startswith("/api/"):
        number = {"request_id": context["request_id"]} if "request_id" in context else {}
        body = {**problem(status, detail, context.get("errors")), **number}
        return JsonResponse(body, status=status, content_type=PROBLEM)
    described = {"status": status, "title": HTTPStatus(status).phrase, "detail": detail, **context}
    response = render_page(request, "error.html", described, fragment="message")
    response.status_code = status
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 400, "The request could not be understood.")


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 403, "You are not allowed to do this.")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return error_page(request, 403, "This form has expired. Go back, reload the page and send it again.")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return error_page(request, 404, "There is nothing at this address.")


def server_error(request: HttpRequest) -> HttpResponse:
    """Show a number to quote, never a trace; the log line carries the same number."""
    number = uuid.uuid4().hex[:12]
    logger.error("Request %s failed: %s %s", number, request.method, request.path)
    return error_page(request, 500, "Something went wrong on our side.", request_id=number)
