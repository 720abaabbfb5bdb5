"""The raw material that encoders take, gathered from a song."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from catalog.media import MediaError
from catalog.media.picture import read_picture
from catalog.media.sound import read_sound
from catalog.models import Song

# Encoders look at a window from the middle of anything longer.
SOUND_SECONDS = 120.0

# A sound that nowhere passes this amplitude says nothing.
SILENCE = 1e-4

# Weight of a song's names beside what it is about; anything from 0.3 to 0.5 does as well.
NAMES_SHARE = 0.4


class NoMaterial(LookupError):
    """The song has nothing for this encoder; the sentence says what is lacking."""


def material(song: Song, takes: str) -> Any:
    """What an encoder that `takes` words, picture or sound needs of `song` (with facts and lyrics).

    Raises NoMaterial, and MediaError when a file is there but cannot be read.
    """
    if takes == "words":
        return document(song)
    if takes == "picture":
        return read_picture(_stored(song.cover_file, "no cover"))
    sound = read_sound(_stored(song.preview_file, "no sound"), max_seconds=SOUND_SECONDS)
    if not abs(sound.samples).max() > SILENCE:
        raise NoMaterial("silent")
    return sound


@dataclass(frozen=True)
class Document:
    """The words of a song in two parts, encoded apart: what it is about, and what it is called."""

    about: str
    names: str


def document(song: Song) -> Document:
    """What a sentence encoder gets to read of `song` (with facts and lyrics)."""
    lyrics = getattr(song, "lyrics", None)
    tags = ", ".join(tag.name for tag in song.tags.all())
    genres = ", ".join(genre.name for genre in song.genres.all())
    artists = ", ".join(artist.name for artist in song.artists.all())
    said = [lyrics.summary, lyrics.readable_text] if lyrics else []
    return Document(
        about=_sentences([tags, *said]),
        names=_sentences([f"{song.title} by {artists}", song.album.title if song.album else "", genres]),
    )


def encode_documents(documents: Sequence[Document], encode: Callable[[list[str]], np.ndarray]) -> np.ndarray:
    """One vector a document, float32 (n, dim): what it is about, and NAMES_SHARE of what it is called.

    Names are rare words that a sentence encoder makes little of; in one text with the rest they drown it (see
    benchmarks/search.py). The sum keeps the length of its first part, so unit vectors stay unit vectors.
    """
    names = encode([document.names for document in documents])
    about = encode([document.about or document.names for document in documents])
    mixed = about + np.float32(NAMES_SHARE) * names
    lengths = np.linalg.norm(mixed, axis=1, keepdims=True)
    return mixed * (np.linalg.norm(about, axis=1, keepdims=True) / np.where(lengths > 0, lengths, 1)).astype(np.float32)


def _sentences(parts: Sequence[str]) -> str:
    return ". ".join(part.strip().rstrip(".") for part in parts if part.strip())


def _stored(file: Any, lacking: str) -> Path:
    if not file:
        raise NoMaterial(lacking)
    path = Path(file.path)
    if not path.is_file():
        raise MediaError(f"The file {path.name} is missing.")
    return path
