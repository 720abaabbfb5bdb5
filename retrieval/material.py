"""The raw material that encoders take, gathered from a song."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from catalog.media import MediaError
from catalog.media.picture import read_picture
from catalog.media.sound import read_sound
from catalog.models import Song

# Encoders look at a window from the middle of anything longer.
SOUND_SECONDS = 120.0

# A sound that nowhere passes this amplitude says nothing.
SILENCE = 1e-4


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


def document(song: Song) -> str:
    """The words of a song as one text for a sentence encoder: its names first, then what it is about."""
    lyrics = getattr(song, "lyrics", None)
    genres = ", ".join(genre.name for genre in song.genres.all())
    tags = ", ".join(tag.name for tag in song.tags.all())
    artists = ", ".join(artist.name for artist in song.artists.all())
    said = [lyrics.summary, lyrics.readable_text] if lyrics else []
    parts = [f"{song.title} by {artists}", song.album.title if song.album else "", genres, tags, *said]
    return ". ".join(part.strip().rstrip(".") for part in parts if part.strip())


def _stored(file: Any, lacking: str) -> Path:
    if not file:
        raise NoMaterial(lacking)
    path = Path(file.path)
    if not path.is_file():
        raise MediaError(f"The file {path.name} is missing.")
    return path
