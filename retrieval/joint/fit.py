"""Fitting the joint space: votes, spectral start, Adam, bridges, model card."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np

from retrieval.joint.bridge import Bridge
from retrieval.joint.evidence import Evidence, Floats
from retrieval.joint.model import JointModel
from retrieval.joint.optimise import Tick, fit_dense, fit_sampled, spectral_start
from retrieval.joint.settings import Settings
from retrieval.joint.votes import Electorate

Progress = Callable[[int, int, float, Mapping[str, float]], None]


def fit(
    evidence: Evidence,
    settings: Settings | None = None,
    *,
    groups: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> JointModel:
    """Fit the joint space of a library; the same evidence, settings and seed give the same space.

    groups: (n,) a group (the artist) per song. Given, a tenth of the library by whole groups is first held out, placed
    by fold_in in a space fitted without it, and what was found again is reported and kept on the card; then the space
    itself is fitted on everything.
    progress: called with (step, total, loss, held-out figures), the figures empty until they are known; what it
    raises (a cancelled job) ends the fit.
    Raises ValueError for fewer than 3 songs.
    """
    settings = settings or Settings()
    if len(evidence) < 3:
        raise ValueError(f"a joint space needs at least 3 songs, not {len(evidence)}")
    total = settings.steps * (2 if groups is not None else 1)
    figures: dict[str, float] = {}
    if groups is not None:
        figures = _held_out_figures(evidence, settings, groups, _reporter(progress, 0, total, {}))
    start = total - settings.steps
    model = _fitted(evidence, settings, _reporter(progress, start, total, figures))
    bridges = _bridges(evidence, model.vectors, settings)
    return replace(model, bridges=bridges, card=_card(evidence, settings, figures))


def _fitted(evidence: Evidence, settings: Settings, tick: Tick) -> JointModel:
    """Without bridges and card."""
    electorate = Electorate(evidence, settings)
    vectors = fit_votes(electorate.library_votes(evidence), settings, tick)
    return JointModel(evidence, vectors, electorate.popularity, settings)


def fit_vectors(evidence: Evidence, settings: Settings) -> Floats:
    """Only the vectors: (n, dimension) float32 unit rows."""
    return _fitted(evidence, settings, _silent).vectors


def fit_votes(votes: Any, settings: Settings, tick: Tick | None = None) -> Floats:
    """Vectors (n, dimension) for votes given as a CSR matrix (n, n) whose rows sum to 1 or are empty."""
    start = spectral_start(votes, settings.dimension, settings.seed)
    optimise = fit_dense if len(start) <= settings.dense_limit else fit_sampled
    return optimise(start, votes, settings, tick or _silent)


def _silent(step: int, loss: float) -> None:
    pass


def _reporter(progress: Progress | None, start: int, total: int, figures: Mapping[str, float]) -> Any:
    if progress is None:
        return _silent
    return lambda step, loss: progress(start + step, total, loss, figures)


def _bridges(evidence: Evidence, vectors: Floats, settings: Settings) -> dict[str, Bridge]:
    rows = {m: np.flatnonzero(evidence.present[m]) for m in evidence.modalities}
    return {
        m: Bridge.fit(
            evidence.vectors[m][known],
            vectors[known],
            width=settings.bridge_width.get(m, 0.7),
            ridge=settings.bridge_ridge.get(m, 2.0),
            seed=settings.seed,
        )
        for m, known in rows.items()
        if len(known) > 1
    }


def _card(evidence: Evidence, settings: Settings, figures: Mapping[str, float]) -> dict[str, Any]:
    return {
        "data": evidence.digest(),
        "songs": len(evidence),
        "modalities": {m: int(evidence.present[m].sum()) for m in evidence.modalities},
        "settings": settings.to_dict(),
        "figures": dict(figures),
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def _held_out_figures(evidence: Evidence, settings: Settings, groups: Sequence[str], tick: Any) -> dict[str, float]:
    from retrieval.quality.heldout import deal_folds, neighbour_recall

    fold = deal_folds(groups, 10, settings.seed)
    kept, held = np.flatnonzero(fold != 0), np.flatnonzero(fold == 0)
    if len(kept) < 3 or not len(held):
        return {}
    library = evidence.subset(kept)
    return neighbour_recall(_fitted(library, settings, tick), library, evidence.subset(held))
