"""All figures of a space at once, by the clean protocol or by the paper's."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np

from retrieval.joint.evidence import Floats, Mask, Rows
from retrieval.quality import metrics
from retrieval.quality.ranking import rankings
from retrieval.quality.truth import Truth

DEPTHS = (10, 15, 20, 25)
FAR = 50  # depth of R@50 and worst@50, and of the list that the published protocol retrieves
NEAR = 10  # depth of the figures on artists and genres
PROTOCOLS = ("clean", "published")


def evaluate(
    vectors: Floats,
    truth: Truth,
    *,
    protocol: str = "clean",
    present: Mask | None = None,
    queries: Rows | None = None,
    seed: int = 0,
) -> dict[str, float]:
    """Every figure of one space, exact and deterministic.

    vectors: (n, d) in the order of `truth`. present: (n,) songs that have a vector here; the others can neither be
    found nor ask. queries: rows to ask for, all by default (a seeded sample bounds the time on a large library:
    n log n per query).

    clean: the query is removed, positives are a set, recall and nDCG are over all of them.
    published: 50 songs are retrieved, the query among them counting as a miss; recall and nDCG's ideal are over the
    positives found in those 50, average precision over those in the first k. A better space finds more and so scores
    a *lower* recall there: it is kept to compare with the paper, not to choose by.

    Keys: P@k R@k nDCG@k MAP@k MRR@k hit@k for k of 10, 15, 20, 25; and, clean only, R@50, Rprec, own@50/<modality>,
    worst@50, genreX@10, artist@10, kNN, knnX, NMI, hubness. A figure without any song to measure it on is left out.
    Raises ValueError for another protocol or vectors that do not fit.
    """
    if protocol not in PROTOCOLS:
        raise ValueError(f"protocol: clean or published, not {protocol}")
    if vectors.ndim != 2 or len(vectors) != len(truth):
        raise ValueError(f"vectors: expected ({len(truth)}, d), not {vectors.shape}")
    present = np.ones(len(truth), np.bool_) if present is None else present
    asked = np.arange(len(truth)) if queries is None else np.asarray(queries, np.int64)
    tally = _Tally(truth)
    nearest = []
    for row, order, _ in rankings(vectors, asked[present[asked]], present):
        if protocol == "published":
            tally.published(row, order)
        else:
            tally.clean(row, order)
            nearest.append(order[:NEAR])
    figures = tally.means()
    if protocol == "clean":
        figures |= _whole_space(vectors, truth, present, seed)
        if nearest and len(nearest[0]):
            figures["hubness"] = metrics.hubness(np.concatenate(nearest), len(truth))
    return figures


class _Tally:
    """Collects each figure's value query by query; a query that a figure is not defined for adds nothing."""

    def __init__(self, truth: Truth) -> None:
        self.truth = truth
        self.artist = np.array(truth.artists)
        self.first = np.array([genres[0] if genres else "" for genres in truth.genres])
        self.genres = [frozenset(genres) for genres in truth.genres]
        self.songs_of = Counter(truth.artists)
        self.values: dict[str, list[float]] = defaultdict(list)

    def means(self) -> dict[str, float]:
        figures = {name: float(np.mean(values)) for name, values in self.values.items()}
        own = [value for name, value in figures.items() if name.startswith("own@50/")]
        return figures | ({"worst@50": min(own)} if own else {})

    def add(self, name: str, value: float) -> None:
        self.values[name].append(value)

    def published(self, row: int, order: Rows) -> None:
        positives = self.truth.positives[row]
        retrieved = [row, *order[: FAR - 1].tolist()]
        relevant = np.array([other in positives for other in retrieved])
        self._at_depths(relevant, int(relevant.sum()), found_only=True)

    def clean(self, row: int, order: Rows) -> None:
        positives = self.truth.positives[row]
        relevant = np.isin(order, np.fromiter(positives, np.int64, len(positives)))
        if positives:
            self._at_depths(relevant, len(positives), found_only=False)
            self.add("R@50", metrics.recall(relevant, FAR, len(positives)))
            self.add("Rprec", metrics.precision(relevant, len(positives)))
        self._own(row, order)
        self._artist(row, order)
        self._genre(row, order)

    def _at_depths(self, relevant: metrics.Relevance, total: int, *, found_only: bool) -> None:
        for k in DEPTHS:
            within = int(relevant[:k].sum()) if found_only else total
            self.add(f"P@{k}", metrics.precision(relevant, k))
            self.add(f"R@{k}", metrics.recall(relevant, k, total))
            self.add(f"nDCG@{k}", metrics.ndcg(relevant, k, total))
            self.add(f"MAP@{k}", metrics.average_precision(relevant, k, within))
            self.add(f"MRR@{k}", metrics.reciprocal_rank(relevant, k))
            self.add(f"hit@{k}", metrics.hit(relevant, k))

    def _own(self, row: int, order: Rows) -> None:
        for modality, own in self.truth.own.items():
            wanted = own[row][own[row] >= 0]
            if len(wanted):
                self.add(f"own@50/{modality}", float(np.isin(wanted, order[:FAR]).mean()))

    def _artist(self, row: int, order: Rows) -> None:
        others = self.songs_of[self.artist[row]] - 1
        if others:
            same = self.artist[order[:NEAR]] == self.artist[row]
            self.add("artist@10", float(same.sum()) / min(NEAR, others))

    def _genre(self, row: int, order: Rows) -> None:
        if not self.first[row]:
            return
        strangers = order[self.artist[order] != self.artist[row]]
        if len(strangers):
            shared = [not self.genres[row].isdisjoint(self.genres[other]) for other in strangers[:NEAR]]
            self.add("genreX@10", float(np.mean(shared)))
        for name, pool in (("kNN", order), ("knnX", strangers)):
            voters = self.first[pool[self.first[pool] != ""][:NEAR]]
            if len(voters):
                self.add(name, float(metrics.majority(voters.tolist()) == self.first[row]))


def _whole_space(vectors: Floats, truth: Truth, present: Mask, seed: int) -> dict[str, float]:
    labelled = np.flatnonzero([bool(genres) for genres in truth.genres] & present)
    if len(labelled) < 2:
        return {}
    return {
        "NMI": metrics.cluster_agreement(
            vectors[labelled], [truth.genres[row][0] for row in labelled.tolist()], seed=seed
        )
    }
