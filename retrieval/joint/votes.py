"""Votes: which songs a song should stand beside, as its modalities see it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrieval.joint.evidence import Evidence, Floats, Rows
from retrieval.joint.neighbours import Neighbourhood
from retrieval.joint.settings import Settings

SCALE_SAMPLE = 2_000  # songs that tell how far the 9th neighbour typically is


class Electorate:
    """The songs that may be voted for, searchable in every modality.

    Built once per library: for the votes of the library's own songs and later for those of new ones.
    popularity: (n,) float32 votes that each song got from the library, known once library_votes has counted them.
    """

    def __init__(self, evidence: Evidence, settings: Settings, popularity: Floats | None = None) -> None:
        self.size = len(evidence)
        self.popularity = np.ones(self.size, np.float32) if popularity is None else popularity
        self.settings = settings
        self.searchable = {m: _neighbourhood(evidence, m) for m in evidence.modalities}
        trusted = self.searchable.get(settings.witness)
        self._witness = None if trusted is None else _Witness(trusted, evidence, settings)

    def library_votes(self, evidence: Evidence) -> Any:
        """Votes among the library's own songs: a scipy CSR matrix (n, n) float32 whose rows sum to 1.

        Each modality gives its `neighbours` nearest the same weight; songs with an equal vector are skipped, and a
        modality that a song lacks abstains. A song without any vote has an empty row.
        """
        votes = self._votes(evidence, np.ones(self.settings.neighbours))
        self.popularity = np.maximum(np.bincount(votes.indices, minlength=self.size), 1).astype(np.float32)
        return self._shares(votes)

    def new_votes(self, songs: Evidence, *, together: bool = False) -> Any:
        """Votes of q songs outside the library: CSR (q, n) float32, rows sum to 1, nearer songs weigh more.

        Together, they may be voted for as well, as columns n to n + q, and all votes weigh alike, as in the library.
        """
        ranks = np.arange(self.settings.neighbours)
        by_rank = np.ones(len(ranks)) if together else np.exp(-ranks / self.settings.fading)
        return self._shares(self._votes(songs, by_rank, together=together))

    def _shares(self, votes: Any) -> Any:
        """Votes discounted by popularity, as shares that sum to 1 a song; a newcomer is as popular as the typical song."""
        newcomers = np.full(votes.shape[1] - self.size, np.median(self.popularity))
        popularity = np.concatenate([self.popularity, newcomers])
        votes.data *= popularity[votes.indices] ** -self.settings.modesty
        return _rows_to_one(votes)

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
        return votes

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

    def __init__(self, searchable: Neighbourhood, evidence: Evidence, settings: Settings) -> None:
        self.modality, self.agreement = settings.witness, settings.agreement
        self.vectors, self.present = evidence.vectors[self.modality], evidence.present[self.modality]
        some = np.random.default_rng(settings.seed).permutation(np.flatnonzero(self.present))[:SCALE_SAMPLE]
        _, distances = searchable.search(self.vectors[some], settings.neighbours)
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
