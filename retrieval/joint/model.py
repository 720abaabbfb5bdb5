"""The fitted joint space: its vectors, new songs, bridges, and the folder or file it is kept in."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from retrieval.joint.bridge import Bridge
from retrieval.joint.evidence import Evidence, Floats
from retrieval.joint.optimise import place, place_together, unit
from retrieval.joint.settings import Settings
from retrieval.joint.votes import Electorate

FORMAT = 1


class DamagedModel(ValueError):
    """A file that is not a joint space of this format, or not a whole one."""


@dataclass(frozen=True)
class JointModel:
    """One space that binds all modalities.

    evidence: the library it was fitted on. vectors: (n, dimension) float32 unit rows in the order of `evidence.ids`.
    popularity: (n,) float32 votes each song got. bridges: modality -> Bridge. card: what it was made from, and how
    good it is (plain JSON values).
    """

    evidence: Evidence
    vectors: Floats
    popularity: Floats
    settings: Settings
    bridges: Mapping[str, Bridge] = field(default_factory=dict)
    card: dict[str, Any] = field(default_factory=dict)

    @property
    def ids(self) -> tuple[str, ...]:
        return self.evidence.ids

    @cached_property
    def _electorate(self) -> Electorate:
        return Electorate(self.evidence, self.settings, self.popularity)

    def fold_in(self, evidence: Mapping[str, ArrayLike]) -> Floats:
        """Place one new song by what is known of it; the library does not move.

        evidence: modality -> (dim,) vector; leave out what is missing. Returns (dimension,) float32, unit length.
        Raises ValueError for no evidence, an unknown modality, a wrong dimension or values that are not finite.
        """
        return self.fold_in_many(_one_song(evidence))[0]

    def fold_in_many(self, songs: Evidence, *, together: bool = False) -> Floats:
        """Place many songs: (len(songs), dimension) float32 unit rows.

        Each on its own, as fold_in does; or together, when they may vote for each other too: give all songs that came
        since the fit, and those of one new album find each other. Together costs len(songs) * (n + len(songs)).
        """
        self._check_modalities(songs)
        votes = self._electorate.new_votes(songs, together=together)
        return (place_together if together else place)(votes, self.vectors, self.settings)

    def bridge(self, modality: str, vectors: ArrayLike) -> Floats:
        """Joint vectors for queries that are one modality only (a cover, a clip, a sentence).

        vectors: (dim,) or (q, dim). Returns (dimension,) or (q, dimension) float32 unit rows. Raises ValueError for a
        modality without a bridge, a wrong dimension or values that are not finite.
        """
        if modality not in self.bridges:
            raise ValueError(f"modality: no bridge from {modality}; there is one from {', '.join(self.bridges)}")
        queries = np.asarray(vectors, dtype=np.float32)
        if not np.isfinite(queries).all():
            raise ValueError(f"{modality}: vectors must be finite")
        joint = unit(self.bridges[modality](np.atleast_2d(queries)))
        return joint[0] if queries.ndim == 1 else joint

    def bridge_many(self, songs: Evidence) -> Floats:
        """Joint vectors (len(songs), dimension) float32 by the bridges of all modalities that each song has, averaged.

        Smoother than fold_in, which knows neighbours: this is where a song *of that kind* would be.
        """
        self._check_modalities(songs)
        total = np.zeros((len(songs), self.vectors.shape[1]), np.float32)
        for modality in songs.modalities:
            has = np.flatnonzero(songs.present[modality])
            weight = np.float32(self.settings.bridge_weights.get(modality, 1.0))
            total[has] += weight * self.bridges[modality](songs.vectors[modality][has])
        return unit(total)

    def _check_modalities(self, songs: Evidence) -> None:
        for modality in songs.modalities:
            if modality not in self.evidence.vectors:
                known = ", ".join(self.evidence.modalities)
                raise ValueError(f"modality: this space knows nothing of {modality}; it binds {known}")
            dimension = self.evidence.vectors[modality].shape[1]
            if songs.vectors[modality].shape[1] != dimension:
                raise ValueError(f"{modality}: expected {dimension} values, not {songs.vectors[modality].shape[1]}")

    def save(self, path: Path | str) -> None:
        """Write the space to one .npz file, aside first and then swapped in, so that no half of it is ever seen."""
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=path.parent, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as stream:
                np.savez(stream, **self._arrays())  # type: ignore[arg-type]  # the stubs take every name for allow_pickle
            os.replace(aside, path)
        except BaseException:
            os.unlink(aside)
            raise

    def _arrays(self) -> dict[str, np.ndarray]:
        head = {"format": FORMAT, "settings": self.settings.to_dict(), "card": self.card}
        arrays = {"head": np.array(json.dumps(head)), "ids": np.array(self.ids, dtype=np.str_), "joint": self.vectors}
        arrays["popularity"] = self.popularity
        for modality in self.evidence.modalities:
            arrays[f"vectors/{modality}"] = self.evidence.vectors[modality]
            arrays[f"present/{modality}"] = self.evidence.present[modality]
        for modality, bridge in self.bridges.items():
            arrays |= {f"bridge/{modality}/{name}": np.asarray(value) for name, value in vars(bridge).items()}
        return arrays

    @classmethod
    def load(cls, path: Path | str) -> JointModel:
        """Read what `save` wrote. Raises FileNotFoundError, or DamagedModel when the file is anything else."""
        try:
            with np.load(path, allow_pickle=False) as stored:
                return cls._from_arrays({name: stored[name] for name in stored.files})
        except (KeyError, TypeError, ValueError, EOFError, AttributeError, zipfile.BadZipFile) as error:
            raise DamagedModel(f"{Path(path).name} is not a whole joint space: fit it again") from error

    @classmethod
    def _from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> JointModel:
        head = json.loads(str(arrays["head"]))
        if head["format"] != FORMAT:
            raise ValueError(f"format {head['format']}, not {FORMAT}")
        modalities = [name.removeprefix("vectors/") for name in arrays if name.startswith("vectors/")]
        vectors = {m: arrays[f"vectors/{m}"] for m in modalities}
        present = {m: arrays[f"present/{m}"] for m in modalities}
        evidence = Evidence(tuple(arrays["ids"].tolist()), vectors, present)
        shape = len(evidence), head["settings"]["dimension"]
        if arrays["joint"].shape != shape or arrays["popularity"].shape != shape[:1]:
            raise ValueError("joint vectors do not fit the ids")
        bridges = {m: _bridge(arrays, m) for m in modalities if f"bridge/{m}/weights" in arrays}
        settings = Settings(**head["settings"])
        return cls(evidence, arrays["joint"], arrays["popularity"], settings, bridges, head["card"])


def _bridge(arrays: Mapping[str, np.ndarray], modality: str) -> Bridge:
    names = ("landmarks", "weights", "centre")
    parts = {name: arrays[f"bridge/{modality}/{name}"] for name in names}
    return Bridge(width=float(arrays[f"bridge/{modality}/width"]), **parts)


def _one_song(evidence: Mapping[str, ArrayLike]) -> Evidence:
    vectors = {m: np.atleast_2d(np.asarray(vector, dtype=np.float32)) for m, vector in evidence.items()}
    if not vectors:
        raise ValueError("evidence: at least one modality is needed to place a song")
    for modality, vector in vectors.items():
        if vector.shape[0] != 1 or vector.ndim != 2:
            raise ValueError(f"{modality}: expected one vector (dim,), not shape {np.shape(evidence[modality])}")
    return Evidence(("new",), vectors, {m: np.ones(1, np.bool_) for m in vectors})
