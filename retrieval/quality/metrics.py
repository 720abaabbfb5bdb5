"""How good a space is. One definition per figure; each takes arrays and returns a number.

Relevance is a row of booleans, the nearest song first. The paper's protocol and the clean one differ only in what
they hand to these functions: see `protocols`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retrieval.joint.evidence import Floats, Mask, Rows

Relevance = NDArray[np.bool_]


def precision(relevant: Relevance, k: int) -> float:
    """Share of the first k that are relevant."""
    return float(relevant[:k].sum()) / k


def recall(relevant: Relevance, k: int, total: int) -> float:
    """Share of the `total` relevant songs that are among the first k; 0 when there are none."""
    return float(relevant[:k].sum()) / total if total else 0.0


def hit(relevant: Relevance, k: int) -> float:
    """1 when anything relevant is among the first k (its mean is the hit rate)."""
    return float(relevant[:k].any())


def reciprocal_rank(relevant: Relevance, k: int) -> float:
    """1 / rank of the first relevant song, 0 when it is beyond k (its mean is the MRR)."""
    return 1.0 / (int(np.argmax(relevant[:k])) + 1) if relevant[:k].any() else 0.0


def average_precision(relevant: Relevance, k: int, total: int) -> float:
    """Sum of the precision at each relevant rank up to k, over min(k, total) (its mean is the MAP at k)."""
    ranks = np.flatnonzero(relevant[:k])
    return float((np.arange(1, len(ranks) + 1) / (ranks + 1)).sum()) / min(k, total) if total else 0.0


def ndcg(relevant: Relevance, k: int, total: int) -> float:
    """Discounted gain (1 / log2(rank + 1)) of the first k over that of `total` relevant songs coming first.

    Järvelin and Kekäläinen, 2002, with gains of 0 and 1.
    """
    discount = 1.0 / np.log2(np.arange(2, k + 2))
    best = discount[:total].sum()
    found = relevant[:k]
    return float(discount[: len(found)][found].sum() / best) if best else 0.0


def majority(genres: Sequence[str]) -> str:
    """The most frequent genre; of equals, the one that comes first."""
    counts = Counter(genres)
    return max(counts, key=counts.__getitem__) if counts else ""


def cluster_agreement(vectors: Floats, labels: Sequence[str], *, clusters: int = 15, seed: int = 0) -> float:
    """Normalised mutual information of k-means clusters with labels, mean of 5 seeded runs, 0..1.

    vectors: (n, d) of the songs that have a label. One run moves by a few hundredths with its start; their mean
    moves by less than one.
    """
    from sklearn.cluster import KMeans
    from sklearn.metrics import normalized_mutual_info_score

    clusters = min(clusters, len(vectors))
    if clusters < 2:
        return 0.0
    runs = (KMeans(clusters, n_init=1, random_state=seed + run).fit_predict(vectors) for run in range(5))
    return float(np.mean([normalized_mutual_info_score(labels, run) for run in runs]))


def hubness(nearest: Rows, songs: int) -> float:
    """Skewness of how often each song is among the k nearest of others; near 0 is even, above 1 has hubs.

    nearest: (q, k) rows. Radovanović, Nanopoulos and Ivanović, 2010.
    """
    counts = np.bincount(nearest.ravel(), minlength=songs).astype(np.float64)
    spread = counts.std()
    return float(((counts - counts.mean()) ** 3).mean() / spread**3) if spread else 0.0


def strict_recall(queries: Floats, targets: Floats, k: int = 10, has: Mask | None = None) -> float:
    """Share of songs found among the k nearest targets by a query made from something the target was not made from.

    queries, targets: (n, d), row i of both being the same song. has: (n,) the songs that have a query. Every target
    competes, and of equally distant ones half count as nearer.
    """
    chosen = np.arange(len(queries)) if has is None else np.flatnonzero(has)
    if not len(chosen):
        return 0.0
    wide, q = targets.astype(np.float64), queries[chosen].astype(np.float64)
    distances = np.square(q).sum(1)[:, None] + np.square(wide).sum(1)[None] - 2 * q @ wide.T
    own = distances[np.arange(len(chosen)), chosen][:, None]
    ahead = (distances < own - 1e-12).sum(1) + ((np.abs(distances - own) <= 1e-12).sum(1) - 1) / 2
    return float((ahead < k).mean())
