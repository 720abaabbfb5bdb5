"""Writing spaces and vectors: the only door through which a vector enters the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from django.db import transaction

from catalog.changes import record
from catalog.drafts import SpaceDraft
from catalog.models import Change, Song
from retrieval.index.base import InvalidVectors, checked_vectors
from retrieval.index.store import index_store
from retrieval.models import Space, Vector
from retrieval.spaces import make_default as set_default

CHUNK = 2000


@transaction.atomic
def store_space(draft: SpaceDraft, songs: Mapping[str, int], *, make_default: bool) -> tuple[Space, int]:
    """Create or update a space and its vectors; `songs` maps public ids to song keys (others are left out).

    Returns the space and the number of vectors that were new or different. Vectors of songs that the draft does not
    name stay as they are. With `make_default` a space that is new answers to its modality's bare name from now on.
    Raises InvalidVectors when the dimension is not that of the existing space.
    """
    vectors = checked_vectors(draft.vectors)
    space, created = Space.objects.get_or_create(
        key=draft.key,
        defaults={
            "label": draft.label,
            "modality": draft.modality,
            "dimension": vectors.shape[1],
            "encoder": draft.encoder,
            "revision": draft.revision,
        },
    )
    if space.dimension != vectors.shape[1]:
        raise InvalidVectors(f"{space.key} has {space.dimension} dimensions; vectors of {vectors.shape[1]} were given.")
    if make_default and created:
        set_default(space)
        space.refresh_from_db()
    rows = {songs[public_id]: row for row, public_id in enumerate(draft.public_ids) if public_id in songs}
    return space, write_vectors(space, rows, vectors, draft.revision)


def write_vectors(space: Space, rows: Mapping[int, int], vectors: np.ndarray, revision: str) -> int:
    """Write vectors[row] for each song key → row that differs from what is stored; log those songs as encoded.

    Returns how many were written. Call it inside a transaction.
    """
    stored = _stored(space, rows)
    little_endian = checked_vectors(vectors, space.dimension).astype("<f4", copy=False) if len(rows) else vectors
    changed = [
        Vector(space=space, song_id=song, data=data, revision=revision)
        for song, row in rows.items()
        if stored.get(song) != (data := little_endian[row].tobytes())
    ]
    Vector.objects.bulk_create(
        changed,
        batch_size=500,
        update_conflicts=True,
        unique_fields=["space", "song"],
        update_fields=["data", "revision"],
    )
    keys = [vector.song_id for vector in changed]
    for start in range(0, len(keys), CHUNK):
        songs = Song.objects.filter(pk__in=keys[start : start + CHUNK]).only("public_id")
        record(Change.Action.ENCODED, songs)
    return len(changed)


def _stored(space: Space, songs: Iterable[int]) -> dict[int, bytes]:
    """The bytes now stored for these songs, where there are any."""
    keys = list(songs)
    stored: dict[int, bytes] = {}
    for start in range(0, len(keys), CHUNK):
        rows = Vector.objects.filter(space=space, song__in=keys[start : start + CHUNK]).values_list("song_id", "data")
        stored |= {song: bytes(data) for song, data in rows}
    return stored


def delete_space(space: Space) -> None:
    """Delete a space with its vectors and its index."""
    space.delete()
    index_store().drop(space.key)
