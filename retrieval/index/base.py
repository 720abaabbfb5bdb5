"""The index seam: what every back end promises, and the checks made before faiss sees anything."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

import numpy as np

MAX_K = 1_000_000


class Capability(StrEnum):
    """What an index can do; a caller that needs more falls back or says so."""

    EXACT = "exact"  # returns exactly the k nearest, and every tie at the edge
    FILTER = "filter"  # honours `allow`
    LIVE = "live"  # add and remove take effect at once
    SCAN = "scan"  # `distances` and `ranks` over all vectors


class InvalidVectors(ValueError):
    """Vectors or queries of a wrong shape, type or value; the sentence says which."""


class DamagedIndex(RuntimeError):
    """A stored index that must not be used; the sentence says why."""


@dataclass(frozen=True)
class Neighbours:
    """The answer to one query: int64 ids and float64 squared L2 distances, nearest first, ties by id."""

    ids: np.ndarray
    distances: np.ndarray

    def __len__(self) -> int:
        return len(self.ids)


class Index(Protocol):
    """A searchable snapshot of one space's vectors, under the callers' own int64 ids.

    `search` returns up to k neighbours for each query; an EXACT index also returns every further vector at exactly the
    k-th distance, so that the caller can break ties by a rule of its own. `distances` and `ranks` are for a SCAN index.
    """

    key: str
    capabilities: frozenset[Capability]

    def __len__(self) -> int: ...
    @property
    def dimension(self) -> int: ...
    @property
    def pending(self) -> int: ...
    def ids(self) -> np.ndarray: ...
    def build(self, ids: np.ndarray, vectors: np.ndarray) -> None: ...
    def add(self, ids: np.ndarray, vectors: np.ndarray) -> None: ...
    def remove(self, ids: np.ndarray) -> None: ...
    def search(self, queries: np.ndarray, k: int, *, allow: np.ndarray | None = None) -> list[Neighbours]: ...
    def vectors(self, ids: np.ndarray) -> tuple[np.ndarray, np.ndarray]: ...
    def distances(self, query: np.ndarray) -> tuple[np.ndarray, np.ndarray]: ...
    def ranks(self, query: np.ndarray, distances: np.ndarray) -> tuple[np.ndarray, np.ndarray]: ...
    def save(self, folder: Path) -> None: ...
    def load(self, folder: Path) -> None: ...


def checked_ids(ids: np.ndarray) -> np.ndarray:
    """`ids` as int64 (n,); raise InvalidVectors unless they are whole, not negative and each there once."""
    array = np.asarray(ids)
    if array.ndim != 1 or (array.size and array.dtype.kind not in "iu"):
        raise InvalidVectors("Ids must be a one-dimensional array of whole numbers.")
    array = array.astype(np.int64)
    if array.size and array.min() < 0:
        raise InvalidVectors("Ids must not be negative.")
    if len(np.unique(array)) != len(array):
        raise InvalidVectors("An id occurs twice.")
    return array


def checked_vectors(vectors: np.ndarray, dimension: int | None = None) -> np.ndarray:
    """`vectors` as C-contiguous float32 (n, dim); raise InvalidVectors for a wrong shape, type or a value not finite."""
    array = np.asarray(vectors)
    if array.ndim != 2 or array.shape[1] == 0:
        raise InvalidVectors(f"Vectors must be a matrix (n, dimension), not an array of shape {array.shape}.")
    if array.dtype.kind not in "fiu":
        raise InvalidVectors(f"Vectors must be numbers, not {array.dtype}.")
    if dimension is not None and array.shape[1] != dimension:
        raise InvalidVectors(f"Vectors have {array.shape[1]} dimensions; this space has {dimension}.")
    with np.errstate(over="ignore"):
        array = np.ascontiguousarray(array, dtype=np.float32)
    if not np.isfinite(array).all():
        raise InvalidVectors("Vectors must be finite: NaN, infinity or a number too large for float32 was given.")
    return array


def checked_k(k: int) -> int:
    if isinstance(k, bool) or not isinstance(k, int | np.integer) or not 1 <= k <= MAX_K:
        raise InvalidVectors(f"k must be a whole number from 1 to {MAX_K}.")
    return int(k)
