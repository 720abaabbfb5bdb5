"""Exhaustive flat L2 search with faiss: the default index of every space.

The base is an immutable faiss file, memory-mapped so that workers share its pages. A mapped index can neither grow nor
shrink, so live changes are a small matrix of fresh vectors beside it and a set of rows that are gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.distance import rounding_bound, squared_l2
from retrieval.index.base import (
    Capability,
    DamagedIndex,
    InvalidVectors,
    Neighbours,
    checked_ids,
    checked_k,
    checked_vectors,
)

VECTORS_FILE, IDS_FILE = "vectors.faiss", "ids.npy"

# faiss is asked for a few more than k: if the last of them is clearly farther than the k-th, none was missed.
SLACK = 16


@dataclass(frozen=True)
class _State:
    """One consistent view; replaced whole on a change, so that a search in another thread never sees half of one."""

    faiss: Any  # IndexFlatL2 over `base`
    base: np.ndarray  # float32 (n, dim), a view into faiss's memory
    base_ids: np.ndarray  # int64 (n,), ascending
    gone: np.ndarray  # bool (n,): rows deleted or superseded
    fresh: np.ndarray  # float32 (m, dim)
    fresh_ids: np.ndarray  # int64 (m,)

    @property
    def gone_count(self) -> int:
        return int(self.gone.sum())

    def rows(self, ids: np.ndarray) -> np.ndarray:
        """Base rows of `ids`, -1 where the base has no living one."""
        if not len(self.base_ids):
            return np.full(len(ids), -1)
        rows = np.minimum(np.searchsorted(self.base_ids, ids), len(self.base_ids) - 1)
        return np.where((self.base_ids[rows] == ids) & ~self.gone[rows], rows, -1)


class FlatL2:
    """Exact squared-L2 search over all vectors; see `Index` for the contract."""

    key = "flat"
    capabilities = frozenset(Capability)

    def __init__(self) -> None:
        self._state: _State | None = None

    def __len__(self) -> int:
        state = self._live
        return len(state.base_ids) - state.gone_count + len(state.fresh_ids)

    @property
    def dimension(self) -> int:
        return int(self._live.base.shape[1])

    @property
    def pending(self) -> int:
        """Number of live changes that the stored base does not hold."""
        return self._live.gone_count + len(self._live.fresh_ids)

    @property
    def _live(self) -> _State:
        if self._state is None:
            raise InvalidVectors("The index is empty: build or load it first.")
        return self._state

    def ids(self) -> np.ndarray:
        """All ids, ascending, int64 (n,)."""
        state = self._live
        return np.sort(np.concatenate([state.base_ids[~state.gone], state.fresh_ids]))

    def build(self, ids: np.ndarray, vectors: np.ndarray) -> None:
        """Replace everything by `vectors` (n, dim) under `ids` (n,)."""
        faiss = _faiss()
        vectors, ids = checked_vectors(vectors), checked_ids(ids)
        if len(ids) != len(vectors):
            raise InvalidVectors(f"There are {len(ids)} ids for {len(vectors)} vectors.")
        order = np.argsort(ids)
        index = faiss.IndexFlatL2(vectors.shape[1])
        index.add(vectors[order])
        self._state = _fresh_state(index, ids[order])

    def add(self, ids: np.ndarray, vectors: np.ndarray) -> None:
        """Add vectors (n, dim), replacing those whose id is there already."""
        vectors, ids = checked_vectors(vectors, self.dimension), checked_ids(ids)
        if len(ids) != len(vectors):
            raise InvalidVectors(f"There are {len(ids)} ids for {len(vectors)} vectors.")
        state = self._without(ids)
        self._state = _State(
            state.faiss,
            state.base,
            state.base_ids,
            state.gone,
            np.concatenate([state.fresh, vectors]),
            np.concatenate([state.fresh_ids, ids]),
        )

    def remove(self, ids: np.ndarray) -> None:
        """Forget these ids; those not there are ignored."""
        self._state = self._without(checked_ids(ids))

    def _without(self, ids: np.ndarray) -> _State:
        state = self._live
        rows = state.rows(ids)
        gone = state.gone.copy()
        gone[rows[rows >= 0]] = True
        keep = ~np.isin(state.fresh_ids, ids)
        return _State(state.faiss, state.base, state.base_ids, gone, state.fresh[keep], state.fresh_ids[keep])

    def vectors(self, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Those of `ids` that are here, in the given order, with their vectors: int64 (m,), float32 (m, dim)."""
        state, ids = self._live, np.asarray(ids, dtype=np.int64)
        rows = state.rows(ids)
        fresh = {int(key): row for row, key in enumerate(state.fresh_ids)}
        found = np.array([row >= 0 or int(key) in fresh for key, row in zip(ids, rows, strict=True)], dtype=bool)
        out = np.empty((int(found.sum()), state.base.shape[1]), dtype=np.float32)
        for place, (key, row) in enumerate(zip(ids[found], rows[found], strict=True)):
            out[place] = state.base[row] if row >= 0 else state.fresh[fresh[int(key)]]
        return ids[found], out

    def search(self, queries: np.ndarray, k: int, *, allow: np.ndarray | None = None) -> list[Neighbours]:
        """The k nearest of each query (q, dim), nearest first, with all ties at the k-th distance.

        `allow` restricts the answer to these ids.
        """
        state, k = self._live, checked_k(k)
        queries = checked_vectors(queries, self.dimension)
        allowed = None if allow is None else np.unique(np.asarray(allow, dtype=np.int64))
        return [self._search_one(state, query, k, allowed) for query in queries]

    def _search_one(self, state: _State, query: np.ndarray, k: int, allowed: np.ndarray | None) -> Neighbours:
        rows = _candidates(state, query, k, _row_filter(state, allowed))
        fresh = np.arange(len(state.fresh_ids))
        if allowed is not None:
            fresh = fresh[np.isin(state.fresh_ids, allowed)]
        ids = np.concatenate([state.base_ids[rows], state.fresh_ids[fresh]])
        distances = np.concatenate([squared_l2(query, state.base[rows]), squared_l2(query, state.fresh[fresh])])
        return _nearest(ids, distances, k)

    def distances(self, query: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Squared L2 from `query` (dim,) to every vector: ids int64 (n,) and float32 (n,), in no particular order."""
        state = self._live
        query = checked_vectors(query[None], self.dimension)[0]
        base = _scan(state.base, query)
        keep = ~state.gone
        fresh = squared_l2(query, state.fresh).astype(np.float32)
        return np.concatenate([state.base_ids[keep], state.fresh_ids]), np.concatenate([base[keep], fresh])

    def ranks(self, query: np.ndarray, distances: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """How many vectors lie strictly nearer than, and how many within, each of `distances` (float64, (m,)).

        One float32 scan; the few vectors whose order the rounding could change are measured again in float64.
        """
        state = self._live
        query = checked_vectors(query[None], self.dimension)[0]
        order = np.argsort(distances, kind="stable")
        radii = np.asarray(distances, dtype=np.float64)[order]
        scanned = _scan(state.base, query)[~state.gone].astype(np.float64)
        bound = 2 * rounding_bound(self.dimension)
        surely = np.searchsorted(radii, scanned * (1 - bound), side="left")
        perhaps = np.searchsorted(radii, scanned * (1 + bound), side="right")
        doubtful = np.flatnonzero(surely != perhaps)
        exact = np.concatenate(
            [
                squared_l2(query, state.base[np.flatnonzero(~state.gone)[doubtful]]),
                squared_l2(query, state.fresh),
            ]
        )
        settled = np.delete(surely, doubtful)
        sure = np.cumsum(np.bincount(settled, minlength=len(radii) + 1))[: len(radii)]
        exact.sort()
        below = sure + np.searchsorted(exact, radii, side="left")
        within = sure + np.searchsorted(exact, radii, side="right")
        back = np.argsort(order, kind="stable")
        return below[back], within[back]

    def save(self, folder: Path) -> None:
        """Write the files of a base without pending changes into `folder`."""
        faiss = _faiss()
        state = self._live
        if self.pending:
            ids = self.ids()
            compact = FlatL2()
            compact.build(ids, self.vectors(ids)[1])
            state = compact._live
        faiss.write_index(state.faiss, str(folder / VECTORS_FILE))
        np.save(folder / IDS_FILE, state.base_ids)

    def load(self, folder: Path) -> None:
        """Map the files of `folder`; raise DamagedIndex when they are not a flat L2 index with ascending ids."""
        faiss = _faiss()
        faiss.omp_set_num_threads(1)  # one query, one thread: more of them only fight over the cores
        try:
            index = faiss.read_index(str(folder / VECTORS_FILE), faiss.IO_FLAG_MMAP_IFC)
            ids = np.load(folder / IDS_FILE, allow_pickle=False)
        except (RuntimeError, OSError, ValueError, EOFError) as error:
            raise DamagedIndex(f"its files cannot be read ({type(error).__name__})") from None
        if not isinstance(index, faiss.IndexFlatL2):
            raise DamagedIndex("it is not a flat L2 index")
        if ids.dtype != np.int64 or ids.shape != (index.ntotal,) or (np.diff(ids) <= 0).any():
            raise DamagedIndex("its ids do not match its vectors")
        self._state = _fresh_state(index, ids)


def _faiss() -> Any:
    """faiss, imported on first use; untyped, since its hints do not know what its Python layer adds."""
    import faiss

    return faiss


def _fresh_state(index: Any, ids: np.ndarray) -> _State:
    faiss = _faiss()
    dimension = index.d
    if index.ntotal:
        base = faiss.rev_swig_ptr(index.get_xb(), index.ntotal * dimension).reshape(-1, dimension)
    else:
        base = np.empty((0, dimension), dtype=np.float32)
    return _State(
        index,
        base,
        ids,
        np.zeros(len(ids), dtype=bool),
        np.empty((0, dimension), dtype=np.float32),
        np.empty(0, dtype=np.int64),
    )


def _row_filter(state: _State, allowed: np.ndarray | None) -> np.ndarray | None:
    """Base rows that may be returned as bool (n,), or None for all."""
    if allowed is None:
        return ~state.gone if state.gone.any() else None
    mask = np.zeros(len(state.base_ids), dtype=bool)
    rows = state.rows(allowed)
    mask[rows[rows >= 0]] = True
    return mask


def _candidates(state: _State, query: np.ndarray, k: int, mask: np.ndarray | None) -> np.ndarray:
    """Base rows that hold the k nearest and all their ties, whatever float32 rounding did to faiss's order."""
    total = len(state.base_ids) if mask is None else int(mask.sum())
    wanted = min(k + SLACK, total)
    if not wanted:
        return np.empty(0, dtype=np.int64)
    distances, rows = _faiss_search(state, query, wanted, mask)
    if wanted == total:
        return rows
    limit = distances[k - 1] * (1 + 3 * rounding_bound(state.base.shape[1]))
    if distances[-1] > limit:
        return rows
    scanned = _scan(state.base, query)
    return np.flatnonzero(scanned <= limit if mask is None else (scanned <= limit) & mask)


def _faiss_search(
    state: _State, query: np.ndarray, wanted: int, mask: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray]:
    faiss = _faiss()
    if mask is None:
        distances, rows = state.faiss.search(query[None], wanted)
    else:
        bits = np.packbits(mask, bitorder="little")
        selector = faiss.IDSelectorBitmap(bits)
        distances, rows = state.faiss.search(query[None], wanted, params=faiss.SearchParameters(sel=selector))
    return distances[0], rows[0]


def _scan(base: np.ndarray, query: np.ndarray) -> np.ndarray:
    """Squared L2 from `query` to every row by faiss's own kernel, float32 (n,)."""
    faiss = _faiss()
    out = np.empty(len(base), dtype=np.float32)
    if len(base):
        pointer = faiss.swig_ptr
        faiss.fvec_L2sqr_ny(pointer(out), pointer(query), pointer(base), base.shape[1], len(base))
    return out


def _nearest(ids: np.ndarray, distances: np.ndarray, k: int) -> Neighbours:
    order = np.lexsort((ids, distances))
    ids, distances = ids[order], distances[order]
    end = np.searchsorted(distances, distances[k - 1], side="right") if len(ids) > k else len(ids)
    return Neighbours(ids[:end], distances[:end])
