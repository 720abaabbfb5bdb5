"""The published release of the paper: `tracks.json`, one matrix per space, and a row → id table.

Layout and quirks: rows of zeros are missing vectors, keywords and emotions may be empty strings instead of lists,
audio is stored as float64, and ids, never titles, identify songs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from catalog.drafts import ImportFailed, Reading, RowError, SongDraft, SpaceDraft
from catalog.models import PUBLIC_ID, PUBLIC_ID_PATTERN

# file stem → (space key, label, modality, encoder as far as the paper tells it)
SPACES = {
    "fairouz": ("joint.published", "Joint (published)", "joint", "the paper's binding network"),
    "text": ("text.mxbai", "Text (published)", "text", "mixedbread-ai/mxbai-embed-large-v1"),
    "image": ("image.clip", "Image (published)", "image", "CLIP ViT-B-32"),
    "audio": ("audio.vggish", "Audio (published)", "audio", "VGGish"),
    "graph": ("graph.published", "Graph (published)", "graph", "RandNE"),
}
TRACKS, ROWS, PAIRS = "tracks.json", "id_to_track_mapping.json", "positives_and_negatives.json"

# As wide as the catalogue's columns for names and addresses.
LONGEST = 500


class ReleaseImporter:
    """Importer of the published release folder."""

    key = "release"
    label = "The published Fairouz release (a folder with tracks.json)"

    def sniff(self, path: Path) -> bool:
        return (path / TRACKS).is_file()

    def read(self, path: Path) -> Reading:
        """Read the folder; raise ImportFailed with one sentence when it cannot be used as a whole."""
        if not path.is_dir():
            raise ImportFailed(f"There is no folder {path}.")
        tracks = _json_object(path / TRACKS)
        reading = Reading(songs=[])
        for public_id, track in tracks.items():
            try:
                reading.songs.append(_draft(public_id, track))
            except ValueError as error:
                reading.errors.append(RowError(public_id, str(error)))
        ids = _row_ids(path / ROWS, tracks)
        reading.spaces = [_space(path, stem, ids) for stem in SPACES if (path / f"{stem}_np.npy").exists()]
        reading.positives = _positives(path / PAIRS)
        reading.suspicious = _suspicious(path, reading)
        return reading


def _json_object(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ImportFailed(f"The file {path.name} is missing from {path.parent}.") from None
    except (OSError, UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise ImportFailed(f"The file {path.name} is not readable JSON: {error}.") from None
    if not isinstance(content, dict):
        raise ImportFailed(f"The file {path.name} must hold one JSON object, not a {type(content).__name__}.")
    return content


def _draft(public_id: str, track: Any) -> SongDraft:
    if not PUBLIC_ID_PATTERN.fullmatch(public_id):
        raise ValueError(f"The id “{public_id[:80]}” is not usable: {PUBLIC_ID.message}")
    if not isinstance(track, dict):
        raise ValueError("The entry is not an object.")
    title, artist = _text(track, "track_title"), _name(track, "artist_name")
    if not title or not artist:
        raise ValueError("The entry has no title." if not title else "The entry has no artist.")
    lyrics = track.get("lyrics") or {}
    if not isinstance(lyrics, dict):
        raise ValueError("The field lyrics is not an object.")
    external = {name: _text(track, f"{name}_id") for name in ("deezer", "discogs")}
    return SongDraft(
        public_id=public_id,
        title=title,
        artists=(artist,),
        album=_name(track, "album_name"),
        album_artist=artist,
        genres=_names(track.get("genres")),
        keywords=_names(lyrics.get("context")),
        emotions=_names(lyrics.get("emotional")),
        lyrics=_text(lyrics, "lyrics"),
        summary=_text(lyrics, "summary"),
        cover_url=_address(track, "image"),
        preview_url=_address(track, "preview_url"),
        external_ids={name: value for name, value in external.items() if value},
    )


def _text(source: dict[str, Any], field: str) -> str:
    value = source.get(field)
    if value is None:
        return ""
    if not isinstance(value, str | int):
        raise ValueError(f"The field {field} must be text, not a {type(value).__name__}.")
    # NUL cannot be stored in PostgreSQL; it never belongs in a name.
    return str(value).replace("\x00", "").strip()


def _name(track: dict[str, Any], field: str) -> str:
    value = _text(track, field)
    if len(value) > LONGEST:
        raise ValueError(f"The field {field} has more than {LONGEST} characters.")
    return value


def _address(track: dict[str, Any], field: str) -> str:
    value = _name(track, field)
    if value and not value.startswith(("http://", "https://")):
        raise ValueError(f"The field {field} must be a web address.")
    return value


def _names(value: Any) -> tuple[str, ...]:
    """A list of names, each once, in order; the release writes an empty string for an empty list."""
    if value is None or value == "":
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError("Genres, keywords and emotions must be lists of texts.")
    names = tuple(dict.fromkeys(name for item in value if (name := item.replace("\x00", "").strip())))
    if any(len(name) > LONGEST for name in names):
        raise ValueError(f"A genre, keyword or emotion has more than {LONGEST} characters.")
    return names


def _row_ids(path: Path, tracks: dict[str, Any]) -> list[str]:
    rows = _json_object(path)
    try:
        ids = [rows[str(row)] for row in range(len(rows))]
    except KeyError as error:
        raise ImportFailed(f"The file {path.name} has no row {error}.") from None
    if not all(isinstance(public_id, str) for public_id in ids):
        raise ImportFailed(f"The file {path.name} must map every row to the id of a song.")
    if len(set(ids)) != len(ids):
        raise ImportFailed(f"The file {path.name} names a song twice.")
    unknown = [public_id for public_id in ids if public_id not in tracks]
    if unknown:
        raise ImportFailed(
            f"The file {path.name} names {len(unknown)} songs that {TRACKS} lacks, such as {unknown[0]}."
        )
    return ids


def _positives(path: Path) -> dict[str, tuple[str, ...]]:
    """The songs that should be near each song, each once and never itself; none when the file is not there."""
    if not path.exists():
        return {}
    pairs = _json_object(path)
    try:
        return {
            song: tuple(dict.fromkeys(str(other) for other in entry["positives"] if other != song))
            for song, entry in pairs.items()
        }
    except (TypeError, KeyError):
        raise ImportFailed(f"The file {path.name} must give each song an object with a list of positives.") from None


def _space(path: Path, stem: str, ids: list[str]) -> SpaceDraft:
    matrix = _matrix(path / f"{stem}_np.npy", len(ids))
    key, label, modality, encoder = SPACES[stem]
    present: np.ndarray = np.asarray(matrix.any(axis=1))
    return SpaceDraft(
        key=key,
        label=label,
        modality=modality,
        encoder=encoder,
        revision="published",
        public_ids=tuple(public_id for public_id, there in zip(ids, present, strict=True) if there),
        vectors=matrix[present],
    )


def _matrix(path: Path, rows: int) -> np.ndarray:
    """Read a matrix as float32 (rows, dim): float32 bit for bit, float64 to the nearest float32."""
    try:
        with path.open("rb") as stream:
            matrix = np.lib.format.read_array(stream, allow_pickle=False)
    except (OSError, ValueError, EOFError, MemoryError) as error:
        raise ImportFailed(f"The file {path.name} is damaged or no matrix: {error}.") from None
    if matrix.ndim != 2 or matrix.dtype.kind != "f" or matrix.shape[1] == 0:
        raise ImportFailed(f"The file {path.name} must hold a matrix of floats, not {matrix.dtype} {matrix.shape}.")
    if len(matrix) != rows:
        raise ImportFailed(f"The file {path.name} has {len(matrix)} rows, but {ROWS} names {rows} songs.")
    with np.errstate(over="ignore"):
        matrix = np.ascontiguousarray(matrix, dtype=np.float32)
    broken = np.flatnonzero(~np.isfinite(matrix).all(axis=1))
    if len(broken):
        raise ImportFailed(
            f"The file {path.name} holds NaN or infinite values in {len(broken)} rows, first in row {broken[0]}."
        )
    return matrix


def _suspicious(path: Path, reading: Reading) -> list[str]:
    notes = []
    known = {draft.public_id for draft in reading.songs}
    for space in reading.spaces:
        if without := len(known - set(space.public_ids)):
            notes.append(f"{without} songs have no vector in {space.key}.")
        if repeats := len(space.vectors) - len(np.unique(space.vectors, axis=0)):
            notes.append(f"{repeats} vectors of {space.key} repeat another.")
    for stem in SPACES:
        if not (path / f"{stem}_np.npy").exists():
            notes.append(f"There is no file {stem}_np.npy, so the space {SPACES[stem][0]} is left out.")
    notes += _suspicious_songs(reading.songs)
    return notes


def _suspicious_songs(songs: list[SongDraft]) -> list[str]:
    pairs: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for draft in songs:
        pairs.setdefault((draft.title, draft.artists), []).append(draft.public_id)
    notes = [
        f"“{title}” by {', '.join(artists)} occurs {len(ids)} times: {', '.join(ids)}."
        for (title, artists), ids in pairs.items()
        if len(ids) > 1
    ]
    for what, lacking in {
        "lyrics": [d for d in songs if not d.lyrics],
        "genre": [d for d in songs if not d.genres],
    }.items():
        if lacking:
            notes.append(f"{len(lacking)} songs have no {what}.")
    return notes
