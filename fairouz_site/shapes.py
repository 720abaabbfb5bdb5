"""The API's shapes: declared once as TypedDicts, built by plain functions, described to OpenAPI by serializers made here."""

from __future__ import annotations

import types
from collections.abc import Callable
from functools import cache
from typing import Any, NotRequired, Required, TypedDict, Union, get_args, get_origin, get_type_hints

from django import forms
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import api_view, parser_classes, permission_classes
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import AllowAny, BasePermission

PLAIN: dict[type, Callable[..., serializers.Field]] = {
    str: serializers.CharField,
    int: serializers.IntegerField,
    float: serializers.FloatField,
    bool: serializers.BooleanField,
}


class ProblemShape(TypedDict):
    """Every error, as application/problem+json (RFC 9457)."""

    title: str
    status: int
    detail: str
    errors: NotRequired[dict[str, list[str]]]


@cache
def serializer_of(shape: type) -> type[serializers.Serializer]:
    """A serializer class that describes the TypedDict `shape`; its name is the shape's without “Shape”."""
    name = shape.__name__.removesuffix("Shape")
    hints = get_type_hints(shape, include_extras=True)
    fields = {key: _field(hint) for key, hint in hints.items()}
    return type(f"{name}Serializer", (serializers.Serializer,), {**fields, "__doc__": shape.__doc__})


def _field(hint: Any, **options: Any) -> serializers.Field:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Required, NotRequired):
        return _field(arguments[0], required=origin is Required)
    if origin in (Union, types.UnionType):
        (inner,) = (argument for argument in arguments if argument is not type(None))
        return _field(inner, allow_null=True, **options)
    if origin is list:
        return _list_field(arguments[0], **options)
    if origin is dict:
        return serializers.DictField(child=_field(arguments[1]), **options)
    if hint is Any:
        return serializers.JSONField(**options)
    if hint in PLAIN:
        return PLAIN[hint](**options)
    return serializer_of(hint)(**options)


def _list_field(item: Any, **options: Any) -> serializers.Field:
    child = _field(item)
    if isinstance(child, serializers.Serializer):
        return type(child)(many=True, **options)
    return serializers.ListField(child=child, **options)


@cache
def list_of(shape: type) -> type[serializers.Serializer]:
    """The serializer of a page of `shape`s: count, next, previous, results."""
    fields = {
        "count": serializers.IntegerField(),
        "next": serializers.URLField(allow_null=True),
        "previous": serializers.URLField(allow_null=True),
        "results": serializer_of(shape)(many=True),
    }
    return type(f"{shape.__name__.removesuffix('Shape')}ListSerializer", (serializers.Serializer,), fields)


def parameters_of(form: type[forms.BaseForm]) -> list[OpenApiParameter]:
    """The query parameters that a form reads."""
    return [_parameter(name, field) for name, field in form.base_fields.items()]  # type: ignore[attr-defined]


def _parameter(name: str, field: Any) -> OpenApiParameter:
    about = {"description": str(field.help_text), "required": field.required}
    default = {"default": field.initial} if field.initial not in (None, "", []) and not callable(field.initial) else {}
    if isinstance(field, forms.IntegerField):
        limits = {"minimum": field.min_value, "maximum": field.max_value}
        kind = "number" if isinstance(field, forms.FloatField) else "integer"
        bounds = {limit: value for limit, value in limits.items() if value is not None}
        return OpenApiParameter(name, {"type": kind, **bounds, **default}, **about)
    if isinstance(field, forms.NullBooleanField | forms.BooleanField):
        return OpenApiParameter(name, bool, **about, **default)
    many = isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField)
    fixed = isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField)
    choices = [value for value, _ in field.choices if value != ""] if fixed else None
    return OpenApiParameter(name, str, many=many, enum=choices, **about, **default)


def upload_schema(form: type[forms.BaseForm]) -> dict[str, Any]:
    """The multipart body that a form with files reads."""
    fields = form.base_fields  # type: ignore[attr-defined]
    binary = {"type": "string", "format": "binary"}
    properties = {
        name: (binary if isinstance(field, forms.FileField) else {"type": "string"})
        | {"description": str(field.help_text)}
        for name, field in fields.items()
    }
    return {
        "type": "object",
        "properties": properties,
        "required": [name for name, field in fields.items() if field.required],
    }


def _having(permission: str) -> type[BasePermission]:
    """A permission class that lets in whoever has the Django permission."""

    class Having(BasePermission):
        def has_permission(self, request: Any, view: Any) -> bool:
            return bool(request.user and request.user.has_perm(permission))

    return Having


def api(
    shape: Any,
    *parameters: type[forms.BaseForm],
    operation: str,
    summary: str,
    many: bool = False,
    upload: type[forms.BaseForm] | None = None,
    permission: str = "",
) -> Callable:
    """Make a function of (request, …) → Response a documented API view of `shape`.

    It answers GET; with `upload`, a form of the multipart body, it answers POST instead. Without `permission` anybody
    may call it, and it must keep nothing; with one, only whoever has it.
    """
    allowed = [AllowAny] if not permission else [_having(permission)]
    responses = {200: list_of(shape) if many else serializer_of(shape)}
    problems = {(status, "application/problem+json"): serializer_of(ProblemShape) for status in (400, 404, 429)}

    def decorate(function: Callable) -> Callable:
        described = extend_schema(
            operation_id=operation,
            summary=summary,
            description=(function.__doc__ or "").strip(),
            parameters=[parameter for form in parameters for parameter in parameters_of(form)],
            responses={**responses, **problems},
            request={"multipart/form-data": upload_schema(upload)} if upload else None,
        )
        guarded = permission_classes(allowed)(function)
        if upload is None:
            return described(api_view(["GET", "HEAD"])(guarded))
        return described(api_view(["POST"])(parser_classes([MultiPartParser])(guarded)))

    return decorate
