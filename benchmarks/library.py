"""Does the bundled library mean anything to the default encoders?  python benchmarks/library.py [FOLDER]

1. Audio and pictures: of a song's 5 nearest neighbours *among the songs of the same instrument* (for pictures: of the
   same layout), how many share its metre, tempo, mode or kind of tune? Against chance (the share of the group that does)
   and a permutation test (labels shuffled within each group).
2. Text: 20 paraphrases that share no content word with any description; which pieces are right follows from the facts.
   recall@10 = right songs among the first ten / min(10, all right songs); chance = the share of right songs.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

LIBRARY = ROOT / "data" / "library"
K = 5
SHUFFLES = 2000
DARK = {"minor", "dorian"}

Song = dict[str, Any]
Array = NDArray[Any]

LABELS: dict[str, Callable[[Song], str]] = {
    "metre": lambda song: song["facts"]["metre_family"],
    "tempo": lambda song: song["facts"]["tempo"],
    "mode": lambda song: "minor" if song["facts"]["mode"] in DARK else "major",
    "kind": lambda song: song["facts"]["form"],
}


class Query(NamedTuple):
    """A paraphrase, and the rule which songs it asks for."""

    text: str
    right: Callable[[dict[str, Any]], bool]


def _is(tempos: str, *, dark: bool | None = None) -> Callable[[dict[str, Any]], bool]:
    return lambda f: f["tempo"] in tempos.split() and dark in (None, f["mode"] in DARK)


def _kind(*forms: str) -> Callable[[dict[str, Any]], bool]:
    return lambda f: bool(set(forms) & set(f["forms"]))


def _from(*places: str) -> Callable[[dict[str, Any]], bool]:
    return lambda f: f["origin"] in places


QUERIES = (
    Query("weeping at a funeral", _is("slow", dark=True)),
    Query("heartbreak and tears", _is("slow moderate", dark=True)),
    Query("gentle serenity for meditation and relaxation", _is("slow", dark=False)),
    Query("sluggish and dragging", _is("slow")),
    Query("nostalgia, homesick yearning", _is("slow moderate", dark=True)),
    Query("happy laughter at a feast", _is("lively fast", dark=False)),
    Query("breakneck gallop, rapid and hectic", _is("fast")),
    Query("angry, stormy, agitated", _is("lively fast", dark=True)),
    Query("a relaxed stroll, polite and amiable", _is("moderate", dark=False)),
    Query("troops on parade", _kind("march")),
    Query("aristocrats curtsying in a palace ballroom", _kind("minuet", "allemande", "waltz")),
    Query("bowed instruments, a foursome", _kind("string quartet")),
    Query("sailors on deck", _kind("hornpipe")),
    Query("wooden shoes tapping", _kind("clog")),
    Query("Hibernian folk", _from("Ireland")),
    Query("Caledonia: kilts, bagpipes, heather", _from("Scotland")),
    Query("Tyneside folk", _from("Northumberland")),
    Query("Yankee barn social", _from("New England")),
    Query("vocal number with verses and a refrain", _kind("song", "aria", "hymn", "madrigal")),
    Query("Enlightenment era, powdered wigs and candlelight", lambda f: f["century"] == "18th"),
)
STOP = set(
    re.findall(r"\w+", "a an and at by for from in is it its of on or that the this to was with not nor but than")
)


def stems(text: str) -> set[str]:
    """Content words, roughly stemmed, so that `sorrow` and `sorrowful` count as the same."""
    words = set(re.findall(r"[a-zʻ'-]+", text.lower())) - STOP
    return {re.sub(r"(fully|ness|ing|ful|est|ous|ly|ed|er|es|s|y|e)$", "", word) for word in words}


def description(song: Song) -> str:
    """All words of a song that describe it."""
    return " ".join([song["summary"], *song["genres"], *song["keywords"], *song["emotions"]])


def shared_words(songs: list[Song]) -> dict[str, set[str]]:
    """For each query the content words that occur in any description: the benchmark's own fault, to be empty."""
    known = set().union(*(stems(description(song)) for song in songs))
    return {query.text: stems(query.text) & known for query in QUERIES}


class Agreement(NamedTuple):
    """Share of the K nearest that agree, what chance gives, and the permutation test's p."""

    found: float
    chance: float
    p: float


def agreement(
    vectors: Array, groups: list[str], labels: list[str], shuffles: int = SHUFFLES, seed: int = 0
) -> Agreement:
    """Agreement of the K nearest neighbours within each group of more than K.

    Args:
        vectors: (n, dim).
        groups: of each row what is held constant.
        labels: of each row what neighbours should share.
    """
    rng, codes = np.random.default_rng(seed), np.unique(labels, return_inverse=True)[1]
    members = [rows for rows in _rows_of(groups) if len(rows) > K]
    near = [_nearest(vectors[rows]) for rows in members]
    found = _share(members, near, codes)
    chance = np.concatenate([_chance(codes[rows]) for rows in members]).mean()
    null = [_share(members, near, _shuffled(codes, members, rng)) for _ in range(shuffles)]
    return Agreement(found, float(chance), (1 + sum(n >= found for n in null)) / (1 + shuffles))


def _rows_of(groups: list[str]) -> Iterator[Array]:
    for group in sorted(set(groups)):
        yield np.flatnonzero(np.array(groups) == group)


def _nearest(points: Array) -> Array:
    """(n, K): for each point the rows of its nearest others, by squared L2."""
    distance = ((points[:, None] - points[None]) ** 2).sum(axis=-1)
    np.fill_diagonal(distance, np.inf)
    return np.argsort(distance, axis=1, kind="stable")[:, :K]


def _share(members: list[Array], near: list[Array], codes: Array) -> float:
    same = [codes[rows][n] == codes[rows][:, None] for rows, n in zip(members, near, strict=True)]
    return float(np.concatenate(same).mean())


def _chance(codes: Array) -> Array:
    """For each row the share of the others in its group that have its label."""
    return ((codes[:, None] == codes).sum(axis=1) - 1) / (len(codes) - 1)


def _shuffled(codes: Array, members: list[Array], rng: np.random.Generator) -> Array:
    shuffled = codes.copy()
    for rows in members:
        shuffled[rows] = rng.permutation(codes[rows])
    return shuffled


def recalls(
    songs: list[Song], vectors: Array, encode: Callable[[list[str]], Array]
) -> Iterator[tuple[str, float, float]]:
    """(query, recall@10, chance) of each paraphrase; `vectors` are the songs' words in the text space."""
    for query, point in zip(QUERIES, encode([query.text for query in QUERIES]), strict=True):
        right = np.array([query.right(song["facts"]) for song in songs])
        first = np.argsort(((vectors - point) ** 2).sum(axis=1), kind="stable")[:10]
        yield query.text, right[first].sum() / min(10, right.sum()), float(right.mean())


def words_of(song: Song) -> str:
    """What is encoded where no vectors are shipped: moods and genres first, then names and the description."""
    moods, artists, keywords = (", ".join(song[part]) for part in ("emotions", "artists", "keywords"))
    kinds = ", ".join(song["genres"])
    return (
        f"{moods}, {kinds}. {song['title']} by {artists}. {song['summary']} {keywords}. {song['lyrics'] or ''}".strip()
    )


def _vectors(folder: Path, space: str, songs: list[Song], encode: Callable[[Path, list[Song]], Array]) -> Array:
    """The vectors that are shipped with the library, or where there are none, fresh ones."""
    shipped = folder / "vectors" / f"{space}.npz"
    if not shipped.is_file():
        return encode(folder, songs)
    with np.load(shipped, allow_pickle=False) as stored:
        row = {str(identity): vector for identity, vector in zip(stored["ids"], stored["vectors"], strict=True)}
    return np.stack([row[song["id"]] for song in songs])


def _audio(folder: Path, songs: list[Song]) -> Array:
    from catalog.media.sound import read_sound
    from retrieval.encoders.audio import TimbreEncoder

    return np.asarray(TimbreEncoder().encode([read_sound(folder / song["preview"]) for song in songs]))


def _image(folder: Path, songs: list[Song]) -> Array:
    from PIL import Image

    from retrieval.encoders.image import LayoutEncoder

    pictures = []
    for song in songs:
        with Image.open(folder / song["cover"]) as picture:
            pictures.append(picture.convert("RGB"))
    return np.asarray(LayoutEncoder().encode(pictures))


def _text(folder: Path, songs: list[Song]) -> Array:
    from retrieval.encoders.text import MiniLMEncoder

    return np.asarray(MiniLMEncoder().encode([words_of(song) for song in songs]))


def _report(name: str, held: str, vectors: Array, songs: list[Song]) -> None:
    groups = [song["facts"][held] for song in songs]
    print(f"\n{name}: {K} nearest of the same {held}\n{'label':8}{'agree':>8}{'chance':>8}{'ratio':>7}{'p':>9}")
    for label, of in LABELS.items():
        result = agreement(vectors, groups, [of(song) for song in songs])
        ratio = result.found / result.chance
        print(f"{label:8}{result.found:8.3f}{result.chance:8.3f}{ratio:7.2f}{result.p:9.4f}")


def main(folder: Path = LIBRARY) -> None:
    from retrieval.encoders.text import MiniLMEncoder

    songs = json.loads((folder / "library.json").read_text(encoding="utf-8"))["songs"]
    print(f"{len(songs)} songs")
    _report("Audio", "instrument", _vectors(folder, "audio.librosa", songs, _audio), songs)
    _report("Image", "layout", _vectors(folder, "image.layout", songs, _image), songs)
    encoder = MiniLMEncoder()
    vectors = _vectors(folder, "text.minilm", songs, _text)
    print(f"\n{'paraphrase':52}{'recall@10':>10}{'chance':>8}   shared words")
    shared, rows = shared_words(songs), list(recalls(songs, vectors, lambda texts: np.asarray(encoder.encode(texts))))
    for text, recall, chance in rows:
        print(f"{text:52}{recall:10.2f}{chance:8.2f}   {', '.join(sorted(shared[text])) or '-'}")
    print(f"{'mean':52}{np.mean([r[1] for r in rows]):10.2f}{np.mean([r[2] for r in rows]):8.2f}")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
