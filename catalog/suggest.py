"""Suggestions while typing: songs, artists, albums and genres whose names hold the words typed so far."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from catalog.models import Album, Artist, Genre, Song
from catalog.selectors import albums_with_counts, artists_with_counts, genres_with_counts, with_facts
from catalog.text import folded

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
    """Names that hold every word of `q`, those that start with it first."""
    words = folded(q).split()
    if not words:
        return Suggestions([], [], [], [])
    songs = Song.objects.all()
    for word in words:
        songs = songs.filter(Q(folded_title__contains=word) | Q(artists__folded_name__contains=word))
    return Suggestions(
        songs=list(with_facts(_starting_first(songs.distinct(), "folded_title", words, "public_id"))[:per_group]),
        artists=list(_named(artists_with_counts(), "folded_name", words)[:per_group]),
        albums=list(_named(albums_with_counts(), "folded_title", words)[:per_group]),
        genres=list(_named(genres_with_counts(), "folded_name", words)[:per_group]),
    )


def _named(rows: QuerySet[Any], field: str, words: list[str]) -> QuerySet[Any]:
    for word in words:
        rows = rows.filter(**{f"{field}__contains": word})
    return _starting_first(rows, field, words, "id")


def _starting_first(rows: QuerySet[Any], field: str, words: list[str], tie: str) -> QuerySet[Any]:
    starts = Case(
        When(**{f"{field}__startswith": " ".join(words)}, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return rows.annotate(starts=starts).order_by("starts", field, tie)
