"""What an importer yields: a song that is not in the database yet, or a line that could not be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class SongDraft:
    """A song as read from outside; `cover_file` and `preview_file` are names below the media folder."""

    public_id: str
    title: str
    artists: tuple[str, ...]
    album: str = ""
    album_artist: str = ""
    year: int | None = None
    duration: float | None = None
    genres: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    emotions: tuple[str, ...] = ()
    lyrics: str = ""
    summary: str = ""
    cover_url: str = ""
    preview_url: str = ""
    cover_file: str = ""
    preview_file: str = ""
    external_ids: dict[str, str] = field(default_factory=dict)
    attribution: str = ""


@dataclass(frozen=True)
class SpaceDraft:
    """The vectors of one space as read from outside.

    `vectors` is float32 (n, dim), row i belonging to `public_ids[i]`; songs without a vector have no row.
    """

    key: str
    label: str
    modality: str
    encoder: str
    revision: str
    public_ids: tuple[str, ...]
    vectors: np.ndarray


@dataclass(frozen=True)
class RowError:
    """A song that was skipped, and why."""

    where: str
    sentence: str


@dataclass
class Reading:
    """All that an importer found at a path.

    `media` maps names below the media folder to the files to be copied there; `positives` maps a song to those that
    should be near it, where the source says so.
    """

    songs: list[SongDraft]
    spaces: list[SpaceDraft] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    suspicious: list[str] = field(default_factory=list)
    media: dict[str, Path] = field(default_factory=dict)
    positives: dict[str, tuple[str, ...]] = field(default_factory=dict)


class ImportFailed(ValueError):
    """Nothing could be imported; one sentence says why."""
