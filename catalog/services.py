"""Changing the catalogue by hand: what the admin and the API call, so that every change is logged and searchable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import QuerySet

from catalog.changes import record
from catalog.fulltext import update_fulltext
from catalog.models import Album, Artist, Change, Genre, Song, Tag

BATCH = 500


@transaction.atomic
def songs_changed(keys: Sequence[int], *, created: bool = False) -> None:
    """Tell full text, and through the log everything else, that these songs were changed."""
    action = Change.Action.CREATED if created else Change.Action.UPDATED
    for start in range(0, len(keys), BATCH):
        batch = list(keys[start : start + BATCH])
        update_fulltext(batch)
        record(action, Song.objects.filter(pk__in=batch).only("public_id"))


@transaction.atomic
def delete_songs(songs: QuerySet[Song] | Iterable[Song]) -> int:
    """Delete songs with all that hangs on them; returns how many."""
    doomed = list(songs)
    record(Change.Action.DELETED, doomed)
    for start in range(0, len(doomed), BATCH):
        Song.objects.filter(pk__in=[song.pk for song in doomed[start : start + BATCH]]).delete()
    return len(doomed)


def songs_of(subject: Artist | Album | Genre | Tag) -> list[int]:
    """Keys of the songs whose words change when the name of `subject` does."""
    songs = set(subject.songs.values_list("pk", flat=True))
    if isinstance(subject, Artist):
        songs |= set(Song.objects.filter(album__artist=subject).values_list("pk", flat=True))
    return sorted(songs)
