"""Every song in order of distance: what all metrics start from."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from retrieval.joint.evidence import Floats, Mask, Rows

BLOCK = 256


def rankings(
    vectors: Floats, queries: Rows, candidates: Mask | None = None
) -> Iterator[tuple[int, Rows, NDArray[np.float64]]]:
    """For each query row: (row, the other candidates' rows nearest first, their squared L2 distances).

    vectors: (n, d). candidates: (n,) the songs that can be found at all (those that have a vector). Distances are
    measured in float64 and ties broken by row, so the same vectors always rank alike.
    """
    wide = vectors.astype(np.float64)
    lengths = np.einsum("nd,nd->n", wide, wide)
    allowed = np.arange(len(vectors)) if candidates is None else np.flatnonzero(candidates)
    for start in range(0, len(queries), BLOCK):
        part = queries[start : start + BLOCK]
        distances = lengths[part, None] + lengths[None, allowed] - 2 * wide[part] @ wide[allowed].T
        # Rounded to what float64 can carry, so that equal vectors tie whatever the order of summation.
        distances = np.round(np.maximum(distances, 0) / max(lengths.max(), 1e-300), 12) * lengths.max()
        for row, order, measured in zip(part, np.argsort(distances, axis=1, kind="stable"), distances, strict=True):
            order = order[allowed[order] != row]
            yield int(row), allowed[order], measured[order]
