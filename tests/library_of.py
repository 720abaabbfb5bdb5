"""Small catalogues: as drafts stored through the site's own door, and as release folders on disk."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from catalog.drafts import SongDraft, SpaceDraft
from catalog.models import Song
from catalog.store import store_songs
from retrieval.models import Space
from retrieval.vectors import store_space

STEMS = {"fairouz": 8, "text": 6, "image": 5, "audio": 4, "graph": 3}


def draft(public_id: str, **fields: Any) -> SongDraft:
    return SongDraft(
        **{"public_id": public_id, "title": f"Title {public_id}", "artists": (f"Artist {public_id}",), **fields}
    )


def song(public_id: str, **fields: Any) -> Song:
    """Store one song and return it."""
    store_songs([draft(public_id, **fields)])
    return Song.objects.get(public_id=public_id)


def give_vectors(vectors: Mapping[str, Sequence[float]], key: str = "joint.test", revision: str = "1") -> Space:
    """Store these vectors by public id; the first space of a modality is its default."""
    modality, encoder = key.split(".")
    drafted = SpaceDraft(
        key, key, modality, encoder, revision, tuple(vectors), np.array(list(vectors.values()), dtype=np.float32)
    )
    keys = dict(Song.objects.values_list("public_id", "pk"))
    return store_space(drafted, keys, make_default=True)[0]


def library_of(vectors: Mapping[str, Sequence[float]], key: str = "joint.test") -> Space:
    """Songs with just these public ids and vectors."""
    store_songs([draft(public_id) for public_id in vectors])
    return give_vectors(vectors, key)


def random_library(count: int, *modalities: str, seed: int = 7) -> list[str]:
    """`count` songs with random vectors in a space of each modality; returns their public ids."""
    ids = [f"s{number:04d}" for number in range(count)]
    random = np.random.default_rng(seed)
    store_songs([draft(public_id, genres=("Rock",)) for public_id in ids])
    for modality in modalities:
        give_vectors(dict(zip(ids, random.standard_normal((count, 6)), strict=True)), f"{modality}.test")
    return ids


def track(**fields: Any) -> dict[str, Any]:
    """An entry of tracks.json."""
    lyrics = {"lyrics": "la la\nla", "summary": "About la.", "context": ["sea"], "emotional": ["joy"]}
    return {
        "track_title": "A title",
        "artist_name": "An artist",
        "album_name": "An album",
        "deezer_id": 12,
        "discogs_id": 34,
        "image": "https://pictures.example/1.jpg",
        "preview_url": "https://sounds.example/1.mp3",
        "genres": ["Pop"],
        "lyrics": lyrics,
        **fields,
    }


def write_release(folder: Path, tracks: Mapping[str, Any], *, dimensions: Mapping[str, int] | None = None) -> Path:
    """A release folder of the published layout with random vectors, audio as float64."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(3)
    write_json(folder / "tracks.json", tracks)
    write_json(folder / "id_to_track_mapping.json", {str(row): public_id for row, public_id in enumerate(tracks)})
    for stem, dimension in {**STEMS, **(dimensions or {})}.items():
        kind = np.float64 if stem == "audio" else np.float32
        np.save(folder / f"{stem}_np.npy", random.standard_normal((len(tracks), dimension)).astype(kind))
    return folder


def write_json(path: Path, content: Any) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")
