"""Finding spaces: by key, by the bare name of a modality, and why a song is missing from one."""

from __future__ import annotations

from django.db import transaction

from catalog.models import Song
from fairouz_site.errors import InvalidInput
from retrieval.models import Space

ORDER = ["joint", "text", "image", "audio", "graph"]


def default_spaces() -> list[Space]:
    """The default space of each modality that has one: joint, text, image, audio, graph."""
    return sorted(Space.objects.filter(is_default=True), key=lambda space: ORDER.index(space.modality))


def all_spaces() -> list[Space]:
    """Every space, defaults first within their modality."""
    return sorted(Space.objects.all(), key=lambda s: (ORDER.index(s.modality), not s.is_default, s.key))


def resolve_space(name: str = "", *, field: str = "space") -> Space:
    """The space of that key, or the default of that modality; without a name the first default (joint, if there is one).

    Raises InvalidInput naming the allowed values.
    """
    spaces = all_spaces()
    for space in spaces:
        if name == space.key or (space.is_default and name in ("", space.modality)):
            return space
    known = [s.modality for s in spaces if s.is_default] + [s.key for s in spaces]
    if not known:
        raise InvalidInput.of(field, "There is no space yet: import or ingest songs first.")
    raise InvalidInput.of(field, f"There is no space “{name[:60]}”; choose one of {', '.join(known)}.")


def missing_reason(song: Song, space: Space) -> str:
    """Why `song` has no vector in `space`, in a few words."""
    lyrics = getattr(song, "lyrics", None)
    lacks = {
        "text": not (lyrics and (lyrics.text or lyrics.summary)),
        "image": not (song.cover_file or song.cover_url),
        "audio": not (song.preview_file or song.preview_url),
    }
    if lacks.get(space.modality):
        return {"text": "no lyrics", "image": "no cover", "audio": "no sound"}[space.modality]
    return {"graph": "not in the graph", "joint": "not in the joint space"}.get(space.modality, "not encoded yet")


def make_default(space: Space) -> None:
    """Let `space` answer to the bare name of its modality, instead of the space that did."""
    with transaction.atomic():
        Space.objects.filter(modality=space.modality, is_default=True).exclude(pk=space.pk).update(is_default=False)
        Space.objects.filter(pk=space.pk).update(is_default=True)
