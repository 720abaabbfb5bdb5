"""Libraries to bind: a small one whose answer is known because it was planted, and the published release."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from retrieval.joint.evidence import Evidence
from retrieval.joint.settings import Settings
from retrieval.quality.truth import Truth
from tests.release import Release

SONGS, CIRCLES = 96, 8
QUICK = Settings(dimension=16, steps=60, new_steps=60)


def planted(seed: int = 0, songs: int = SONGS) -> Evidence:
    """Songs in 8 circles, `songs` / 8 each: every modality sees the same circles, each through its own random map.

    A quarter of the songs lack text.
    """
    rng = np.random.default_rng(seed)
    centre = rng.standard_normal((CIRCLES, 6)) * 3
    inner = centre[np.arange(songs) % CIRCLES] + rng.standard_normal((songs, 6))
    spaces = {}
    for modality, dimension in (("audio", 10), ("graph", 12), ("text", 20)):
        seen = inner @ rng.standard_normal((6, dimension)) + rng.standard_normal((songs, dimension))
        known = np.arange(songs) if modality != "text" else np.flatnonzero(np.arange(songs) % 4 != 3)
        spaces[modality] = ([f"id{row:04d}" for row in known], seen[known])
    return Evidence.from_spaces(spaces)


@pytest.fixture(scope="session")
def library() -> Evidence:
    return planted()


@pytest.fixture(scope="session")
def circle() -> list[str]:
    """The circle that each song of `library` belongs to."""
    return [str(row % CIRCLES) for row in range(SONGS)]


@pytest.fixture(scope="session")
def release_evidence(published: Release) -> Evidence:
    spaces = {name: published.space(name) for name in ("audio", "graph", "image", "text")}
    return Evidence.from_spaces({name: (space.ids, space.matrix) for name, space in spaces.items()})


@pytest.fixture(scope="session")
def release_truth(published: Release, release_folder: Path, release_evidence: Evidence) -> Truth:
    pairs = json.loads((release_folder / "positives_and_negatives.json").read_text(encoding="utf-8"))
    return Truth.of(
        release_evidence,
        {song: facts["artist_name"] for song, facts in published.tracks.items()},
        {song: facts["genres"] for song, facts in published.tracks.items()},
        {song: lists["positives"] for song, lists in pairs.items()},
    )


def scattered(votes: Any, seed: int = 0) -> Any:
    """As many votes of the same weights, each for a song drawn at random: nothing is left to learn."""
    chosen = np.random.default_rng(seed).integers(0, votes.shape[1], votes.nnz)
    return csr_matrix((votes.data, chosen, votes.indptr), shape=votes.shape)
