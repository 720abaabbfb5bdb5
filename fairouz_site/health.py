"""Whether the process lives, and whether it can serve."""

from __future__ import annotations

from django.apps import apps
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe


@require_safe
@never_cache
def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(request: HttpRequest) -> JsonResponse:
    """The database answers and every app says that it is ready; else 503 with the reasons."""
    reasons: list[str] = []
    try:
        connection.ensure_connection()
        for config in apps.get_app_configs():
            unready = getattr(config, "unready", None)
            reasons += unready() if unready else []
    except DatabaseError:
        reasons.append("The database does not answer.")
    return JsonResponse({"status": "unready" if reasons else "ok", "reasons": reasons}, status=503 if reasons else 200)
