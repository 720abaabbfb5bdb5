"""Other ways to bind modalities, to compare with: each fits on a library and places new songs (see heldout.Space)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from retrieval.joint.evidence import Evidence, Floats
from retrieval.joint.optimise import unit
from retrieval.quality.truth import own_neighbours

DIMENSION = 128


@dataclass(frozen=True)
class Mapped:
    """A space whose songs, seen or not, all go through one function of their evidence."""

    vectors: Floats
    place: Callable[[Evidence], Floats]

    def fold_in_many(self, songs: Evidence) -> Floats:
        return self.place(songs)

    bridge_many = fold_in_many

    def bridge(self, modality: str, vectors: Floats) -> Floats:
        count = len(vectors)
        alone = Evidence(
            tuple(str(row) for row in range(count)), {modality: vectors}, {modality: np.ones(count, np.bool_)}
        )
        return self.place(alone)


def concatenation(library: Evidence) -> Mapped:
    """All modalities side by side, each centred and of length 1, the whole of length 1; missing ones are zeros."""
    place = partial(_concatenate, library, _centres(library))
    return Mapped(place(library), place)


def principal(library: Evidence) -> Mapped:
    """The first 128 principal components of the concatenation, of length 1."""
    place = partial(_concatenate, library, _centres(library))
    whole = place(library)
    mean = whole.mean(axis=0)
    axes = np.linalg.svd(whole - mean, full_matrices=False)[2][:DIMENSION].T

    def project(songs: Evidence) -> Floats:
        return unit((place(songs) - mean) @ axes)

    return Mapped(project(library), project)


def canonical(library: Evidence, components: int = 32, ridge: float = 0.3) -> Mapped:
    """Multi-set CCA (Kettenring, 1971, the MAXVAR criterion), ridge-regularised, on songs as they are.

    Each modality's variates approximate one common configuration; a song lies at the mean of those it has.
    """
    centres, count = _centres(library), len(library)
    known = {m: library.present[m].astype(np.float64)[:, None] for m in library.modalities}
    inputs = {m: _prepared(library, centres, m).astype(np.float64) * known[m] for m in library.modalities}
    solvers, common = {}, np.zeros((count, count))
    for modality, points in inputs.items():
        inner = points.T @ points
        inner[np.diag_indices_from(inner)] += ridge * np.trace(inner) / len(inner) * 10
        solvers[modality] = np.linalg.solve(inner, points.T)
        common += points @ solvers[modality]
    weights = np.linalg.eigh(common)[1][:, ::-1][:, :components]
    maps = {m: (solvers[m] @ weights).astype(np.float32) for m in inputs}

    def place(songs: Evidence) -> Floats:
        total = np.zeros((len(songs), components), np.float32)
        for modality in songs.modalities:
            there = songs.present[modality][:, None]
            total += np.where(there, _prepared(songs, centres, modality) @ maps[modality], 0)
        return unit(total)

    return Mapped(place(library), place)


def paper_network(library: Evidence, epochs: int, seed: int) -> Mapped:
    """The paper's network, trained its way: one contracting layer a modality, then an expanding one to 128.

    Pairs are labelled as in the paper: each song with the 9 nearest of each modality (positives) and as many songs
    drawn at random among the others (negatives). The loss is contrastive with margin 0.5 on Euclidean distance, Adam
    at 0.001; missing modalities are rows of zeros. Needs torch (extra `train`).
    """
    import torch

    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    sizes = {m: library.vectors[m].shape[1] for m in library.modalities}
    network = _network(torch, sizes)
    anchor, other, label = _pairs(library, rng)
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-3)
    inputs = torch.from_numpy(_side_by_side(library, sizes))
    for _ in range(epochs):
        for part in np.array_split(rng.permutation(len(label)), -(-len(label) // 256)):
            apart = torch.nn.functional.pairwise_distance(network(inputs[anchor[part]]), network(inputs[other[part]]))
            same = torch.from_numpy(label[part])
            loss = (0.5 * same * apart**2 + (1 - same) * torch.relu(0.5 - apart) ** 2).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()

    def place(songs: Evidence) -> Floats:
        with torch.no_grad():
            return network(torch.from_numpy(_side_by_side(songs, sizes))).numpy()

    return Mapped(place(library), place)


def _network(torch: Any, sizes: dict[str, int]) -> Any:
    class Contract(torch.nn.Module):
        """One linear layer to a quarter of its size for each modality, side by side."""

        def __init__(self) -> None:
            super().__init__()
            self.layers = torch.nn.ModuleList(torch.nn.Linear(size, size // 4) for size in sizes.values())

        def forward(self, songs: Any) -> Any:
            parts = torch.split(songs, list(sizes.values()), dim=1)
            return torch.relu(torch.cat([layer(part) for layer, part in zip(self.layers, parts, strict=True)], dim=1))

    width = sum(size // 4 for size in sizes.values())
    wide = torch.nn.Linear(width, 2 * width)
    return torch.nn.Sequential(Contract(), wide, torch.nn.ReLU(), torch.nn.Linear(2 * width, DIMENSION))


def _pairs(library: Evidence, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, Floats]:
    """Rows of anchors and of their partners, and 1 for a positive pair, 0 for a negative one."""
    near = np.concatenate(list(own_neighbours(library).values()), axis=1)
    anchor = np.repeat(np.arange(len(library)), near.shape[1])[near.ravel() >= 0]
    positive = near.ravel()[near.ravel() >= 0]
    related = set(zip(anchor.tolist(), positive.tolist(), strict=True))
    drawn = rng.integers(0, len(library), len(anchor))
    fair = np.array([a != b and (a, b) not in related for a, b in zip(anchor.tolist(), drawn.tolist(), strict=True)])
    label = np.concatenate([np.ones(len(anchor)), np.zeros(fair.sum())]).astype(np.float32)
    return np.concatenate([anchor, anchor[fair]]), np.concatenate([positive, drawn[fair]]), label


def _side_by_side(songs: Evidence, sizes: dict[str, int]) -> Floats:
    """Raw vectors of all modalities in a row, zeros where a song has none."""
    blank = {m: np.zeros((len(songs), size), np.float32) for m, size in sizes.items()}
    return np.hstack(
        [np.where(songs.present[m][:, None], songs.vectors[m], 0) if m in songs.vectors else blank[m] for m in sizes]
    )


def _centres(library: Evidence) -> dict[str, Floats]:
    return {m: library.vectors[m][library.present[m]].mean(axis=0) for m in library.modalities}


def _prepared(songs: Evidence, centres: dict[str, Floats], modality: str) -> Floats:
    return unit(songs.vectors[modality] - centres[modality])


def _concatenate(library: Evidence, centres: dict[str, Floats], songs: Evidence) -> Floats:
    blocks = []
    for modality in library.modalities:
        block = np.zeros((len(songs), library.vectors[modality].shape[1]), np.float32)
        if modality in songs.vectors:
            block = np.where(songs.present[modality][:, None], _prepared(songs, centres, modality), 0)
        blocks.append(block)
    return unit(np.hstack(blocks).astype(np.float32))
