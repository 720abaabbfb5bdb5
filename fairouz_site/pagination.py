"""Pages of long lists, the same for HTML and API."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest

from fairouz_site.errors import InvalidInput
from fairouz_site.params import parse, whole_number

PAGE_SIZE, MAX_PAGE_SIZE = 24, 100


class PageParams(forms.Form):
    page = whole_number("page", 1, 1_000_000, default=1, help_text="Number of the page, from 1.")
    page_size = whole_number("page_size", 1, MAX_PAGE_SIZE, default=PAGE_SIZE, help_text="Results on a page.")


def paginate(queryset: QuerySet[Any] | Sequence[Any], request: HttpRequest) -> Page:
    """The page of `queryset` that the query string asks for; raise InvalidInput beyond the last."""
    values = parse(PageParams, request.GET)
    paginator: Paginator = Paginator(queryset, values["page_size"])
    try:
        return paginator.page(values["page"])
    except EmptyPage:
        raise InvalidInput.of("page", f"page must be a whole number from 1 to {paginator.num_pages}.") from None


def page_address(request: HttpRequest, number: int) -> str:
    """The address of this list at page `number`, all other parameters kept."""
    query = request.GET.copy()
    query["page"] = str(number)
    return f"{request.path}?{query.urlencode()}"


def page_shape(page: Page, request: HttpRequest, shape: Callable[[Any], Any]) -> dict[str, Any]:
    """The API's list: count, next, previous, results."""

    def link(number: int) -> str:
        return request.build_absolute_uri(page_address(request, number))

    return {
        "count": page.paginator.count,
        "next": link(page.next_page_number()) if page.has_next() else None,
        "previous": link(page.previous_page_number()) if page.has_previous() else None,
        "results": [shape(item) for item in page.object_list],
    }


class Stretch(Sequence[Any]):
    """A ranked list of which only one stretch was looked up: enough for a Paginator that asks for that stretch."""

    def __init__(self, total: int, start: int, items: Sequence[Any]) -> None:
        self.total, self.start, self.items = total, start, items

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, place: Any) -> Any:
        if isinstance(place, slice):
            return self.items[place.start - self.start : place.stop - self.start]
        return self.items[place - self.start]


def wanted_stretch(request: HttpRequest) -> tuple[int, int]:
    """First place (from 0) and number of the results that the query string asks for."""
    values = parse(PageParams, request.GET)
    return (values["page"] - 1) * values["page_size"], values["page_size"]
