"""Clusters with names that last, centroids among their members, analogies."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.clustering import analogy, centroid, centroids, hdbscan, k_means, nearest_centroids
from retrieval.joint.evidence import Evidence
from retrieval.joint.fit import fit_vectors
from tests.joint.conftest import CIRCLES, QUICK

GROUPS = 8


@pytest.fixture(scope="module")
def vectors(library: Evidence) -> np.ndarray:
    """Eight groups far apart, of 12 songs each; song i is in group i % 8."""
    rng = np.random.default_rng(0)
    places = np.eye(GROUPS)[np.arange(len(library)) % GROUPS]
    return (10 * places + rng.standard_normal(places.shape)).astype(np.float32)


def test_k_means_finds_the_groups_and_names_them_whatever_the_seed(vectors: np.ndarray, library: Evidence) -> None:
    one, other = (k_means(vectors, library.ids, GROUPS, seed=seed) for seed in (0, 7))
    assert set(one.names) == set(other.names)
    for label in range(GROUPS):
        assert len({row % GROUPS for row in np.flatnonzero(one.labels == label)}) == 1


def test_names_follow_the_songs_and_not_their_order(vectors: np.ndarray, library: Evidence) -> None:
    order = np.random.default_rng(0).permutation(len(vectors))
    straight = k_means(vectors, library.ids, GROUPS)
    turned = k_means(vectors[order], [library.ids[row] for row in order], GROUPS)
    assert set(straight.names) == set(turned.names)


def test_the_joint_space_has_the_circles_as_its_clusters(library: Evidence, circle: list[str]) -> None:
    clusters = k_means(fit_vectors(library, QUICK), library.ids, CIRCLES)
    assert purity(clusters.labels.tolist(), circle) > 0.8


def purity(labels: list[int], circle: list[str]) -> float:
    """Share of songs in a cluster whose commonest circle is their own."""
    together = Counter(zip(labels, circle, strict=True))
    return sum(max(n for (label, _), n in together.items() if label == one) for one in set(labels)) / len(labels)


def test_clusters_are_numbered_by_size_and_named_after_a_member(vectors: np.ndarray, library: Evidence) -> None:
    clusters = k_means(vectors, library.ids, 5)
    sizes = np.bincount(clusters.labels).tolist()
    assert sizes == sorted(sizes, reverse=True)
    for number, name in enumerate(clusters.names):
        assert clusters.labels[library.ids.index(name)] == number
        assert np.allclose(clusters.centroids[number], vectors[clusters.labels == number].mean(0), atol=1e-5)


def test_hdbscan_leaves_stragglers_out() -> None:
    rng = np.random.default_rng(0)
    groups = np.concatenate([rng.normal(place, 0.1, (30, 2)) for place in (0, 5)] + [rng.uniform(-20, 20, (12, 2))])
    clusters = hdbscan(groups.astype(np.float32), [str(row) for row in range(72)], min_size=10)
    assert len(clusters.names) == 2
    assert (clusters.labels[60:] == -1).mean() > 0.5
    assert len({*clusters.labels[:30]} - {-1}) == len({*clusters.labels[30:60]} - {-1}) == 1


@given(st.integers(0, 1000), st.integers(1, 20))
def test_a_centroid_lies_at_its_members_length_in_their_mean_direction(seed: int, songs: int) -> None:
    vectors = (np.random.default_rng(seed).standard_normal((songs, 6)) + 1).astype(np.float32)
    middle, mean = centroid(vectors), vectors.mean(0)
    assert np.linalg.norm(middle) == pytest.approx(np.linalg.norm(vectors, axis=1).mean(), rel=1e-4)
    assert middle @ mean / np.linalg.norm(middle) / np.linalg.norm(mean) == pytest.approx(1, abs=1e-4)


def test_centroids_by_group_count_a_song_once_in_each_of_its_groups() -> None:
    vectors = np.array([[1, 0], [0, 1], [1, 0]], np.float32)
    found = centroids(vectors, [["rock", "rock"], ["pop"], ["pop", "rock"]])
    assert list(found) == ["pop", "rock"]
    assert found["rock"].tolist() == [1, 0]
    assert nearest_centroids(np.array([1, 0], np.float32), found, 1) == [("rock", 0.0)]


def test_an_analogy_completes_the_parallelogram_at_the_start_s_length() -> None:
    king, man, woman = (np.array(v, np.float32) for v in ([3, 4], [3, 0], [0, 3]))
    queen = analogy(king, man, woman)
    assert np.linalg.norm(queen) == pytest.approx(5, rel=1e-5)
    assert queen[0] == pytest.approx(0, abs=1e-6)
    assert np.array_equal(analogy(king, man, man), king)


def test_bad_questions_are_refused() -> None:
    vectors, ids = np.eye(4, dtype=np.float32), list("abcd")
    for clusters in (0, 5):
        with pytest.raises(ValueError, match="clusters"):
            k_means(vectors, ids, clusters)
    with pytest.raises(ValueError, match="min_size"):
        hdbscan(vectors, ids, 1)
    with pytest.raises(ValueError, match="vectors"):
        k_means(vectors, ids[:2], 2)
    with pytest.raises(ValueError, match="finite"):
        k_means(vectors * np.nan, ids, 2)
    with pytest.raises(ValueError, match="centroid"):
        centroid(vectors[:0])
    with pytest.raises(ValueError, match="groups"):
        centroids(vectors, [["a"]])
    with pytest.raises(ValueError, match="cancel"):
        analogy(vectors[0], vectors[0], 0 * vectors[0])
    with pytest.raises(ValueError, match="k:"):
        nearest_centroids(vectors[0], {}, 0)
