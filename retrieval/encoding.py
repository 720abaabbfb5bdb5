"""Encoding songs: raw material in, vectors in a space out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.conf import settings
from django.db import transaction

from catalog.changes import record
from catalog.drafts import RowError
from catalog.media import MediaError
from catalog.models import Change, Song
from catalog.selectors import with_facts
from fairouz_site.errors import InvalidInput
from fairouz_site.registry import PluginFailed, UnknownPlugin, registry
from retrieval.encoders.base import EncoderUnavailable
from retrieval.index.store import index_store
from retrieval.material import NoMaterial, encode_documents, material
from retrieval.models import Space, Vector
from retrieval.vectors import write_vectors

BATCH = 64
Progress = Callable[[int, int], None]


@dataclass
class EncodeReport:
    """How many songs got a vector, how many have nothing to encode, and which files could not be read."""

    space: str
    encoded: int = 0
    lacking: int = 0
    failed: list[RowError] = field(default_factory=list)


def encoder_for(key: str) -> Any:
    """The encoder plugin of a space; raise InvalidInput when there is none that works."""
    try:
        return registry("encoder").get(key)
    except (UnknownPlugin, PluginFailed) as error:
        raise InvalidInput.of("space", str(error)) from None


def encode_space(key: str, *, only_missing: bool = False, progress: Progress | None = None) -> EncodeReport:
    """Encode the catalogue into the space `key` with the encoder of that name.

    With `only_missing` the space grows by the songs that it lacks. Otherwise every song is encoded anew, aside, and the
    space is switched over when the last one is done; after an interruption the same call goes on where it stopped.
    """
    encoder = encoder_for(key)
    space = Space.objects.filter(key=key).first()
    if space is not None and not only_missing:
        target = _staging(space, encoder)
    else:
        target = space or _new_space(encoder)
        _check_revision(target, encoder)
    report = _fill(target, encoder, progress)
    if target.staging and space is not None:
        target = _switch(space, target)
    index_store().build(target)
    return report


def encode_songs(songs: Sequence[Song], encoder: Any, space: Space) -> tuple[int, list[RowError]]:
    """Encode these songs (with facts and lyrics) into `space`; returns how many got a vector, and what failed.

    Songs without material are passed over.
    """
    if encoder.takes == "edges":
        found, vectors = list(songs), encoder.encode_songs(songs)
        failed: list[RowError] = []
    else:
        found, items, failed = _materials(songs, encoder.takes)
        vectors = encode_documents(items, encoder.encode) if encoder.takes == "words" else encoder.encode(items)
    with transaction.atomic():
        write_vectors(space, {song.pk: row for row, song in enumerate(found)}, vectors, encoder.revision)
    return len(found), failed


def encode_everywhere(songs: Sequence[Song]) -> dict[str, str]:
    """Encode new songs (with facts and lyrics) into every space that an encoder here can add to, at once.

    The spaces of the default encoders are made if need be. Returns by space why it was not possible.
    """
    troubles = {}
    for key in settings.DEFAULT_ENCODERS:
        if not Space.objects.filter(key=key).exists():
            try:
                _new_space(encoder_for(key))
            except InvalidInput as error:
                troubles[key] = str(error)
    for space in Space.objects.filter(key__in=registry("encoder").keys()):
        try:
            encoder = encoder_for(space.key)
            _check_revision(space, encoder)
            failed = encode_songs(songs, encoder, space)[1]
        except (InvalidInput, EncoderUnavailable) as error:
            troubles[space.key] = str(error)
            continue
        if failed:
            troubles[space.key] = " ".join(error.sentence for error in failed)
    return troubles


def _materials(songs: Sequence[Song], takes: str) -> tuple[list[Song], list[Any], list[RowError]]:
    found, items, failed = [], [], []
    for song in songs:
        try:
            items.append(material(song, takes))
            found.append(song)
        except NoMaterial:
            continue
        except MediaError as error:
            failed.append(RowError(song.public_id, str(error)))
    return found, items, failed


def _new_space(encoder: Any, *, staging: bool = False) -> Space:
    taken = Space.objects.filter(modality=encoder.modality, is_default=True).exists()
    return Space.objects.create(
        key=f"{encoder.key}~next" if staging else encoder.key,
        label=encoder.modality.capitalize() if not taken else encoder.key,
        modality=encoder.modality,
        dimension=encoder.dim,
        encoder=encoder.key,
        revision=encoder.revision,
        is_default=not taken and not staging,
        staging=staging,
    )


def _staging(space: Space, encoder: Any) -> Space:
    """The space being filled to replace `space`: the one an interrupted run left, if it is of the same revision."""
    left = Space.everything.filter(key=f"{space.key}~next").first()
    if left is not None and left.revision == encoder.revision:
        return left
    if left is not None:
        left.delete()
    return _new_space(encoder, staging=True)


def _check_revision(space: Space, encoder: Any) -> None:
    if space.revision not in (encoder.revision, "published") or space.dimension != encoder.dim:
        raise InvalidInput.of(
            "space",
            f"{space.key} was encoded with revision {space.revision}, the encoder is now {encoder.revision}: "
            "encode it anew, without --only-missing.",
        )


def _fill(space: Space, encoder: Any, progress: Progress | None) -> EncodeReport:
    report = EncodeReport(space.key.removesuffix("~next"))
    keys = list(
        Song.objects.exclude(pk__in=Vector.objects.filter(space=space).values("song"))
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    size = max(len(keys), 1) if encoder.takes == "edges" else BATCH
    for start in range(0, len(keys), size):
        songs = list(with_facts(Song.objects.filter(pk__in=keys[start : start + size])).select_related("lyrics"))
        encoded, failed = encode_songs(songs, encoder, space)
        report.encoded += encoded
        report.failed += failed
        report.lacking += len(songs) - encoded - len(failed)
        if progress:
            progress(min(start + size, len(keys)), len(keys))
    return report


@transaction.atomic
def _switch(space: Space, staging: Space) -> Space:
    """Give the space the vectors, dimension and revision of the staging one, which is gone afterwards."""
    songs = Song.objects.filter(vectors__space__in=[space, staging]).distinct().only("public_id")
    record(Change.Action.ENCODED, list(songs))
    Vector.objects.filter(space=space).delete()
    Vector.objects.filter(space=staging).update(space=space)
    space.dimension, space.revision, space.encoder = staging.dimension, staging.revision, staging.encoder
    space.save()
    staging.delete()
    return space


def all_vectors(space: Space) -> tuple[np.ndarray, np.ndarray]:
    """Every vector of a space: song keys int64 (n,), ascending, and float32 (n, dim)."""
    index = index_store().get(space)
    return index.vectors(index.ids())
