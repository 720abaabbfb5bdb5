"""Clusters, centroids and analogies on any space, on plain arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
NOISE = -1


@dataclass(frozen=True)
class Clusters:
    """labels: (n,) cluster number of each song, -1 for none. centroids: (clusters, d) float32 means. names: stable ids.

    A cluster is named after its medoid, the song nearest to its centroid: the name survives a refit that only
    renumbers clusters, and another seed that finds the same group. Clusters are numbered by size, largest first.
    """

    labels: NDArray[np.int64]
    centroids: Floats
    names: tuple[str, ...]


def k_means(vectors: Floats, ids: Sequence[str], clusters: int, *, seed: int = 0) -> Clusters:
    """k-means (k-means++ starts, best of 10, seeded). vectors: (n, d) float32, finite.

    Raises ValueError unless 1 <= clusters <= n.
    """
    from sklearn.cluster import KMeans

    _check(vectors, ids)
    if not 1 <= clusters <= len(vectors):
        raise ValueError(f"clusters: 1 to {len(vectors)}, not {clusters}")
    return _named(KMeans(clusters, n_init=10, random_state=seed).fit_predict(vectors), vectors, ids)


def hdbscan(vectors: Floats, ids: Sequence[str], min_size: int = 5) -> Clusters:
    """HDBSCAN (Campello, Moulavi and Sander, 2013): finds the number of clusters itself, leaves stragglers out as -1.

    vectors: (n, d) float32, finite. min_size: of a cluster, at least 2. Raises ValueError otherwise.
    """
    from sklearn.cluster import HDBSCAN

    _check(vectors, ids)
    if not 2 <= min_size <= len(vectors):
        raise ValueError(f"min_size: 2 to {len(vectors)}, not {min_size}")
    return _named(HDBSCAN(min_cluster_size=min_size, copy=True).fit_predict(vectors), vectors, ids)


def centroid(vectors: Floats) -> Floats:
    """Mean (d,) of vectors (n, d), at their mean length so that it lies among them and not inside their shell."""
    if not len(vectors):
        raise ValueError("vectors: the centroid of nothing is undefined")
    mean = vectors.mean(axis=0, dtype=np.float64)
    length = np.linalg.norm(mean)
    if length < 1e-12:
        return mean.astype(np.float32)
    return (mean * (np.linalg.norm(vectors.astype(np.float64), axis=1).mean() / length)).astype(np.float32)


def centroids(vectors: Floats, groups: Sequence[Sequence[str]]) -> dict[str, Floats]:
    """Group name -> centroid (d,), names in order; groups: (n,) the genres, artists or tags of each song."""
    if len(groups) != len(vectors):
        raise ValueError(f"groups: expected one list per vector, {len(vectors)}, not {len(groups)}")
    members: dict[str, list[int]] = {}
    for row, names in enumerate(groups):
        for name in dict.fromkeys(names):
            members.setdefault(name, []).append(row)
    return {name: centroid(vectors[members[name]]) for name in sorted(members)}


def analogy(start: Floats, minus: Floats, plus: Floats) -> Floats:
    """The point (d,) that is to `start` as `plus` is to `minus`: start - minus + plus, at the length of `start`.

    Mikolov, Yih and Zweig, 2013. Raises ValueError when the three cancel out.
    """
    point = start.astype(np.float64) - minus + plus
    length = np.linalg.norm(point)
    if length < 1e-12:
        raise ValueError("start, minus, plus: they cancel out, no direction is left")
    return (point * (np.linalg.norm(start) / length)).astype(np.float32)


def nearest_centroids(point: Floats, centres: Mapping[str, Floats], k: int = 10) -> list[tuple[str, float]]:
    """The k nearest named centroids and their squared L2 distances, nearest first, ties by name."""
    if k < 1:
        raise ValueError(f"k: at least 1, not {k}")
    wide = point.astype(np.float64)
    measured = [(name, float(np.square(centre - wide).sum())) for name, centre in centres.items()]
    return sorted(measured, key=lambda pair: (pair[1], pair[0]))[:k]


def _check(vectors: Floats, ids: Sequence[str]) -> None:
    if vectors.ndim != 2 or len(vectors) != len(ids):
        raise ValueError(f"vectors: expected ({len(ids)}, d), not {vectors.shape}")
    if not len(vectors) or not np.isfinite(vectors).all():
        raise ValueError("vectors: at least one, and all finite")


def _named(labels: NDArray[np.int64], vectors: Floats, ids: Sequence[str]) -> Clusters:
    found = [np.flatnonzero(labels == label) for label in np.unique(labels) if label != NOISE]
    medoids = [_medoid(rows, vectors, ids) for rows in found]
    order = sorted(range(len(found)), key=lambda group: (-len(found[group]), medoids[group]))
    numbered = np.full(len(ids), NOISE, np.int64)
    means = np.zeros((len(found), vectors.shape[1]), np.float32)
    for number, group in enumerate(order):
        numbered[found[group]] = number
        means[number] = vectors[found[group]].mean(axis=0)
    return Clusters(numbered, means, tuple(medoids[group] for group in order))


def _medoid(rows: NDArray[np.int64], vectors: Floats, ids: Sequence[str]) -> str:
    members = vectors[rows].astype(np.float64)
    distances = np.square(members - members.mean(axis=0)).sum(axis=1).round(9)
    return min(zip(distances.tolist(), (ids[row] for row in rows), strict=True))[1]
