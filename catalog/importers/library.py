"""A library folder: `library.json`, covers, clips and vectors, as the bundled library ships and `data/library/README.md`
describes."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

from catalog.drafts import ImportFailed, Reading, RowError, SongDraft, SpaceDraft
from catalog.models import PUBLIC_ID, PUBLIC_ID_PATTERN

LIBRARY, FORMAT = "library.json", 1


class LibraryImporter:
    """Importer of a library folder."""

    key = "library"
    label = "A library folder (library.json with covers, clips and vectors)"

    def sniff(self, path: Path) -> bool:
        return (path / LIBRARY).is_file()

    def read(self, path: Path) -> Reading:
        """Read the folder; raise ImportFailed with one sentence when it cannot be used as a whole."""
        content = _content(path / LIBRARY)
        reading = Reading(songs=[])
        for place, entry in enumerate(content["songs"]):
            try:
                reading.songs.append(_draft(path, entry))
            except (KeyError, TypeError, ValueError) as error:
                where = str(entry.get("id", place)) if isinstance(entry, dict) else str(place)
                reading.errors.append(RowError(where, _sentence(error)))
        for draft in reading.songs:
            names = [name for name in (draft.cover_file, draft.preview_file) if name]
            reading.media |= {name: path / name for name in names}
        reading.spaces = [_space(path, space) for space in content["spaces"]]
        return reading


def _content(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["format"] != FORMAT or not isinstance(content["songs"], list):
            raise ValueError("not of this format")
    except FileNotFoundError:
        raise ImportFailed(f"The file {path.name} is missing from {path.parent}.") from None
    except (OSError, ValueError, KeyError, TypeError):
        raise ImportFailed(f"The file {path.name} is not a library of format {FORMAT}.") from None
    return {"spaces": [], **content}


def _sentence(error: Exception) -> str:
    return f"The field {error} is missing." if isinstance(error, KeyError) else str(error)


def _draft(path: Path, entry: dict[str, Any]) -> SongDraft:
    if not PUBLIC_ID_PATTERN.match(entry["id"]):
        raise ValueError(f"The id is not usable: {PUBLIC_ID.message}")
    album = entry.get("album") or {}
    credit = entry.get("credit") or {}
    return SongDraft(
        public_id=entry["id"],
        title=entry["title"],
        artists=tuple(entry["artists"]),
        album=album.get("title", ""),
        album_artist=album.get("artist", ""),
        year=entry.get("year"),
        duration=entry.get("duration"),
        genres=tuple(entry.get("genres", ())),
        keywords=tuple(entry.get("keywords", ())),
        emotions=tuple(entry.get("emotions", ())),
        lyrics=entry.get("lyrics") or "",
        summary=entry.get("summary") or "",
        cover_file=_file(path, entry.get("cover")),
        preview_file=_file(path, entry.get("preview")),
        external_ids=entry.get("external_ids") or {},
        attribution=". ".join(filter(None, (credit.get(part, "") for part in ("source", "attribution", "licence")))),
    )


def _file(path: Path, name: str | None) -> str:
    """The name, once it is sure that it is a file inside the folder."""
    if not name:
        return ""
    if not (path / name).resolve().is_relative_to(path.resolve()) or not (path / name).is_file():
        raise ValueError(f"The file {name} is missing.")
    return name


def _space(path: Path, entry: dict[str, Any]) -> SpaceDraft:
    try:
        with np.load(path / entry["file"], allow_pickle=False) as stored:
            ids, vectors = stored["ids"].tolist(), stored["vectors"]
        return SpaceDraft(
            key=entry["key"],
            label=entry["label"],
            modality=entry["modality"],
            encoder=entry["encoder"],
            revision=entry["revision"],
            public_ids=tuple(map(str, ids)),
            vectors=vectors,
        )
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile):
        raise ImportFailed(f"The vectors of {str(entry)[:80]} are missing or damaged.") from None
