"""Filters over songs: one FilterSet for pages and API."""

from __future__ import annotations

from typing import Any

import django_filters
import numpy as np
from django import forms
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.http import QueryDict

from catalog.models import Genre, Song, SongArtist
from catalog.text import folded
from fairouz_site.errors import InvalidInput
from fairouz_site.params import checked

# More words or genres than anybody means; each costs the database a join.
MANY = 10

SORTS = {
    "title": ("title", ("folded_title", "public_id")),
    "artist": ("artist", ("main_artist", "folded_title", "public_id")),
    "newest": ("newest first", ("-created_at", "public_id")),
    "year": ("oldest year first", ("year", "folded_title", "public_id")),
    "-year": ("latest year first", ("-year", "folded_title", "public_id")),
}
FACETS = ("genre", "artist", "album", "tag", "year_min", "year_max", "has_lyrics", "has_cover", "has_preview")


class WholeNumberFilter(django_filters.NumberFilter):
    field_class = forms.IntegerField


class YearFilter(WholeNumberFilter):
    def __init__(self, name: str, lookup: str, help_text: str) -> None:
        sentence = f"{name} must be a year from 1 to 2200."
        messages = dict.fromkeys(("invalid", "min_value", "max_value"), sentence)
        super().__init__(
            field_name="year",
            lookup_expr=lookup,
            min_value=1,
            max_value=2200,
            help_text=help_text,
            error_messages=messages,
        )


class YesNoField(forms.NullBooleanField):
    """true or false, also as 1 or 0; anything else is an error, not “unknown”."""

    widget = forms.Select(choices=[("", "any"), ("true", "yes"), ("false", "no")])

    def __init__(self, *args: Any, name: str = "", **kwargs: Any) -> None:
        self.name = name
        super().__init__(*args, **kwargs)

    def clean(self, value: Any) -> bool | None:
        known = {None: None, "": None, "true": True, "1": True, "false": False, "0": False}
        if value not in known:
            raise forms.ValidationError(f"{self.name} must be true or false.")
        return known[value]


class YesNoFilter(django_filters.Filter):
    field_class = YesNoField

    def __init__(self, name: str, condition: Q, help_text: str) -> None:
        self.condition = condition
        super().__init__(name=name, help_text=help_text)

    def filter(self, songs: QuerySet[Song], value: bool | None) -> QuerySet[Song]:
        if value is None:
            return songs
        return songs.filter(self.condition) if value else songs.exclude(self.condition)


class GenresField(django_filters.fields.ModelMultipleChoiceField):
    """Genres by name; a form's empty choice is none."""

    def clean(self, value: Any) -> Any:
        return super().clean([name for name in value or [] if name])


class GenresFilter(django_filters.ModelMultipleChoiceFilter):
    field_class = GenresField


class SongFilter(django_filters.FilterSet):
    """Which songs: every condition given must hold; several genres or tags mean all of them."""

    q = django_filters.CharFilter(
        method="by_name", max_length=200, label="Title or artist", help_text="Part of a title or artist."
    )
    genre = GenresFilter(
        field_name="genres__name",
        queryset=Genre.objects.all(),
        to_field_name="name",
        conjoined=True,
        help_text="Name of a genre; may be repeated.",
        error_messages={"invalid_choice": "There is no genre “%(value)s”: /api/v1/genres/ lists them."},
    )
    artist = django_filters.CharFilter(method="by_artist", max_length=500, help_text="Id or exact name of an artist.")
    album = WholeNumberFilter(
        field_name="album",
        min_value=1,
        max_value=2**63 - 1,
        help_text="Id of an album.",
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), "album must be the id of an album."),
    )
    tag = django_filters.CharFilter(method="by_tag", max_length=500, help_text="A keyword or emotion.")
    year_min = YearFilter("year_min", "gte", "Earliest year.")
    year_max = YearFilter("year_max", "lte", "Latest year.")
    has_lyrics = YesNoFilter("has_lyrics", Q(lyrics__text__gt=""), "Whether the song has words.")
    has_cover = YesNoFilter(
        "has_cover", ~Q(cover_file="") | ~Q(cover_url=""), "Whether the song has a cover of its own."
    )
    has_preview = YesNoFilter("has_preview", ~Q(preview_file="") | ~Q(preview_url=""), "Whether the song has sound.")

    class Meta:
        model = Song
        fields: list[str] = []

    def by_name(self, songs: QuerySet[Song], name: str, value: str) -> QuerySet[Song]:
        typed = folded(value).split()
        if len(typed) > MANY:
            raise InvalidInput.of("q", f"q must hold at most {MANY} words.")
        for word in typed:
            songs = songs.filter(Q(folded_title__contains=word) | Q(songartist__artist__folded_name__contains=word))
        return songs.distinct()

    def by_artist(self, songs: QuerySet[Song], name: str, value: str) -> QuerySet[Song]:
        named = Q(artists__folded_name=folded(value))
        if value.isascii() and value.isdigit():
            named |= Q(artists=min(int(value), 2**63 - 1))
        return songs.filter(named).distinct()

    def by_tag(self, songs: QuerySet[Song], name: str, value: str) -> QuerySet[Song]:
        return songs.filter(tags__folded_name=folded(value)).distinct()


class SortForm(forms.Form):
    sort = forms.ChoiceField(
        required=False,
        choices=[(key, label) for key, (label, _) in SORTS.items()],
        initial="title",
        help_text="Order of the songs.",
        error_messages={"invalid_choice": f"sort must be one of {', '.join(SORTS)}."},
    )


class FacetFilter(SongFilter):
    """The same conditions for lists that are ranked by something else: there `q`, if any, is not a filter."""

    q = None


def filtered_songs(
    data: QueryDict, songs: QuerySet[Song] | None = None, *, by: type[SongFilter] = SongFilter
) -> QuerySet[Song]:
    """The songs that `data` asks for; raise InvalidInput for a value that makes no sense."""
    if len(data.getlist("genre")) > MANY:
        raise InvalidInput.of("genre", f"genre must be given at most {MANY} times.")
    filterset = by(data, Song.objects.all() if songs is None else songs)
    checked(filterset.form)
    return filterset.qs


def sorted_songs(songs: QuerySet[Song], sort: str) -> QuerySet[Song]:
    """Order `songs` by a key of SORTS; songs without a year come last."""
    if sort == "artist":
        first = SongArtist.objects.filter(song=OuterRef("pk")).order_by("position", "id")
        songs = songs.annotate(main_artist=Subquery(first.values("artist__folded_name")[:1]))
    if sort in ("year", "-year"):
        year = F("year").desc(nulls_last=True) if sort == "-year" else F("year").asc(nulls_last=True)
        return songs.order_by(year, "folded_title", "public_id")
    return songs.order_by(*SORTS[sort][1])


def allowed_songs(data: QueryDict) -> np.ndarray | None:
    """Keys of the songs that pass the filters in `data`, int64 (n,); None when no filter is given."""
    if not any(any(data.getlist(name)) for name in FACETS):
        return None
    return np.array(list(filtered_songs(data, by=FacetFilter).order_by().values_list("pk", flat=True)), dtype=np.int64)
