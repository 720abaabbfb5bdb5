"""How a space treats songs it has never seen: whole artists held out, nothing of them in the fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike

from retrieval.joint.evidence import Evidence, Floats, Rows
from retrieval.quality.metrics import strict_recall
from retrieval.quality.protocols import evaluate
from retrieval.quality.ranking import rankings
from retrieval.quality.truth import Truth, library_neighbours, part_of

CHOSEN_BY = ("P@10", "R@50", "genreX@10", "artist@10")


class Space(Protocol):
    """What is measured: a fitted space that can place new songs. JointModel is one, the benchmark has others."""

    @property
    def vectors(self) -> Floats: ...

    def fold_in_many(self, songs: Evidence) -> Floats: ...

    def bridge(self, modality: str, vectors: ArrayLike) -> Floats: ...

    def bridge_many(self, songs: Evidence) -> Floats: ...


Binder = Callable[[Evidence], Space]
"""Fits a space on a library, and on nothing else."""


def deal_folds(groups: Sequence[str], folds: int = 5, seed: int = 0) -> Rows:
    """Fold (n,) of each song: songs of one group (the artist) stay together.

    Groups, largest first and shuffled by seed among equals, go each to the fold that has the fewest songs so far.
    """
    if folds < 2:
        raise ValueError(f"folds: at least 2, not {folds}")
    sizes = Counter(groups)
    names = sorted(sizes)
    np.random.default_rng(seed).shuffle(names)
    load, fold_of = [0] * folds, {}
    for name in sorted(names, key=lambda name: -sizes[name]):
        fold_of[name] = load.index(min(load))
        load[fold_of[name]] += sizes[name]
    return np.array([fold_of[group] for group in groups])


def held_out(evidence: Evidence, truth: Truth, bind: Binder, *, folds: int = 5, seed: int = 0) -> dict[str, float]:
    """Figures of songs of unseen artists, means over folds.

    In each fold `bind` sees only the other folds' songs; each held-out song is then placed on its own, and asks the
    whole catalogue, seen and unseen. cross/<modality> is strict cross-modal recall@10 among the unseen alone.
    """
    fold = deal_folds(truth.artists, folds, seed)
    parts = [(np.flatnonzero(fold != f), np.flatnonzero(fold == f)) for f in range(folds)]
    runs = [_one_fold(evidence, truth, bind, seen, unseen) for seen, unseen in parts]
    return {name: float(np.mean([run[name] for run in runs if name in run])) for name in runs[0]}


def _one_fold(evidence: Evidence, truth: Truth, bind: Binder, seen: Rows, unseen: Rows) -> dict[str, float]:
    space, songs = bind(evidence.subset(seen)), evidence.subset(unseen)
    vectors = np.empty((len(evidence), space.vectors.shape[1]), np.float32)
    vectors[seen], vectors[unseen] = space.vectors, space.fold_in_many(songs)
    figures = evaluate(vectors, truth, queries=unseen)
    for whole in ("NMI", "hubness"):  # they speak of all songs, most of which were seen
        figures.pop(whole, None)
    return figures | cross_modal(space, songs)


def cross_modal(space: Space, songs: Evidence, k: int = 10) -> dict[str, float]:
    """cross/<modality>: strict recall@k of songs asked for by that one modality.

    Query and target both come over the bridges, the target from the song's *other* modalities only, so that no query
    is answered by itself; chance is k / len(songs). Songs without the modality, or with no other, do not take part.
    """
    figures = {}
    for modality in songs.modalities:
        others = [m for m in songs.modalities if m != modality]
        known = np.any([songs.present[m] for m in others], axis=0) if others else np.zeros(len(songs), np.bool_)
        rows = np.flatnonzero(known)
        asks = songs.present[modality][rows]
        if not asks.any():
            continue
        part = songs.subset(rows)
        targets = space.bridge_many(
            Evidence(part.ids, {m: part.vectors[m] for m in others}, {m: part.present[m] for m in others})
        )
        queries = np.zeros_like(targets)
        queries[asks] = space.bridge(modality, part.vectors[modality][asks])
        figures[f"cross/{modality}"] = strict_recall(queries, targets, k, asks)
    return figures


def choose(evidence: Evidence, truth: Truth, candidates: Mapping[str, Binder], *, seed: int = 0) -> str:
    """The candidate that treats held-out artists best, by the mean of CHOSEN_BY over 5 folds.

    Given a training part only, it makes the inner loop of a nested evaluation.
    """
    scores = {name: held_out(evidence, truth, bind, seed=seed) for name, bind in candidates.items()}
    return max(scores, key=lambda name: float(np.mean([scores[name].get(figure, 0.0) for figure in CHOSEN_BY])))


def nested(
    evidence: Evidence, truth: Truth, candidates: Mapping[str, Binder], *, folds: int = 5, seed: int = 0
) -> tuple[dict[str, float], list[str]]:
    """Held-out figures when the settings too are chosen without the held-out songs, and what each fold chose."""
    chosen: list[str] = []
    whole = {song: row for row, song in enumerate(evidence.ids)}

    def bind(library: Evidence) -> Space:
        rows = np.array([whole[song] for song in library.ids])
        chosen.append(choose(library, part_of(truth, evidence, rows), candidates, seed=seed + 1))
        return candidates[chosen[-1]](library)

    return held_out(evidence, truth, bind, folds=folds, seed=seed), chosen


def neighbour_recall(space: Space, library: Evidence, songs: Evidence, depth: int = 50) -> dict[str, float]:
    """Of each unseen song's 9 nearest library songs per modality, the share within `depth` of where it was placed.

    Keys own@50/<modality> and worst@50. Needs no labels, so any library can be watched by it.
    """
    joined = np.concatenate([space.vectors, space.fold_in_many(songs)])
    seen = np.arange(len(joined)) < len(library)
    around = [order[:depth] for _, order, _ in rankings(joined, np.flatnonzero(~seen), seen)]
    figures = {}
    for modality in songs.modalities:
        wanted = library_neighbours(library, songs, modality)
        asking = np.flatnonzero(wanted[:, 0] >= 0)
        shares = [np.isin(wanted[row][wanted[row] >= 0], around[row]).mean() for row in asking]
        if shares:
            figures[f"own@{depth}/{modality}"] = float(np.mean(shares))
    return figures | ({f"worst@{depth}": min(figures.values())} if figures else {})
