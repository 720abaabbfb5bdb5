"""Nearest songs within one modality, exact duplicates left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.joint.evidence import Floats, Rows

NUMPY_LIMIT = 4_096  # distinct vectors up to which a float64 scan in numpy is fastest; above, faiss
SCAN_LIMIT = 400_000_000  # queries * vectors up to which faiss scans everything, exactly
LINKS, BREADTH = 16, 48  # above, it follows links (HNSW: n log n, 99 % found): links a vector, candidates kept
SPARE = 8  # extra candidates from faiss, whose float32 order may differ from the exact one
BLOCK = 1_024  # queries at a time, which bounds memory to BLOCK * NUMPY_LIMIT float64


@dataclass
class Neighbourhood:
    """Searches the vectors of one modality; every answer is re-measured in float64.

    Equal vectors (songs of one album share a cover) are searched once and then spread over their songs, so a hundred
    copies neither crowd out the candidates nor count as neighbours of each other.
    """

    vectors: Floats  # (m, dim)
    rows: Rows  # (m,) row of each vector in the library
    _distinct: Floats = field(init=False, repr=False)
    _members: Rows = field(init=False, repr=False)  # library rows, grouped by distinct vector
    _starts: Rows = field(init=False, repr=False)  # (distinct + 1,) where each group begins
    _index: Any = field(default=None, init=False, repr=False)

    def __post_init__(self) -> None:
        numbers: dict[bytes, int] = {}
        plain = np.ascontiguousarray(self.vectors + np.float32(0))  # -0.0 becomes 0.0: equal, but other bytes
        group = np.array([numbers.setdefault(_name(row), len(numbers)) for row in plain], np.int64)
        _, first, sizes = np.unique(group, return_index=True, return_counts=True)
        self._distinct = plain[first]
        self._members = self.rows[np.lexsort((self.rows, group))]
        self._starts = np.concatenate([[0], np.cumsum(sizes)])

    def search(self, queries: Floats, k: int) -> tuple[Rows, NDArray[np.float64]]:
        """The k nearest songs whose vector differs from the query's.

        queries: (q, dim) float32. Returns rows (q, k) int64, padded with -1, and squared L2 distances (q, k) float64,
        padded with infinity; ties by row. Raises ValueError for k < 1 or another dimension.
        """
        if k < 1:
            raise ValueError(f"k: at least 1, not {k}")
        if queries.ndim != 2 or queries.shape[1] != self.vectors.shape[1]:
            raise ValueError(f"queries: expected (q, {self.vectors.shape[1]}), not {queries.shape}")
        linked = len(queries) * len(self._distinct) > SCAN_LIMIT
        if not len(queries) or not len(self.rows):
            return np.full((len(queries), k), -1, np.int64), np.full((len(queries), k), np.inf)
        found = [self._block(queries[start : start + BLOCK], k, linked) for start in range(0, len(queries), BLOCK)]
        return np.concatenate([rows for rows, _ in found]), np.concatenate([distances for _, distances in found])

    def _block(self, queries: Floats, k: int, linked: bool) -> tuple[Rows, NDArray[np.float64]]:
        candidates = self._candidates(queries, min(k + 1 + SPARE, len(self._distinct)), linked)
        distances = _measure(queries, self._distinct, candidates)
        distances[(distances == 0) | (candidates < 0)] = np.inf
        order = np.lexsort((candidates, distances))[:, :k]
        candidates, distances = np.take_along_axis(candidates, order, 1), np.take_along_axis(distances, order, 1)
        return self._spread(candidates, distances, k)

    def _candidates(self, queries: Floats, count: int, linked: bool) -> Rows:
        if len(self._distinct) <= NUMPY_LIMIT:
            wide = self._distinct.astype(np.float64)
            scores = np.einsum("nd,nd->n", wide, wide) - 2 * queries.astype(np.float64) @ wide.T
            return np.argpartition(scores, count - 1, axis=1)[:, :count].astype(np.int64)
        if not linked:
            import faiss

            return faiss.knn(np.ascontiguousarray(queries), self._distinct, count)[1]
        if self._index is None:
            self._index = _links(self._distinct)
        return self._index.search(np.ascontiguousarray(queries), count)[1]

    def _spread(self, groups: Rows, distances: NDArray[np.float64], k: int) -> tuple[Rows, NDArray[np.float64]]:
        """From distinct vectors to songs: the members of the nearest groups, in order, until k are found."""
        sizes = np.where(np.isfinite(distances), self._starts[groups + 1] - self._starts[groups], 0)
        sizes = np.minimum(sizes, k)
        query = np.repeat(np.arange(len(groups)), sizes.sum(1))
        flat = sizes.ravel()
        within = np.arange(flat.sum()) - np.repeat(np.cumsum(flat) - flat, flat)
        place = np.arange(len(query)) - np.repeat(np.cumsum(sizes.sum(1)) - sizes.sum(1), sizes.sum(1))
        keep = place < k
        rows, spread = np.full((len(groups), k), -1, np.int64), np.full((len(groups), k), np.inf)
        member = self._members[np.repeat(self._starts[groups].ravel(), flat) + within]
        rows[query[keep], place[keep]] = member[keep]
        spread[query[keep], place[keep]] = np.repeat(distances.ravel(), flat)[keep]
        return rows, spread


def _name(row: Floats) -> bytes:
    return blake2b(row.tobytes(), digest_size=16).digest()


def _measure(queries: Floats, vectors: Floats, candidates: Rows) -> NDArray[np.float64]:
    """Squared L2 from each query to its candidates, by differences: exactly 0 for equal vectors, and only for them."""
    distances = np.empty(candidates.shape)
    for position, query in enumerate(queries.astype(np.float64)):
        difference = vectors[candidates[position]].astype(np.float64) - query
        distances[position] = np.einsum("nd,nd->n", difference, difference)
    return distances


def _links(vectors: Floats) -> Any:
    import faiss

    index = faiss.IndexHNSWFlat(vectors.shape[1], LINKS)
    index.hnsw.efSearch = BREADTH
    threads = faiss.omp_get_max_threads()
    try:
        faiss.omp_set_num_threads(1)  # links made by several threads would differ from run to run
        index.add(vectors)
    finally:
        faiss.omp_set_num_threads(threads)
    return index
