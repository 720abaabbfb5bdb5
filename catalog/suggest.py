"""Suggestions while typing: songs, artists, albums and genres whose names hold the words typed so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Case, IntegerField, QuerySet, Value, When

from catalog.fulltext import songs_named
from catalog.models import Album, Artist, Genre, Song
from catalog.selectors import albums_with_counts, artists_with_counts, genres_with_counts, songs_by_key
from catalog.text import words

PER_GROUP = 5


class SuggestParams(forms.Form):
    q = forms.CharField(required=False, max_length=200, help_text="What has been typed so far.")


@dataclass(frozen=True)
class Suggestions:
    """Songs come with all that tells songs of the same title apart: artist, album and cover."""

    songs: list[Song]
    artists: list[Artist]
    albums: list[Album]
    genres: list[Genre]

    def __bool__(self) -> bool:
        return bool(self.songs or self.artists or self.albums or self.genres)


def suggestions(q: str, per_group: int = PER_GROUP) -> Suggestions:
    """Names of which every word of `q` begins a word, those that begin with it first."""
    typed = words(q)
    if not typed:
        return Suggestions([], [], [], [])
    return Suggestions(
        songs=_songs(typed, per_group),
        artists=list(_named(artists_with_counts(), "folded_name", typed)[:per_group]),
        albums=list(_named(albums_with_counts(), "folded_title", typed)[:per_group]),
        genres=list(_named(genres_with_counts(), "folded_name", typed)[:per_group]),
    )


def _songs(typed: list[str], count: int) -> list[Song]:
    """Songs by full text, so that a long catalogue answers as fast as a short one."""
    starting = Song.objects.filter(folded_title__startswith=" ".join(typed)).values_list("pk", flat=True)[:count]
    keys = list(dict.fromkeys([*starting, *songs_named(typed, 4 * count, typing=True)]))[:count]
    songs = songs_by_key(keys)
    return [songs[key] for key in keys if key in songs]


def _named(rows: QuerySet[Any], field: str, typed: list[str]) -> QuerySet[Any]:
    for word in typed:
        rows = rows.filter(**{f"{field}__contains": word})
    return _starting_first(rows, field, typed, "id")


def _starting_first(rows: QuerySet[Any], field: str, typed: list[str], tie: str) -> QuerySet[Any]:
    starts = Case(
        When(**{f"{field}__startswith": " ".join(typed)}, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return rows.annotate(starts=starts).order_by("starts", field, tie)
