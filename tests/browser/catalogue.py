"""A small library with everything that can go wrong in a page: hostile titles, missing vectors, songs without sound."""

from __future__ import annotations

import io
import wave
from pathlib import Path

import numpy as np

from catalog.drafts import SongDraft
from catalog.store import store_songs
from tests.library_of import draft, give_vectors

SOUND, MARKUP, ARABIC, LONG, SILENT = "s00", "s01", "s02", "s03", "s04"
CLIP, SECONDS, RATE = "clips/tone.wav", 30, 8000

WORDS = "First the lamp\nthen the long road\n\nand the sea"
TITLES = {
    SOUND: "Blue Lantern",
    MARKUP: '<b>Bold</b><script>alert("x")</script> & more',
    ARABIC: "أحلف بالليالي",
    LONG: "W" * 10_000,
    SILENT: "Nothing to Hear",
    "s05": "🎷🌒 Night Bus",
    "s06": "Same Name",
    "s07": "Same Name",
}
ARTISTS = {ARABIC: ("فيروز",), SOUND: ("Nour Aldin", "The Quiet Hands"), "s06": ("One",), "s07": ("Another",)}
# Songs that a space does not know
MISSING = {"text": {SILENT}, "audio": {SILENT, "s09"}, "graph": {"s10"}}


def fill(media: Path, count: int = 60) -> None:
    """Store `count` songs with vectors in five spaces and clips below `media`; the same each time."""
    (media / CLIP).parent.mkdir(parents=True, exist_ok=True)
    (media / CLIP).write_bytes(tone())
    ids = [f"s{number:02d}" for number in range(count)]
    store_songs([_song(number, public_id) for number, public_id in enumerate(ids)])
    random = np.random.default_rng(5)
    for modality in ("joint", "text", "image", "audio", "graph"):
        points = dict(zip(ids, random.standard_normal((count, 8)), strict=True))
        known = {public_id: point for public_id, point in points.items() if public_id not in MISSING.get(modality, ())}
        give_vectors(known, f"{modality}.test")


def _song(number: int, public_id: str) -> SongDraft:
    return draft(
        public_id,
        title=TITLES.get(public_id, f"Song of the {number}th Hour"),
        artists=ARTISTS.get(public_id, (f"Artist {number % 7}",)),
        album=f"Album {number % 9}",
        album_artist="Many",
        year=1950 + number,
        genres=("Jazz", "Slow Air")[: 1 + number % 2],
        keywords=("lamp", "sea"),
        emotions=("longing",),
        lyrics="" if public_id == SILENT else WORDS if public_id == SOUND else "[120 words withheld]",
        summary="" if public_id == SILENT else "Somebody walks to the sea at night.",
        preview_file="" if public_id == SILENT else CLIP,
    )


def tone() -> bytes:
    """A quiet tone as WAV, 8 bit mono."""
    time = np.arange(SECONDS * RATE) / RATE
    samples = (128 + 20 * np.sin(2 * np.pi * 220 * time)).astype(np.uint8)
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(RATE)
        sound.writeframes(samples.tobytes())
    return file.getvalue()
