"""Pages composed of panels: an app or plugin registers one, the page's own app need not know it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.template.loader import get_template

from fairouz_site.errors import InvalidInput, NotFound
from fairouz_site.registry import registry

logger = logging.getLogger(__name__)


class Panel(Protocol):
    """A part of a page that somebody else owns.

    `place` is the page ("song", "home"); panels of a place come in `order`. `context` gets the page's subject (a Song,
    or None at home) and the query string, and returns the template's context, or None to stay away. A panel with
    `shape(subject) -> dict` adds those keys to the page's API twin.
    """

    key: str
    place: str
    order: int
    template: str

    def context(self, subject: Any, params: QueryDict) -> dict[str, Any] | None: ...


@dataclass(frozen=True)
class FilledPanel:
    key: str
    template: str
    context: dict[str, Any]


def _panels(place: str) -> list[Panel]:
    return sorted((p for p in registry("panel").values() if p.place == place), key=lambda p: (p.order, p.key))


def filled_panels(place: str, subject: Any, params: QueryDict) -> list[FilledPanel]:
    """The panels of a page with their contexts, in order; a panel that fails is logged and left out."""
    filled = []
    for panel in _panels(place):
        with _logged(panel):
            get_template(panel.template)
            context = panel.context(subject, params)
            if context is not None:
                filled.append(FilledPanel(panel.key, panel.template, context))
    return filled


def panel_shapes(place: str, subject: Any) -> dict[str, Any]:
    """What the panels of a page add to its API twin."""
    shapes: dict[str, Any] = {}
    for panel in _panels(place):
        shape = getattr(panel, "shape", None)
        if shape is not None:
            with _logged(panel):
                shapes.update(shape(subject))
    return shapes


@contextmanager
def _logged(panel: Panel) -> Iterator[None]:
    """Let the page go on without a panel that fails; what the visitor can mend is still told to the visitor."""
    try:
        yield
    except (InvalidInput, NotFound, Http404, PermissionDenied):
        raise
    except Exception:  # a plugin may fail in any way
        logger.exception("The panel %r failed and is left out", panel.key)
