"""The published release as the tests read it: by their own eyes, without the importer's help."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

# bare name of a space → stem of its files
STEMS = {"joint": "fairouz", "text": "text", "image": "image", "audio": "audio", "graph": "graph"}


class Release:
    """Tracks and matrices of a release folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._spaces: dict[str, BruteForce] = {}

    @cached_property
    def tracks(self) -> dict[str, dict[str, Any]]:
        return json.loads((self.folder / "tracks.json").read_text(encoding="utf-8"))

    @cached_property
    def ids(self) -> list[str]:
        """Public ids in the order of the matrices' rows."""
        rows = json.loads((self.folder / "id_to_track_mapping.json").read_text(encoding="utf-8"))
        return [rows[str(row)] for row in range(len(rows))]

    def space(self, name: str) -> BruteForce:
        if name not in self._spaces:
            matrix = np.load(self.folder / f"{STEMS[name]}_np.npy").astype(np.float32)
            self._spaces[name] = BruteForce(self.ids, matrix)
        return self._spaces[name]

    def lacking(self, name: str) -> set[str]:
        """Public ids of the songs whose row is all zeros."""
        return set(self.ids) - set(self.space(name).ids)


class BruteForce:
    """Exhaustive search in float64 over the rows that are not zero, ties by public id."""

    def __init__(self, ids: list[str], matrix: np.ndarray) -> None:
        there = [row for row in range(len(ids)) if np.count_nonzero(matrix[row])]
        self.ids = [ids[row] for row in there]
        self.matrix = matrix[there]
        self._row = {public_id: row for row, public_id in enumerate(self.ids)}
        self._by_id = np.argsort(np.argsort(np.array(self.ids)))
        self._wide = self.matrix.astype(np.float64)
        self._found: dict[str, tuple[list[str], np.ndarray]] = {}

    def vector(self, public_id: str) -> np.ndarray:
        return self.matrix[self._row[public_id]]

    def ranked(self, public_id: str) -> tuple[list[str], np.ndarray]:
        """All other songs, nearest first, with their squared L2 distances."""
        if public_id not in self._found:
            row = self._row[public_id]
            difference = self._wide - self._wide[row]
            distances = np.einsum("nd,nd->n", difference, difference)
            order = [other for other in np.lexsort((self._by_id, distances)) if other != row]
            self._found[public_id] = [self.ids[other] for other in order], distances[order]
        return self._found[public_id]

    def farther(self, public_id: str) -> np.ndarray:
        """For each song of `ranked`, the share of the other songs that are strictly farther from the query."""
        distances = self.ranked(public_id)[1]
        return (len(distances) - np.searchsorted(distances, distances, side="right")) / len(distances)
