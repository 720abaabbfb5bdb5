"""From one modality straight into the joint space, by kernel ridge regression."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retrieval.joint.evidence import Floats
from retrieval.joint.optimise import unit

LANDMARKS = 1_024


@dataclass(frozen=True)
class Bridge:
    """Kernel ridge regression from one modality's vectors to joint vectors (Saunders et al., 1998).

    The modality's vectors are centred and scaled to length 1 first; the kernel is Gaussian. landmarks: (m, dim)
    float32. weights: (m, d). centre: (dim,). width: of the kernel, in squared L2.
    """

    landmarks: Floats
    weights: Floats
    centre: Floats
    width: float

    @classmethod
    def fit(cls, vectors: Floats, joint: Floats, *, width: float, ridge: float, seed: int = 0) -> Bridge:
        """vectors: (n, dim); joint: (n, d) unit rows. width: in units of the median squared distance.

        Above LANDMARKS songs a seeded sample of that many carries the solution (Nyström, Williams and Seeger, 2001),
        so the cost grows linearly with n.
        """
        centre = vectors.mean(axis=0)
        points, target = unit(vectors - centre), (joint - joint.mean(axis=0)).astype(np.float64)
        landmarks = points[np.sort(np.random.default_rng(seed).permutation(len(points))[:LANDMARKS])]
        width = width * _median_squared_distance(landmarks)
        inner = _kernel(landmarks, landmarks, width)
        if len(landmarks) == len(points):
            weights = np.linalg.solve(inner + ridge * np.eye(len(inner)), target)
        else:
            cross = _kernel(points, landmarks, width)
            weights = np.linalg.solve(cross.T @ cross + ridge * inner + 1e-6 * np.eye(len(inner)), cross.T @ target)
        return cls(landmarks, weights.astype(np.float32), centre, width)

    def __call__(self, vectors: Floats) -> Floats:
        """Predicted joint vectors (q, d) float32, centred; the shorter, the less these (q, dim) vectors can tell.

        Raises ValueError for another dimension.
        """
        if vectors.ndim != 2 or vectors.shape[1] != len(self.centre):
            raise ValueError(f"vectors: expected (q, {len(self.centre)}), not {vectors.shape}")
        return (_kernel(unit(vectors - self.centre), self.landmarks, self.width) @ self.weights).astype(np.float32)


def _squared_distances(a: Floats, b: Floats) -> NDArray[np.float64]:
    a, b = a.astype(np.float64), b.astype(np.float64)
    return np.maximum(np.square(a).sum(1)[:, None] + np.square(b).sum(1)[None] - 2 * a @ b.T, 0.0)


def _kernel(a: Floats, b: Floats, width: float) -> NDArray[np.float64]:
    return np.exp(-_squared_distances(a, b) / width)


def _median_squared_distance(points: Floats) -> float:
    some = points[:: max(1, len(points) // 512)]
    distances = _squared_distances(some, some)[np.triu_indices(len(some), 1)]
    return float(np.median(distances[distances > 0])) if (distances > 0).any() else 1.0
