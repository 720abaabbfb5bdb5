"""Unit vectors whose softmax matches the votes: start, losses, Adam."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from retrieval.joint.evidence import Floats, Rows
from retrieval.joint.settings import Settings

Tick = Callable[[int, float], None]
BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-12
PLACING_RATE = 0.05  # Adam step when folding in: a larger one ends measurably farther from the minimum
CROWD = 4_096  # library songs that a new song is weighed against


class Adam:
    """Adam (Kingma and Ba, 2015) over rows, with the step size falling along a cosine to 0.

    Rows may be stepped a few at a time: each keeps its own count for the bias correction.
    """

    def __init__(self, points: Floats, learning_rate: float, steps: int) -> None:
        self.points = points
        self.rate, self.steps = learning_rate, steps
        self.mean, self.square = np.zeros_like(points), np.zeros_like(points)
        self.count = np.zeros((len(points), 1), np.float32)

    def step(self, time: int, gradient: Floats, rows: Rows | slice = slice(None)) -> None:
        """Move `rows` against `gradient`; time counts from 0 to steps - 1."""
        self.count[rows] += 1
        self.mean[rows] = BETA1 * self.mean[rows] + (1 - BETA1) * gradient
        self.square[rows] = BETA2 * self.square[rows] + (1 - BETA2) * np.square(gradient)
        mean = self.mean[rows] / (1 - BETA1 ** self.count[rows])
        square = self.square[rows] / (1 - BETA2 ** self.count[rows])
        rate = np.float32(self.rate * 0.5 * (1 + np.cos(np.pi * time / self.steps)))
        self.points[rows] -= rate * mean / (np.sqrt(square) + np.float32(EPSILON))


def unit(points: Floats) -> Floats:
    """Rows scaled to length 1 (rows of length 0 stay 0)."""
    return points / np.maximum(np.linalg.norm(points, axis=1, keepdims=True), np.float32(1e-12))


def tangent(points: Floats, gradient: Floats) -> Floats:
    """Gradient by `points`, given the gradient by their unit vectors."""
    length = np.maximum(np.linalg.norm(points, axis=1, keepdims=True), np.float32(1e-12))
    there = points / length
    return (gradient - there * np.einsum("nd,nd->n", there, gradient)[:, None]) / length


def softmax(logits: Floats) -> Floats:
    """Row-wise, in place."""
    logits -= logits.max(axis=1, keepdims=True)
    np.exp(logits, out=logits)
    logits /= logits.sum(axis=1, keepdims=True)
    return logits


def spectral_start(votes: Any, dimension: int, seed: int) -> Floats:
    """Leading eigenvectors of the normalised vote graph, (n, dimension) float32 unit rows.

    Votes are symmetrised and divided by the square roots of their sums; eigenvectors (the trivial first left out)
    are weighted by the square roots of their eigenvalues. Exact up to 2,048 songs; above by subspace iteration from a
    seeded start, whose cost grows with the number of votes alone. Missing dimensions are filled with seeded noise.
    """
    symmetric = (votes + votes.T) * np.float32(0.5)
    root = np.sqrt(np.maximum(np.asarray(symmetric.sum(axis=1)).ravel(), 1e-12)).astype(np.float32)
    graph = symmetric.multiply(1 / root[:, None]).multiply(1 / root[None, :]).tocsr()
    values, vectors = _leading(graph, min(dimension + 1, graph.shape[0]), seed)
    start = vectors[:, 1:] * np.sqrt(np.maximum(values[1:], 0))
    noise = np.random.default_rng(seed).standard_normal((graph.shape[0], dimension)).astype(np.float32)
    noise *= np.float32(0.01 / np.sqrt(dimension))
    noise[:, : start.shape[1]] *= np.float32(0.1)
    noise[:, : start.shape[1]] += unit(start.astype(np.float32))
    return unit(noise)


def _leading(graph: Any, count: int, seed: int) -> tuple[Floats, Floats]:
    """The `count` largest eigenvalues and their vectors, largest first."""
    size = graph.shape[0]
    if size <= 2_048:
        values, vectors = np.linalg.eigh(graph.toarray().astype(np.float64))
        return values[::-1][:count], _signed(vectors[:, ::-1][:, :count])
    basis = np.random.default_rng(seed).standard_normal((size, count + 16)).astype(np.float32)
    for _ in range(12):
        basis, _ = np.linalg.qr(graph @ basis + basis)
    values, turn = np.linalg.eigh(basis.T.astype(np.float64) @ (graph @ basis))
    return values[::-1][:count], _signed((basis @ turn.astype(np.float32))[:, ::-1][:, :count])


def _signed(vectors: Floats) -> Floats:
    """Eigenvectors with their largest entry positive: their sign is otherwise arbitrary."""
    largest = np.take_along_axis(vectors, np.abs(vectors).argmax(axis=0)[None, :], axis=0)
    return vectors * np.where(largest < 0, -1, 1)


def fit_dense(start: Floats, votes: Any, settings: Settings, tick: Tick) -> Floats:
    """Minimise the cross-entropy of softmax(z·z/temperature), each song itself left out, against the votes.

    start: (n, d). votes: CSR (n, n). Every step sees every pair: n² time and memory.
    """
    target, optimiser = votes.toarray(), Adam(start.copy(), settings.learning_rate, settings.steps)
    voting = target.sum(axis=1, keepdims=True)
    scale = np.float32(1 / settings.temperature)
    for time in range(settings.steps):
        there = unit(optimiser.points)
        logits = there @ there.T * scale
        np.fill_diagonal(logits, -np.inf)
        share = softmax(logits)
        tick(time + 1, _cross_entropy(share, votes))
        pull = (share * voting - target) * (scale / len(target))
        optimiser.step(time, tangent(optimiser.points, (pull + pull.T) @ there))
    return unit(optimiser.points)


def _cross_entropy(share: Floats, votes: Any) -> float:
    rows = np.repeat(np.arange(votes.shape[0]), np.diff(votes.indptr))
    return float(-(votes.data * np.log(np.maximum(share[rows, votes.indices], 1e-30))).sum() / votes.shape[0])


def place(votes: Any, library: Floats, settings: Settings) -> Floats:
    """Fold songs in, each on its own: the same loss with the library frozen.

    votes: CSR (q, n). library: (n, d) unit rows. Returns (q, d) unit rows. Above CROWD songs only those that got a
    vote and the CROWD nearest to where the song starts from push it away: farther ones weigh nothing.
    """
    start = _beginning(votes @ library, settings.seed)
    if len(library) <= CROWD:
        there = _descend(start, votes.toarray(), library, settings)
    else:
        there = np.concatenate([_place_one(start[[row]], votes[row], library, settings) for row in range(len(start))])
    return unit(there - np.float32(settings.recentre) * library.mean(axis=0))


def _place_one(start: Floats, votes: Any, library: Floats, settings: Settings) -> Floats:
    crowd = np.argpartition(-(library @ start[0]), CROWD)[:CROWD]
    crowd = np.union1d(crowd, votes.indices)
    return _descend(start, votes[:, crowd].toarray(), library[crowd], settings)


def place_together(votes: Any, library: Floats, settings: Settings) -> Floats:
    """Fold q songs in at once that may vote for each other too, as columns n to n + q of votes: CSR (q, n + q)."""
    start = _beginning(votes[:, : len(library)] @ library, settings.seed)
    return _descend(start, votes.toarray(), library, settings)


def _descend(start: Floats, target: Floats, library: Floats, settings: Settings) -> Floats:
    """Adam on the songs alone; those that target has columns for are in the softmax besides the library."""
    optimiser, size = Adam(start, PLACING_RATE, settings.new_steps), len(library)
    together, scale = target.shape[1] > size, np.float32(1 / settings.new_temperature)
    for time in range(settings.new_steps):
        there = unit(optimiser.points)
        everyone = np.concatenate([library, there]) if together else library
        logits = there @ everyone.T * scale
        if together:
            np.fill_diagonal(logits[:, size:], -np.inf)
        pull = (softmax(logits) - target) * scale
        gradient = pull @ everyone
        if together:
            gradient += pull[:, size:].T @ there
        optimiser.step(time, tangent(optimiser.points, gradient))
    return unit(optimiser.points)


def _beginning(points: Floats, seed: int) -> Floats:
    """Unit rows; a row of zeros (no vote for the library) begins in a seeded random direction."""
    noise = np.random.default_rng(seed).standard_normal(points.shape).astype(np.float32)
    return unit(np.where(np.linalg.norm(points, axis=1, keepdims=True) > 1e-6, points, noise))


def fit_sampled(start: Floats, votes: Any, settings: Settings, tick: Tick) -> Floats:
    """The same loss from samples: batches of songs, each against its voted songs and a shared draw of the others.

    The draw stands for the whole library (its terms count size / draw times in the softmax), so the expected gradient
    is the full one. Each of `steps` / 4 passes costs n * (negatives + votes a song) * d.
    """
    rng = np.random.default_rng(settings.seed)
    passes = max(1, settings.steps // 4)
    optimiser, size = Adam(start.copy(), settings.learning_rate, passes), len(start)
    for time in range(passes):
        losses = []
        for rows in np.array_split(rng.permutation(size), -(-size // settings.batch)):
            drawn = rng.choice(size, min(settings.negatives, size - 1), replace=False)
            touched, gradient, loss = _sampled_gradient(optimiser.points, votes, rows, drawn, settings.temperature)
            optimiser.step(time, gradient, touched)
            losses.append(loss)
        tick((time + 1) * settings.steps // passes, float(np.mean(losses)))
    return unit(optimiser.points)


def _sampled_gradient(
    points: Floats, votes: Any, rows: Rows, drawn: Rows, temperature: float
) -> tuple[Rows, Floats, float]:
    """Gradient of one batch by the points it touches: their rows, the gradient (rows, d), the mean loss."""
    from scipy.sparse import csr_matrix

    part = votes[rows]
    touched, where = np.unique(np.concatenate([rows, part.indices, drawn]), return_inverse=True)
    own, voted, others = np.split(where, [len(rows), len(rows) + part.nnz])
    there, scale = unit(points[touched]), np.float32(1 / temperature)
    voter = np.repeat(np.arange(len(rows)), np.diff(part.indptr))
    near = np.einsum("nd,nd->n", there[own[voter]], there[voted]) * scale
    far = there[own] @ there[others].T * scale + np.float32(np.log(len(points) / len(drawn)))
    far[own[:, None] == others[None, :]] = -np.inf
    near, far, loss = _shares(near, far, voter, part)
    pull = csr_matrix((near - part.data, voted, part.indptr), shape=(len(rows), len(touched)))
    gradient = pull.T @ there[own]
    gradient[own] += pull @ there + far @ there[others]
    np.add.at(gradient, others, far.T @ there[own])
    return touched, tangent(points[touched], gradient * (scale / np.float32(len(rows)))), loss


def _shares(near: Floats, far: Floats, voter: Rows, part: Any) -> tuple[Floats, Floats, float]:
    """Softmax over voted and drawn songs together: shares (votes,), shares (batch, draw), cross-entropy."""
    top = far.max(axis=1)
    np.maximum.at(top, voter, near)
    near, far = near - top[voter], far - top[:, None]
    total = np.exp(far).sum(axis=1) + np.bincount(voter, np.exp(near), len(top))
    loss = float((part.data * (np.log(total[voter]) - near)).sum() / len(top))
    voting = np.asarray(part.sum(axis=1)).ravel()
    share = (voting / total).astype(np.float32)
    return np.exp(near) * share[voter], np.exp(far) * share[:, None], loss
