"""Nearest songs: as a plain scan finds them, copies left out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.joint import neighbours
from retrieval.joint.neighbours import Neighbourhood


def by_hand(vectors: np.ndarray, query: np.ndarray, k: int) -> list[float]:
    distances = np.sort(np.square(vectors.astype(np.float64) - query).sum(1))
    return distances[distances > 0][:k].tolist()


@given(st.integers(0, 10_000), st.integers(2, 40), st.integers(1, 12))
@settings(max_examples=40, deadline=None)
def test_finds_what_a_plain_scan_finds_among_many_copies(seed: int, songs: int, k: int) -> None:
    rng = np.random.default_rng(seed)
    vectors = rng.integers(0, 3, (songs, 2)).astype(np.float32)  # few places, so copies and ties abound
    rows = rng.permutation(songs).astype(np.int64) + 100
    found, distances = Neighbourhood(vectors, rows).search(vectors, k)
    for query, row in enumerate(found):
        expected = by_hand(vectors, vectors[query], k)
        assert distances[query][row >= 0].tolist() == expected
        assert (row >= 0).sum() == len(expected)
        assert len(set(row[row >= 0])) == len(expected)
        places = vectors[[np.flatnonzero(rows == r)[0] for r in row[row >= 0]]]
        assert np.square(places - vectors[query]).sum(1).tolist() == expected


def test_faiss_scan_and_links_agree_with_numpy(monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = np.random.default_rng(0).standard_normal((600, 8)).astype(np.float32)
    rows = np.arange(600)
    exact = Neighbourhood(vectors, rows).search(vectors, 9)[0]
    monkeypatch.setattr(neighbours, "NUMPY_LIMIT", 10)
    assert (Neighbourhood(vectors, rows).search(vectors, 9)[0] == exact).all()
    monkeypatch.setattr(neighbours, "SCAN_LIMIT", 10)
    linked = Neighbourhood(vectors, rows).search(vectors, 9)[0]
    assert np.mean([np.isin(a, b).mean() for a, b in zip(exact, linked, strict=True)]) > 0.98
    assert (linked == Neighbourhood(vectors, rows).search(vectors, 9)[0]).all()


def test_bad_questions_are_refused() -> None:
    search = Neighbourhood(np.eye(4, dtype=np.float32), np.arange(4)).search
    with pytest.raises(ValueError, match="k:"):
        search(np.zeros((1, 4), np.float32), 0)
    with pytest.raises(ValueError, match="queries"):
        search(np.zeros((1, 3), np.float32), 1)
    assert search(np.zeros((0, 4), np.float32), 3)[0].shape == (0, 3)
