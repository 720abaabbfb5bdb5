"""The log of changes: the one way in which other apps learn that the catalogue moved."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection
from django.db.models import Max

from catalog.models import Change, Song

LOG_LOCK = 0xFA1  # any number that nothing else locks


def record(action: Change.Action, songs: Iterable[Song]) -> None:
    """Add one Change per song; call it inside the transaction that changes them."""
    _in_turn()
    Change.objects.bulk_create(
        (Change(action=action, song_key=song.pk, public_id=song.public_id) for song in songs), batch_size=2000
    )


def _in_turn() -> None:
    """Let changes become visible in the order of their numbers, for whoever reads on from the last one seen.

    SQLite has one writer at a time anyway; PostgreSQL's writers wait here for each other until they commit.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOG_LOCK])


def latest_change() -> int:
    """Number of the newest change (0 for none): a revision of the whole catalogue."""
    return Change.objects.aggregate(newest=Max("id"))["newest"] or 0
