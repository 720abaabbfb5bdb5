"""Reading the query string: one form per operation, shared by its page and its API twin."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from fairouz_site.errors import InvalidInput


def parse(form_class: type[forms.Form], data: QueryDict) -> dict[str, Any]:
    """The cleaned values of `form_class`, defaults filled in; raise InvalidInput naming each wrong field."""
    form = form_class(data)
    checked(form)
    values = form.cleaned_data
    for name, field in form.fields.items():
        if values[name] in (None, "", []) and field.initial is not None:
            values[name] = field.initial
    return values


def checked(form: forms.BaseForm) -> None:
    """Raise InvalidInput unless `form` is valid."""
    if form.is_valid():
        return
    raise InvalidInput({field: [str(s) for s in sentences] for field, sentences in form.errors.items()})


def whole_number(
    name: str, low: int, high: int, *, default: int | None = None, help_text: str = ""
) -> forms.IntegerField:
    """A whole number from `low` to `high`; every mistake gets the same sentence, which says so."""
    sentence = f"{name} must be a whole number from {low} to {high}."
    return forms.IntegerField(
        required=False,
        min_value=low,
        max_value=high,
        initial=default,
        help_text=help_text,
        error_messages={"invalid": sentence, "min_value": sentence, "max_value": sentence},
    )


def choice(name: str, choices: list[tuple[str, str]], *, default: str = "", help_text: str = "") -> forms.ChoiceField:
    sentence = f"{name} must be one of {', '.join(value for value, _ in choices)}."
    return forms.ChoiceField(
        required=False,
        choices=choices,
        initial=default,
        help_text=help_text,
        error_messages={"invalid_choice": sentence},
    )


class ManyChoices(forms.MultipleChoiceField):
    """Several of a few values, repeated (`a=x&a=y`) or with commas (`a=x,y`)."""

    def __init__(self, name: str, choices: list[tuple[str, str]], *, help_text: str = "") -> None:
        sentence = f"{name} must be any of {', '.join(value for value, _ in choices)}."
        super().__init__(
            required=False,
            choices=choices,
            help_text=help_text,
            error_messages={"invalid_choice": sentence, "invalid_list": sentence},
        )

    def to_python(self, value: Any) -> list[str]:
        return [part for item in super().to_python(value) for part in item.split(",") if part]
