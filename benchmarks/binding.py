"""How well do the ways of binding modalities bind?  [FULL=1] python benchmarks/binding.py [--quick] [--scaling]

Tables on the published release, definitions in docs/joint-space.md:
1. transductive: every song was seen. Published vectors, each modality alone, and all ways of binding;
2. held out by artist in 5 folds: fitted without the songs that then ask; strict cross-modal recall@10 besides;
3. the settings of ours chosen inside each fold (nested), and votes scattered at random (chance);
4. seconds to bind 1,000, 10,000 and (FULL) 100,000 made-up songs.

Quick: one seed, 10 epochs of the paper's network (when torch is there: extra `train`), no 100,000 songs.
FULL=1: three seeds, mean ± standard deviation, 20 epochs.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.common import machine, release_folder
from benchmarks.rivals import canonical, concatenation, paper_network, principal
from retrieval.joint.evidence import Evidence, Floats, Mask
from retrieval.joint.fit import fit, fit_votes
from retrieval.joint.model import JointModel
from retrieval.joint.settings import Settings
from retrieval.joint.votes import Electorate
from retrieval.quality.heldout import Binder, held_out, neighbour_recall, nested
from retrieval.quality.protocols import evaluate
from retrieval.quality.truth import Truth

COLUMNS = ("P@10", "R@50", "worst@50", "genreX@10", "artist@10", "kNN", "knnX", "NMI", "Rprec", "hubness")
UNSEEN = ("P@10", "R@50", "worst@50", "genreX@10", "artist@10", "knnX")
ACROSS = ("cross/audio", "cross/graph", "cross/image", "cross/text")
PAPER = ("P@10", "R@10", "MAP@10", "nDCG@10", "MRR@10", "hit@10")
MODALITIES = ("audio", "graph", "image", "text")
Row = list[Mapping[str, float]]
Space = tuple[list[Floats], Mask]

# Between what a listener could want: even votes, a trusted graph, more trust still, sharper and softer placing.
CHOICES = {
    "default": Settings(),
    "even votes": Settings(weights={}, agreement=0.0),
    "graph doubled": Settings(weights={"graph": 2.0}, agreement=0.0),
    "more agreement": Settings(agreement=1.0),
    "sharper": Settings(new_temperature=0.042, fading=3.0),
    "softer": Settings(new_temperature=0.07, fading=5.0),
}


@dataclass(frozen=True)
class Together:
    """Ours, when the new songs arrive at once and may vote for each other; the library stays frozen all the same."""

    model: JointModel

    @property
    def vectors(self) -> Floats:
        return self.model.vectors

    def fold_in_many(self, songs: Evidence) -> Floats:
        return self.model.fold_in_many(songs, together=True)

    def bridge(self, modality: str, vectors: Floats) -> Floats:
        return self.model.bridge(modality, vectors)

    def bridge_many(self, songs: Evidence) -> Floats:
        return self.model.bridge_many(songs)


def read_release(folder: Path) -> tuple[Evidence, Truth, Floats]:
    """Evidence (rows of zeros are missing), truth, and the published joint vectors in the same order."""
    rows = json.loads((folder / "id_to_track_mapping.json").read_text(encoding="utf-8"))
    ids = [rows[str(row)] for row in range(len(rows))]
    spaces = {}
    for modality in MODALITIES:
        matrix = np.load(folder / f"{modality}_np.npy").astype(np.float32)
        there = np.flatnonzero(matrix.any(axis=1))
        spaces[modality] = ([ids[row] for row in there], matrix[there])
    evidence = Evidence.from_spaces(spaces)
    tracks = json.loads((folder / "tracks.json").read_text(encoding="utf-8"))
    pairs = json.loads((folder / "positives_and_negatives.json").read_text(encoding="utf-8"))
    truth = Truth.of(
        evidence,
        {song: track["artist_name"] for song, track in tracks.items()},
        {song: track["genres"] for song, track in tracks.items()},
        {song: lists["positives"] for song, lists in pairs.items()},
    )
    row = {song: place for place, song in enumerate(ids)}
    published = np.load(folder / "fairouz_np.npy").astype(np.float32)[[row[song] for song in evidence.ids]]
    return evidence, truth, published


def binders(epochs: int) -> dict[str, Callable[[int], Binder]]:
    """Name -> seed -> binder."""
    found: dict[str, Callable[[int], Binder]] = {
        "concatenation": lambda seed: concatenation,
        "PCA of it": lambda seed: principal,
        "multi-set CCA": lambda seed: canonical,
    }
    if find_spec("torch"):
        found["the paper's network"] = lambda seed: lambda library: paper_network(library, epochs, seed)
    return found | {"ours": lambda seed: lambda library: fit(library, Settings(seed=seed))}


def table(title: str, columns: tuple[str, ...], rows: Iterator[tuple[str, Row]]) -> None:
    """Print a Markdown table, row by row as they are measured."""
    print(f"\n### {title}\n\n| | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")
    for name, runs in rows:
        print(f"| {name} | {' | '.join(_cell([run[c] for run in runs if c in run]) for c in columns)} |", flush=True)


def _cell(values: list[float]) -> str:
    if not values:
        return ""
    spread = f" ± {np.std(values):.3f}" if len(values) > 1 else ""
    return f"{np.mean(values):.3f}{spread}"


def every_space(evidence: Evidence, published: Floats, seeds: range, epochs: int) -> Iterator[tuple[str, Space]]:
    """Name and (vectors per seed, songs that have one), fitted on every song."""
    everyone = np.ones(len(evidence), np.bool_)
    yield "published", ([published], everyone)
    for modality in MODALITIES:
        yield f"{modality} alone", ([evidence.vectors[modality]], evidence.present[modality])
    for name, binder in binders(epochs).items():
        yield name, ([binder(seed)(evidence).vectors for seed in seeds], everyone)


def transductive(spaces: Mapping[str, Space], truth: Truth, protocol: str) -> Iterator[tuple[str, Row]]:
    for name, (runs, there) in spaces.items():
        yield name, [evaluate(run, truth, protocol=protocol, present=there, seed=seed) for seed, run in enumerate(runs)]


def unseen(evidence: Evidence, truth: Truth, seeds: range, epochs: int) -> Iterator[tuple[str, Row]]:
    for name, binder in binders(epochs).items():
        yield name, [held_out(evidence, truth, binder(seed), seed=seed) for seed in seeds]
    runs = [held_out(evidence, truth, partial(_together, seed=seed), seed=seed) for seed in seeds]
    yield "ours, arriving together", runs


def _together(library: Evidence, seed: int) -> Together:
    return Together(fit(library, Settings(seed=seed)))


def controls(evidence: Evidence, truth: Truth, seeds: range) -> Iterator[tuple[str, Row]]:
    def choose(settings: Settings, seed: int) -> Binder:
        return lambda library: fit(library, replace(settings, seed=seed))

    runs = []
    for seed in seeds:
        figures, chosen = nested(evidence, truth, {n: choose(s, seed) for n, s in CHOICES.items()}, seed=seed)
        print(f"<!-- seed {seed}: the folds chose {', '.join(chosen)} -->")
        runs.append(figures)
    yield "ours, settings chosen in each fold", runs
    votes = Electorate(evidence, Settings()).library_votes(evidence)
    votes.indices = np.random.default_rng(0).integers(0, len(evidence), votes.nnz).astype(votes.indices.dtype)
    yield "ours, all votes scattered (every song seen)", [evaluate(fit_votes(votes, Settings()), truth)]


def made_up(songs: int, seed: int = 0) -> Evidence:
    """A library of `songs`: 30 genres, six songs an artist, each modality seeing half of what a song is, plus noise."""
    rng = np.random.default_rng(seed)
    genre, artists = rng.standard_normal((30, 24)), max(2, songs // 6)
    artist = genre[rng.integers(0, 30, artists)] + 0.7 * rng.standard_normal((artists, 24))
    inner = artist[rng.integers(0, artists, songs)] + 0.7 * rng.standard_normal((songs, 24))
    vectors, present = {}, {}
    for modality, dimension in (("audio", 128), ("graph", 128), ("image", 512), ("text", 1024)):
        seen = np.hstack([inner[:, rng.permutation(24)[:12]], rng.standard_normal((songs, 8))])
        image = np.tanh(seen @ rng.standard_normal((20, dimension)) * 0.2)
        vectors[modality] = (image + 0.05 * rng.standard_normal(image.shape)).astype(np.float32)
        present[modality] = rng.random(songs) > (0.06 if modality == "text" else 0)
    return Evidence(tuple(f"song{row:07d}" for row in range(songs)), vectors, present)


def scaling(sizes: tuple[int, ...]) -> None:
    """Processor time, one thread: it does not depend on what else the machine does."""
    print("\n### Processor seconds to bind made-up libraries\n")
    print("| songs | bind, s | µs per song and log2(songs) | place one song, ms | worst@50 of 200 new songs |")
    print("|---|---|---|---|---|")
    for size in sizes:
        everything = made_up(size + 200)
        library, new = everything.subset(range(size)), everything.subset(range(size, size + 200))
        begin = time.process_time()
        model = fit(library)
        bound = time.process_time() - begin
        model.fold_in(new.song(0))
        begin = time.process_time()
        for row in range(1, 11):
            model.fold_in(new.song(row))
        placed = (time.process_time() - begin) / 10
        worst = neighbour_recall(model, library, new)["worst@50"]
        each = bound / size / np.log2(size) * 1e6
        print(f"| {size:,} | {bound:.1f} | {each:.0f} | {placed * 1e3:.0f} | {worst:.3f} |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one seed, small sizes (the default unless FULL=1)")
    parser.add_argument("--scaling", action="store_true", help="only the seconds")
    options = parser.parse_args()
    full = os.environ.get("FULL") == "1" and not options.quick
    seeds, epochs = (range(3), 20) if full else (range(1), 10)
    print(f"{machine()}, {'full' if full else 'quick'}")
    if not options.scaling:
        evidence, truth, published = read_release(release_folder())
        spaces = dict(every_space(evidence, published, seeds, epochs))
        table("Every song seen (clean protocol)", COLUMNS, transductive(spaces, truth, "clean"))
        table("Every song seen (published protocol)", PAPER, transductive(spaces, truth, "published"))
        table("Held out by artist, 5 folds", UNSEEN + ACROSS, unseen(evidence, truth, seeds, epochs))
        table("Controls", UNSEEN + ACROSS, controls(evidence, truth, seeds))
    scaling((1_000, 10_000, 100_000) if full else (1_000, 10_000))


if __name__ == "__main__":
    main()
