"""What a space is measured against: artists, genres, positives, each modality's own neighbours."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.joint.evidence import Evidence, Rows
from retrieval.joint.neighbours import Neighbourhood

OWN = 9  # neighbours a modality contributes to the positives, as in the paper


@dataclass(frozen=True)
class Truth:
    """Facts about n songs, in row order; no metric looks anywhere else.

    artists: (n,) the artist of each song. genres: (n,) its genres, the first one first; empty when unknown.
    positives: (n,) the rows that should be found for each song, as sets without the song itself.
    own: modality -> (n, 9) rows of its nearest in that modality, -1 where there is none.
    """

    artists: Sequence[str]
    genres: Sequence[Sequence[str]]
    positives: Sequence[frozenset[int]]
    own: Mapping[str, Rows]

    def __post_init__(self) -> None:
        if not len(self.artists) == len(self.genres) == len(self.positives):
            raise ValueError("artists, genres and positives must be of equal length")
        if any(row in found for row, found in enumerate(self.positives)):
            raise ValueError("positives: no song is its own positive")

    def __len__(self) -> int:
        return len(self.artists)

    @classmethod
    def of(
        cls,
        evidence: Evidence,
        artists: Mapping[str, str],
        genres: Mapping[str, Sequence[str]],
        positives: Mapping[str, Collection[str]] | None = None,
    ) -> Truth:
        """Facts keyed by song id, put in the order of `evidence`.

        Without positives (a library of one's own has none) they are made as the paper's were: the 9 nearest of each
        modality, exact duplicates skipped. Ids unknown to `evidence` are ignored among positives.
        """
        own = own_neighbours(evidence)
        row = {song: position for position, song in enumerate(evidence.ids)}
        if positives is None:
            together = np.concatenate(list(own.values()), axis=1)
            sets = [frozenset(found[found >= 0].tolist()) for found in together]
        else:
            named = (positives.get(song, ()) for song in evidence.ids)
            sets = [frozenset(row[s] for s in some if s in row) - {i} for i, some in enumerate(named)]
        return cls(
            [artists.get(song, song) for song in evidence.ids],
            [tuple(genres.get(song, ())) for song in evidence.ids],
            sets,
            own,
        )


def part_of(truth: Truth, evidence: Evidence, rows: Rows) -> Truth:
    """The truth about some rows only, as if the other songs did not exist.

    evidence: that of the whole truth. Positives outside `rows` are dropped and own neighbours found anew.
    """
    new = {int(old): position for position, old in enumerate(rows)}
    return Truth(
        [truth.artists[row] for row in rows],
        [truth.genres[row] for row in rows],
        [frozenset(new[other] for other in truth.positives[row] if other in new) for row in rows],
        own_neighbours(evidence.subset(rows)),
    )


def own_neighbours(evidence: Evidence) -> dict[str, Rows]:
    """modality -> (n, 9) rows of each song's nearest, exact duplicates skipped; -1 where missing."""
    return {modality: library_neighbours(evidence, evidence, modality) for modality in evidence.modalities}


def library_neighbours(library: Evidence, songs: Evidence, modality: str) -> Rows:
    """(len(songs), 9) library rows nearest to each song in one modality, equal vectors skipped; -1 where missing."""
    known, asking = np.flatnonzero(library.present[modality]), np.flatnonzero(songs.present[modality])
    nearest = np.full((len(songs), OWN), -1, np.int64)
    if len(known) and len(asking):
        search = Neighbourhood(library.vectors[modality][known], known).search
        nearest[asking] = search(songs.vectors[modality][asking], OWN)[0]
    return nearest
