"""The joint space of the catalogue: bound from its modality spaces, published as a revision, grown by new songs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import transaction

from catalog.changes import record
from catalog.models import Change, Song, SongArtist
from fairouz_site.errors import InvalidInput
from retrieval.index.store import index_store
from retrieval.joint.evidence import Evidence
from retrieval.joint.fit import fit
from retrieval.joint.model import DamagedModel, JointModel
from retrieval.joint.settings import Settings
from retrieval.models import Space, Vector
from retrieval.spaces import default_spaces
from retrieval.vectors import write_vectors

KEY, LABEL = "joint.fairouz", "Joint"
Progress = Callable[[int, int, float, Mapping[str, float]], None]


def bind(
    fit_settings: Settings | None = None, *, measure: bool = True, progress: Progress | None = None
) -> tuple[Space, JointModel]:
    """Fit the joint space from the default space of each modality, publish it and make it the default.

    With `measure` a tenth of the artists is first held out and found again, and the card says how well. Raises
    InvalidInput when there is too little to bind.
    """
    spaces = [space for space in default_spaces() if space.modality != Space.Modality.JOINT]
    if not spaces:
        raise InvalidInput.of("space", "There is nothing to bind: no modality has a space yet.")
    evidence = evidence_of(spaces)
    if len(evidence) < 3:
        raise InvalidInput.of("space", f"A joint space needs at least 3 songs with vectors; there are {len(evidence)}.")
    groups = _main_artists(evidence.ids) if measure else None
    model = fit(evidence, fit_settings, groups=groups, progress=progress)
    model.card["spaces"] = {space.modality: space.key for space in spaces}
    revision = f"{evidence.digest()[:8]}-{model.settings.seed}"
    model.save(model_file(revision))
    return publish(revision), model


def publish(revision: str) -> Space:
    """Make the joint space just what the model of this revision holds, in one transaction, and index it."""
    model = load(revision)
    with transaction.atomic():
        Space.objects.filter(modality=Space.Modality.JOINT, is_default=True).update(is_default=False)
        space, _ = Space.objects.update_or_create(
            key=KEY,
            defaults={
                "label": LABEL,
                "modality": Space.Modality.JOINT,
                "dimension": model.vectors.shape[1],
                "encoder": "bind",
                "revision": revision,
                "is_default": True,
                "figures": {},
            },
        )
        keys = dict(Song.objects.values_list("public_id", "pk").iterator())
        rows = {keys[name]: row for row, name in enumerate(model.ids) if name in keys}
        _forget_others(space, rows)
        write_vectors(space, rows, model.vectors, revision)
    late = Song.objects.exclude(pk__in=rows).filter(vectors__isnull=False).distinct()
    place_songs(list(late))
    index_store().build(space)
    return space


def revisions() -> list[str]:
    """All models kept, oldest first."""
    files = sorted(_folder().glob("*.npz"), key=lambda file: file.stat().st_mtime)
    return [file.stem for file in files]


def load(revision: str) -> JointModel:
    """The model of a revision; raise InvalidInput when there is none or it is damaged."""
    try:
        return _loaded(model_file(revision), model_file(revision).stat().st_mtime_ns)
    except FileNotFoundError:
        known = ", ".join(revisions()) or "none"
        raise InvalidInput.of(
            "revision", f"There is no joint space of revision “{revision[:60]}”; kept: {known}."
        ) from None
    except DamagedModel as error:
        raise InvalidInput.of("revision", str(error)) from None


def place_songs(songs: Sequence[Song]) -> int:
    """Fold songs into the current joint space from the vectors they have; returns how many could be placed."""
    space = Space.objects.filter(key=KEY).first()
    if space is None or not songs or not model_file(space.revision).exists():
        return 0
    model = load(space.revision)
    evidence = _evidence(model.card["spaces"], [song.pk for song in songs])
    if evidence is None:
        return 0
    keys = {song.public_id: song.pk for song in songs}
    with transaction.atomic():
        rows = {keys[name]: row for row, name in enumerate(evidence.ids)}
        write_vectors(space, rows, model.fold_in_many(evidence), space.revision)
    return len(evidence)


def evidence_of(spaces: Sequence[Space]) -> Evidence:
    """All vectors of these spaces, aligned by public id."""
    return _evidence({space.modality: space.key for space in spaces}) or Evidence((), {}, {})


def _evidence(spaces: Mapping[str, str], songs: Sequence[int] | None = None) -> Evidence | None:
    """Vectors by modality of all songs or of these, or None when there is none."""
    found = {}
    for modality, key in spaces.items():
        rows = Vector.objects.filter(space__key=key)
        if songs is not None:
            rows = rows.filter(song__in=songs)
        pairs = list(rows.order_by("song__public_id").values_list("song__public_id", "data").iterator())
        if pairs:
            found[modality] = [name for name, _ in pairs], np.stack([np.frombuffer(data, "<f4") for _, data in pairs])
    return Evidence.from_spaces(found) if found else None


def _forget_others(space: Space, keep: Mapping[int, int]) -> None:
    gone = [key for key in Vector.objects.filter(space=space).values_list("song_id", flat=True) if key not in keep]
    Vector.objects.filter(space=space, song__in=gone).delete()
    record(Change.Action.ENCODED, Song.objects.filter(pk__in=gone).only("public_id"))


def _main_artists(public_ids: Sequence[str]) -> list[str]:
    """The first artist of each song."""
    links = SongArtist.objects.order_by("-position", "-id").values_list("song__public_id", "artist__name")
    first = dict(links.iterator())
    return [first.get(name, name) for name in public_ids]


def _folder() -> Path:
    return settings.FAIROUZ_VAR / "models" / KEY


def model_file(revision: str) -> Path:
    if not revision.replace("-", "").isalnum():
        raise InvalidInput.of("revision", "A revision is made of letters, digits and dashes.")
    return _folder() / f"{revision}.npz"


@lru_cache(maxsize=2)
def _loaded(file: Path, modified: int) -> JointModel:
    return JointModel.load(file)
