"""The log of changes: the one way in which other apps learn that the catalogue moved."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Max

from catalog.models import Change, Song


def record(action: Change.Action, songs: Iterable[Song]) -> None:
    """Add one Change per song; call it inside the transaction that changes them."""
    Change.objects.bulk_create(
        (Change(action=action, song_key=song.pk, public_id=song.public_id) for song in songs), batch_size=2000
    )


def latest_change() -> int:
    """Number of the newest change (0 for none): a revision of the whole catalogue."""
    return Change.objects.aggregate(newest=Max("id"))["newest"] or 0
