"""The one place where a distance is computed.

faiss proposes neighbours in float32, with kernels whose rounding depends on k, filter and batch; every distance that
leaves this package is computed here in float64, so that search, explanation and blend never disagree.
"""

from __future__ import annotations

import math

import numpy as np


def squared_l2(query: np.ndarray, vectors: np.ndarray) -> np.ndarray:
    """Squared Euclidean distance of `query` (dim,) to each row of `vectors` (n, dim), as float64 (n,).

    Symmetric, and independent of which other rows stand beside a row.
    """
    difference = np.asarray(vectors, dtype=np.float64) - np.asarray(query, dtype=np.float64)
    return np.square(difference).sum(axis=1)


def cosine(a: np.ndarray, b: np.ndarray) -> float | None:
    """Cosine of two vectors (dim,), -1 to 1; None when either has no length."""
    a, b = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    length = float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(np.clip(a @ b / length, -1.0, 1.0)) if length else None


def rounding_bound(dimension: int) -> float:
    """Largest relative error of a float32 squared distance summed in any order over `dimension` terms.

    All terms are positive, so nothing cancels: at most dimension + 2 roundings of 2^-24 each (Higham, Accuracy and
    Stability of Numerical Algorithms, 2002, section 3.1); doubled to be safe.
    """
    return (dimension + 4) * 2.0**-23


def closeness(others: int, within: int) -> float:
    """Share of the `others` (songs but the query) strictly farther than the hit; `within` of them are not, 0..1."""
    return (others - within) / others if others else 0.0


def stretched_closeness(others: int, rank: int) -> float:
    """Closeness by the logarithm of the rank, for drawing: 1 for rank 1, 0.5 for the median, 0 for the last of `others`.

    The plain closeness of all near hits is close to 1; this keeps them apart and falls with the rank all the same.
    """
    if others <= 1 or rank <= 1:
        return 1.0
    share = max(0.0, 1.0 - math.log(rank) / math.log(others))
    middle = 1.0 - math.log((others + 1) / 2) / math.log(others)
    return share ** (math.log(0.5) / math.log(middle))
