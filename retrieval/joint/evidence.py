"""What is known about each song, modality by modality, on plain arrays."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Evidence:
    """The modality vectors of a library, aligned to one list of song ids.

    ids: n distinct public ids, in row order.
    vectors: modality -> (n, dim) float32; rows of absent songs are ignored whatever they hold.
    present: modality -> (n,) bool; False means *missing*, never a point at the origin.

    Raises ValueError, naming the modality, for shapes that do not fit, values that are not finite, repeated ids,
    or a song that no modality knows.
    """

    ids: tuple[str, ...]
    vectors: Mapping[str, Floats]
    present: Mapping[str, Mask]

    def __post_init__(self) -> None:
        if len(set(self.ids)) != len(self.ids):
            raise ValueError("ids: every song id must occur once")
        if set(self.vectors) != set(self.present):
            raise ValueError("vectors, present: the same modalities are needed in both")
        for modality in self.vectors:
            self._check(modality)
        known = sum((self.present[m].astype(np.int64) for m in self.vectors), np.zeros(len(self.ids), np.int64))
        if not known.all():
            raise ValueError(
                f"ids: {(known == 0).sum()} songs have no vector at all, {self.ids[known.argmin()]} is one"
            )

    def _check(self, modality: str) -> None:
        vectors, present = self.vectors[modality], self.present[modality]
        if vectors.ndim != 2 or vectors.shape[0] != len(self.ids) or present.shape != (len(self.ids),):
            raise ValueError(f"{modality}: expected ({len(self.ids)}, dim) vectors and a mask of {len(self.ids)}")
        if vectors.dtype != np.float32 or present.dtype != np.bool_:
            raise ValueError(f"{modality}: vectors must be float32 and the mask bool")
        if not np.isfinite(vectors[present]).all():
            raise ValueError(f"{modality}: vectors must be finite")

    @classmethod
    def from_spaces(cls, spaces: Mapping[str, tuple[Sequence[str], ArrayLike]]) -> Evidence:
        """Align spaces that each list only the songs they know.

        spaces: modality -> (ids, (len(ids), dim) numbers). Songs are put in order of id, so the same catalogue
        gives the same library whatever order it was read in.
        """
        ids = tuple(sorted({song for known, _ in spaces.values() for song in known}))
        row = {song: position for position, song in enumerate(ids)}
        vectors, present = {}, {}
        for modality, (known, matrix) in spaces.items():
            vectors[modality], present[modality] = _align(modality, known, matrix, row)
        return cls(ids, vectors, present)

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def modalities(self) -> tuple[str, ...]:
        """Names in alphabetical order, so that nothing depends on how the mapping was filled."""
        return tuple(sorted(self.vectors))

    def subset(self, rows: Iterable[int]) -> Evidence:
        """The same evidence for some rows only, in the order given."""
        rows = np.asarray(list(rows), dtype=np.int64)
        return Evidence(
            tuple(self.ids[row] for row in rows),
            {m: self.vectors[m][rows] for m in self.vectors},
            {m: self.present[m][rows] for m in self.present},
        )

    def song(self, row: int, modalities: Iterable[str] | None = None) -> dict[str, Floats]:
        """What one song has: modality -> (dim,) float32, absent modalities left out."""
        return {m: self.vectors[m][row] for m in modalities or self.modalities if self.present[m][row]}

    def digest(self) -> str:
        """SHA-256 over ids, presence and the vectors that are present: the name of this very data."""
        digest = hashlib.sha256("\n".join(self.ids).encode())
        for modality in self.modalities:
            digest.update(modality.encode() + self.present[modality].tobytes())
            digest.update(np.ascontiguousarray(self.vectors[modality][self.present[modality]]).tobytes())
        return digest.hexdigest()


def _align(modality: str, known: Sequence[str], matrix: ArrayLike, row: Mapping[str, int]) -> tuple[Floats, Mask]:
    matrix = np.asarray(matrix, dtype=np.float32)
    if matrix.ndim != 2 or len(matrix) != len(known):
        raise ValueError(f"{modality}: {len(known)} ids but vectors of shape {matrix.shape}")
    if len(set(known)) != len(known):
        raise ValueError(f"{modality}: every song id must occur once")
    rows = [row[song] for song in known]
    vectors, present = np.zeros((len(row), matrix.shape[1]), np.float32), np.zeros(len(row), np.bool_)
    vectors[rows], present[rows] = matrix, True
    return vectors, present
