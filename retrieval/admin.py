"""Spaces and vectors in the admin: facts to be read, not numbers to be typed."""

from __future__ import annotations

from typing import Any

import numpy as np
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.forms import ModelForm
from django.http import HttpRequest

from retrieval.models import Positive, Space, Vector
from retrieval.spaces import make_default
from retrieval.vectors import delete_space


class ReadOnlyAdmin(admin.ModelAdmin):
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Space)
class SpaceAdmin(admin.ModelAdmin):
    list_display = ["key", "label", "modality", "dimension", "encoder", "revision", "is_default", "number"]
    list_filter = ["modality", "is_default"]
    search_fields = ["key", "label", "encoder"]
    fields = ["key", "label", "modality", "dimension", "encoder", "revision", "is_default"]
    readonly_fields = ["key", "modality", "dimension", "encoder", "revision"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Space]:
        return super().get_queryset(request).annotate(vector_count=Count("vectors"))

    def save_model(self, request: HttpRequest, obj: Space, form: ModelForm, change: bool) -> None:
        """Making a space the default takes that from the one that was."""
        if obj.is_default:
            make_default(obj)
        super().save_model(request, obj, form, change)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Whoever may delete a space may delete its vectors."""
        doomed, counts, _, protected = super().get_deleted_objects(objs, request)
        return doomed, counts, set(), protected

    def delete_model(self, request: HttpRequest, obj: Space) -> None:
        delete_space(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Space]) -> None:
        for space in queryset:
            delete_space(space)

    @admin.display(description="vectors", ordering="vector_count")
    def number(self, space: Any) -> int:
        return space.vector_count


@admin.register(Vector)
class VectorAdmin(ReadOnlyAdmin):
    list_display = ["song", "space", "revision", "norm"]
    list_filter = ["space"]
    search_fields = ["song__folded_title", "song__public_id"]
    list_select_related = ["song", "space"]
    fields = ["song", "space", "revision", "norm"]

    @admin.display(description="length")
    def norm(self, vector: Vector) -> str:
        return f"{float(np.linalg.norm(vector.array())):.4f}"


@admin.register(Positive)
class PositiveAdmin(ReadOnlyAdmin):
    list_display = ["song", "other"]
    search_fields = ["song__folded_title", "song__public_id"]
    list_select_related = ["song", "other"]
