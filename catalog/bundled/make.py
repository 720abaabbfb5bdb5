"""Makes the bundled library: a folder with library.json, clips and covers (everything but the vectors).

Deterministic: whatever is drawn comes from a piece's id, so a second run on the same machine gives the same bytes, and one
elsewhere the same words, covers that differ by a shade at most and sounds that differ inaudibly. Needs the extra `[library]`.
"""

import io
import json
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from catalog.bundled.arrange import arrange
from catalog.bundled.covers import draw_cover, layout_of, webp
from catalog.bundled.facts import Facts, facts_of
from catalog.bundled.lyrics import LYRICS
from catalog.bundled.notes import Tune
from catalog.bundled.ogg import with_serial
from catalog.bundled.pieces import Piece, pieces
from catalog.bundled.synth import RATE, SECONDS, play
from catalog.bundled.tempo import Tempo
from catalog.bundled.words import describe

__all__ = ["entry_of", "make_library", "write_clip"]

NAME = "Bundled library"
DESCRIPTION = "Traditional and classical pieces in the public domain, played, drawn and described from their notes."
COMPRESSION = 0.945  # of libsndfile's scale from 256 (0) to 6 kbit/s (1): about 20 kbit/s, 40 kB a clip
OWN = "Score in the public domain; recording, cover and text made for this library (CC0 1.0)"


def make_library(
    folder: Path, *, progress: Callable[[int, int], None] | None = None, only: Iterable[str] | None = None
) -> list[dict[str, Any]]:
    """Write the library and return its songs, as they stand in library.json.

    Args:
        folder: made if absent; clips and covers in it that belong to no song are removed.
        progress: called with (done, all) after each piece.
        only: ids of the pieces to make; by default all.

    Raises:
        ScoreError: music21 or a score is missing.
        KeyError: `only` names an id that does not exist.
    """
    wanted = pieces() if only is None else [_known(identity) for identity in only]
    for part in ("clips", "covers"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    songs = []
    for song in _made(folder, sorted(wanted, key=lambda piece: (piece.source, piece.number))):
        songs.append(song)
        if progress:
            progress(len(songs), len(wanted))
    songs.sort(key=lambda song: song["id"])
    _write_json(folder / "library.json", songs)
    _remove_others(folder, {song["id"] for song in songs})
    return songs


def entry_of(piece: Piece, tune: Tune, tempo: Tempo, credit: dict[str, str]) -> dict[str, Any]:
    """A song as library.json describes it."""
    facts = facts_of(piece, tune, tempo, arrange(piece.id, tune), layout_of(piece.id))
    return {
        "id": piece.id,
        "title": piece.title,
        "artists": list(piece.artists),
        "album": {"title": piece.album, "artist": piece.album_artist},
        "year": piece.year,
        "duration": SECONDS,
        "genres": list(facts.genres),
        "keywords": list(facts.keywords),
        "emotions": list(facts.emotions),
        "summary": describe(piece, facts),
        "lyrics": LYRICS[piece.id][1] if piece.id in LYRICS else None,
        "cover": f"covers/{piece.id}.webp",
        "preview": f"clips/{piece.id}.opus",
        "credit": credit,
        "external_ids": {},
        "facts": _told(facts) | {"other_titles": list(piece.others)},
    }


def write_clip(path: Path, sound: NDArray[np.float32]) -> None:
    """Write mono samples at 24 kHz as Ogg Opus; the same sound gives the same bytes."""
    import soundfile

    buffer = io.BytesIO()
    soundfile.write(buffer, sound, RATE, format="OGG", subtype="OPUS", compression_level=COMPRESSION)
    path.write_bytes(with_serial(buffer.getvalue(), crc32(path.stem.encode())))


def _known(identity: str) -> Piece:
    return {piece.id: piece for piece in pieces()}[identity]


def _made(folder: Path, wanted: list[Piece]) -> Iterable[dict[str, Any]]:
    if len(wanted) < 8:
        yield from (_make_one(folder, piece) for piece in wanted)
        return
    with ProcessPoolExecutor(max_workers=2) as pool:  # neighbours share a score: hand out runs of them
        yield from pool.map(_make_one, [folder] * len(wanted), wanted, chunksize=8)


def _make_one(folder: Path, piece: Piece) -> dict[str, Any]:
    from catalog.bundled.scores import credit_of, read_piece

    tune, tempo = read_piece(piece)
    write_clip(folder / "clips" / f"{piece.id}.opus", play(piece.id, tune, piece.form))
    (folder / "covers" / f"{piece.id}.webp").write_bytes(webp(draw_cover(piece.id, tune, tempo.name)))
    source, thanks, licence = credit_of(piece)
    author = LYRICS.get(piece.id, ("", ""))[0]
    attribution = "; ".join(part for part in (thanks, f"Words: {author}" if author else "") if part)
    credit = {"source": source, "licence": OWN + licence, "attribution": attribution}
    return entry_of(piece, tune, tempo, credit)


def _told(facts: Facts) -> dict[str, Any]:
    """The facts that library.json lists, apart from those it has fields of its own for."""
    told = asdict(facts)
    for other in ("emotions", "genres", "keywords"):
        del told[other]
    return told | {"forms": list(facts.forms)}


def _write_json(path: Path, songs: list[dict[str, Any]]) -> None:
    content = {"format": 1, "name": NAME, "description": DESCRIPTION, "spaces": [], "songs": songs}
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _remove_others(folder: Path, ids: set[str]) -> None:
    for path in (*folder.glob("clips/*.opus"), *folder.glob("covers/*.webp")):
        if path.stem not in ids:
            path.unlink()
