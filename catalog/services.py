"""Changing the catalogue by hand: what the admin and the API call, so that every change is logged and searchable."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from catalog.changes import record
from catalog.fulltext import update_fulltext
from catalog.models import Album, Artist, Change, Genre, Lyrics, Song, Tag

BATCH = 500

Named = Album | Artist | Genre | Tag


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
    """Delete songs with all that hangs on them, their files included; returns how many."""
    doomed = list(songs)
    files = {str(file.name) for song in doomed for file in (song.cover_file, song.preview_file) if file}
    record(Change.Action.DELETED, doomed)
    for start in range(0, len(doomed), BATCH):
        Song.objects.filter(pk__in=[song.pk for song in doomed[start : start + BATCH]]).delete()
    transaction.on_commit(lambda: _delete_files(files))
    return len(doomed)


def _delete_files(names: Iterable[str]) -> None:
    """Delete media files that no song uses any more; a linked file itself stays where it is."""
    for name in names:
        if not Song.objects.filter(Q(cover_file=name) | Q(preview_file=name)).exists():
            (Path(settings.MEDIA_ROOT) / name).unlink(missing_ok=True)


@transaction.atomic
def delete_and_tell(rows: Iterable[Named | Lyrics]) -> None:
    """Delete albums, lyrics and whatever else songs refer to, and tell that those songs were changed."""
    for row in list(rows):
        songs = [row.song_id] if isinstance(row, Lyrics) else songs_of(row)
        row.delete()
        songs_changed(songs)


def songs_of(subject: Named) -> list[int]:
    """Keys of the songs whose words change when the name of `subject` does."""
    songs = set(subject.songs.values_list("pk", flat=True))
    if isinstance(subject, Artist):
        songs |= set(Song.objects.filter(album__artist=subject).values_list("pk", flat=True))
    return sorted(songs)
