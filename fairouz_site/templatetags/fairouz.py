"""Small helpers for templates: how things are written and drawn, never what they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms, template
from django.http import QueryDict
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fairouz_site.panels import FilledPanel

register = template.Library()


@dataclass(frozen=True)
class Chip:
    """One filter in force and the query string that takes it away."""

    name: str
    value: str
    without: str


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of the icon sheet; it is decoration, the control around it carries the words."""
    return format_html('<svg class="icon" aria-hidden="true"><use href="{}#{}"/></svg>', static("img/icons.svg"), name)


@register.simple_tag(takes_context=True)
def render_panel(context: template.Context, panel: FilledPanel) -> str:
    """The panel's template, with the panel's own context over the page's."""
    with context.push(**panel.context):
        inner = get_template(panel.template).template  # type: ignore[attr-defined]
        return inner.render(context)


@register.simple_tag
def chips(form: forms.Form, data: QueryDict) -> list[Chip]:
    """The filters of `form` that `data` sets, in the form's order."""
    return [
        Chip(_spoken(name), _choice(form.fields[name], value), _without(data, name, value))
        for name in form.fields
        for value in data.getlist(name)
        if value.strip()
    ]


def _spoken(name: str) -> str:
    return {"q": "name", "year_min": "from", "year_max": "until"}.get(name, name.replace("_", " "))


def _choice(field: forms.Field, value: str) -> str:
    """The label that the field's widget shows for `value`, or the value itself."""
    labels = {str(key): str(label) for key, label in getattr(field.widget, "choices", [])}
    return labels.get(value, value)


def _without(data: QueryDict, name: str, value: str) -> str:
    query = data.copy()
    query.setlist(name, [v for v in query.getlist(name) if v != value])
    query.pop("page", None)
    return f"?{query.urlencode()}"


@register.filter
def lookup(mapping: Mapping[Any, Any], key: Any) -> Any:
    """mapping[key], or None."""
    return mapping.get(key)


@register.filter
def figure(value: float | None) -> str:
    """A number with four significant digits, never in scientific notation: 0.03142, 12.35, 184,213."""
    if value is None:
        return ""
    decimals = next(
        (d for limit, d in ((0.01, 5), (0.1, 4), (1, 4), (10, 3), (100, 2), (1000, 1)) if abs(value) < limit), 0
    )
    return f"{value:,.{decimals}f}"


@register.filter
def percent(share: float | None) -> str:
    """0..1 as a percentage that says 100 only of all, and 0 only of none."""
    if share is None:
        return ""
    if share in (0, 1):
        return f"{share * 100:.0f} %"
    return f"{min(max(share * 100, 0.1), 99.9):.1f} %"
