"""Votes: which songs a song should stand beside, as its modalities see it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.joint.evidence import Evidence, Rows
from retrieval.joint.neighbours import Neighbourhood
from retrieval.joint.settings import Settings


class Electorate:
    """The songs that may be voted for, searchable in every modality.

    Built once per library: for the votes of the library's own songs and later for those of new ones.
    """

    def __init__(self, evidence: Evidence, settings: Settings) -> None:
        self.size = len(evidence)
        self.settings = settings
        self.searchable = {m: _neighbourhood(evidence, m) for m in evidence.modalities}
        self._witness = _Witness(evidence, settings) if settings.witness in self.searchable else None

    def library_votes(self, evidence: Evidence) -> Any:
        """Votes among the library's own songs: a scipy CSR matrix (n, n) float32 whose rows sum to 1.

        Each modality gives its `neighbours` nearest the same weight; songs with an equal vector are skipped, and a
        modality that a song lacks abstains. A song without any vote has an empty row.
        """
        return self._votes(evidence, np.ones(self.settings.neighbours))

    def new_votes(self, songs: Evidence, *, together: bool = False) -> Any:
        """Votes of q songs outside the library: CSR (q, n) float32, rows sum to 1, nearer songs weigh more.

        Together, they may be voted for as well, as columns n to n + q, and all votes weigh alike, as in the library.
        """
        ranks = np.arange(self.settings.neighbours)
        if together:
            return self._votes(songs, np.ones(len(ranks)), together=True)
        return self._votes(songs, np.exp(-ranks / self.settings.fading))

    def _votes(self, songs: Evidence, by_rank: NDArray[np.float64], *, together: bool = False) -> Any:
        """by_rank: (k,) weight of a modality's nearest, second nearest ... song, shared out of the modality's own."""
        from scipy.sparse import csr_matrix

        voters, chosen, weights = [], [], []
        for modality in songs.modalities:
            if modality not in self.searchable:
                continue
            has = np.flatnonzero(songs.present[modality])
            found = self._nearest(songs, modality, has, len(by_rank), together)
            asking, rank = np.nonzero(found >= 0)
            voters.append(has[asking])
            chosen.append(found[asking, rank])
            weights.append(self.settings.weight(modality) * by_rank[rank] / by_rank.sum())
        cast = (np.concatenate(weights), (np.concatenate(voters), np.concatenate(chosen)))
        votes = csr_matrix(cast, shape=(len(songs), self.size + together * len(songs)), dtype=np.float64)
        if self._witness is not None and self._witness.modality in songs.vectors:
            self._witness.strengthen(votes, songs)
        return _rows_to_one(votes)

    def _nearest(self, songs: Evidence, modality: str, has: Rows, k: int, together: bool) -> Rows:
        asking = songs.vectors[modality][has]
        found, distances = self.searchable[modality].search(asking, k)
        if not together:
            return found
        others, apart = Neighbourhood(asking, has).search(asking, k)
        found = np.hstack([found, np.where(others < 0, others, others + self.size)])
        order = np.argsort(np.hstack([distances, apart]), axis=1, kind="stable")[:, :k]
        return np.take_along_axis(found, order, axis=1)


class _Witness:
    """Strengthens votes for songs that are also close in one trusted modality."""

    def __init__(self, evidence: Evidence, settings: Settings) -> None:
        self.modality, self.agreement = settings.witness, settings.agreement
        self.vectors, self.present = evidence.vectors[self.modality], evidence.present[self.modality]
        searchable = _neighbourhood(evidence, self.modality)
        known = np.flatnonzero(self.present)
        _, distances = searchable.search(self.vectors[known], settings.neighbours)
        last = np.where(np.isfinite(distances), distances, 0.0).max(axis=1, initial=0.0)
        self.scale = float(np.median(last[last > 0])) if (last > 0).any() else 1.0

    def strengthen(self, votes: Any, songs: Evidence) -> None:
        """Multiply each vote by 1 + agreement * exp(-d²/scale), scale = the library's median 9th-neighbour d²."""
        voters = np.repeat(np.arange(votes.shape[0]), np.diff(votes.indptr))
        vectors, present = self.vectors, self.present
        if votes.shape[1] > len(present):
            vectors = np.concatenate([vectors, songs.vectors[self.modality]])
            present = np.concatenate([present, songs.present[self.modality]])
        both = np.flatnonzero(songs.present[self.modality][voters] & present[votes.indices])
        for part in np.array_split(both, max(1, len(both) // 65_536)):
            here = songs.vectors[self.modality][voters[part]].astype(np.float64)
            difference = here - vectors[votes.indices[part]]
            distance = np.einsum("nd,nd->n", difference, difference)
            votes.data[part] *= 1 + self.agreement * np.exp(-distance / self.scale)


def _neighbourhood(evidence: Evidence, modality: str) -> Neighbourhood:
    rows = np.flatnonzero(evidence.present[modality])
    return Neighbourhood(evidence.vectors[modality][rows], rows)


def _rows_to_one(votes: Any) -> Any:
    total = np.asarray(votes.sum(axis=1)).ravel()
    votes.data /= np.repeat(np.where(total > 0, total, 1.0), np.diff(votes.indptr))
    return votes.astype(np.float32)
