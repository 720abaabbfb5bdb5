"""What a sound file says of itself: its tags and its picture."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog.media import MediaError, name_of

# mutagen's own names differ by format: ID3 frames, MP4 atoms, Vorbis comments.
NAMES = {
    "title": ("title", "TIT2", "\xa9nam"),
    "artist": ("artist", "TPE1", "\xa9ART"),
    "album": ("album", "TALB", "\xa9alb"),
    "album_artist": ("albumartist", "album artist", "TPE2", "aART"),
    "genre": ("genre", "TCON", "\xa9gen"),
    "date": ("date", "year", "TDRC", "TYER", "\xa9day"),
    "lyrics": ("lyrics", "unsyncedlyrics", "USLT", "\xa9lyr"),
}
YEAR = re.compile(r"\b(1\d{3}|20\d{2}|21\d{2})\b")
FRONT_COVER = 3
LONGEST = 500


@dataclass(frozen=True)
class FileTags:
    """Texts are clean and short, lists without repeats.

    `picture` is the front cover's bytes as embedded, if any; `seconds` the length that the file announces, 0 if none.
    """

    title: str = ""
    artists: tuple[str, ...] = ()
    album: str = ""
    album_artist: str = ""
    genres: tuple[str, ...] = ()
    year: int | None = None
    lyrics: str = ""
    picture: bytes | None = None
    seconds: float = 0.0


def read_tags(path: Path) -> FileTags:
    """The tags of a sound file, all empty when it has none; raise MediaError when they are damaged."""
    import mutagen

    try:
        file = mutagen.File(path)
    except Exception as error:  # mutagen's parsers raise whatever a damaged file makes them trip over
        raise MediaError(f"The tags of {name_of(path)} are damaged ({type(error).__name__}).") from None
    seconds = float(getattr(getattr(file, "info", None), "length", 0.0) or 0.0)
    if file is None or file.tags is None:
        return FileTags(picture=_picture(file), seconds=seconds)
    date = YEAR.search(_first(file.tags, "date"))
    return FileTags(
        title=_first(file.tags, "title"),
        artists=_all(file.tags, "artist"),
        album=_first(file.tags, "album"),
        album_artist=_first(file.tags, "album_artist"),
        genres=_all(file.tags, "genre"),
        year=int(date.group()) if date else None,
        lyrics=_first(file.tags, "lyrics", longest=100_000),
        picture=_picture(file),
        seconds=seconds,
    )


def _values(tags: Any, field: str) -> list[str]:
    by_name = {} if hasattr(tags, "getall") else {str(name).lower(): value for name, value in tags.items()}
    for name in NAMES[field]:
        found = tags.getall(name) if hasattr(tags, "getall") else by_name.get(name.lower())
        if found:
            values = found if isinstance(found, list) else [found]
            return [text for value in values for text in _texts(value)]
    return []


def _texts(value: Any) -> list[str]:
    """An ID3 frame holds one text or several; the other formats give plain values."""
    text = getattr(value, "text", value)
    return [str(part) for part in text] if isinstance(text, list) else [str(text)]


def _clean(text: str, longest: int) -> str:
    kept = "".join(c for c in text if c in "\n\t" or c.isprintable())
    return kept.strip()[:longest].strip()


def _first(tags: Any, field: str, *, longest: int = LONGEST) -> str:
    return next((text for value in _values(tags, field) if (text := _clean(value, longest))), "")


def _all(tags: Any, field: str) -> tuple[str, ...]:
    """All values; one text that lists several with “;” or “/ ” between them is taken apart."""
    parts = [part for value in _values(tags, field) for part in re.split(r"\s*[;\x00]\s*| / ", value)]
    return tuple(dict.fromkeys(text for part in parts if (text := _clean(part, LONGEST))))[:20]


def _picture(file: Any) -> bytes | None:
    """The front cover, else the first picture there is."""
    if file is None:
        return None
    pictures = list(getattr(file, "pictures", ()))
    tags = file.tags
    if hasattr(tags, "getall"):
        pictures += tags.getall("APIC")
    if tags is not None and not hasattr(tags, "getall"):
        by_name = {str(name).lower(): value for name, value in tags.items()}
        if covers := by_name.get("covr"):
            return bytes(covers[0])
        pictures += [block for text in by_name.get("metadata_block_picture", ()) if (block := _flac_picture(text))]
    pictures.sort(key=lambda picture: picture.type != FRONT_COVER)
    return pictures[0].data if pictures else None


def _flac_picture(text: str) -> Any:
    """A picture as Ogg files carry it: base64 of a FLAC block."""
    import base64
    import binascii

    from mutagen.flac import FLACNoHeaderError, Picture, error

    try:
        return Picture(base64.b64decode(text))
    except (binascii.Error, FLACNoHeaderError, error, ValueError):
        return None
