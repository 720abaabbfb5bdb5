"""Taking in sound files: tags and pictures read, songs made, every modality encoded, searchable at once.

Each file is committed by itself, under an id made from its content: a file that is there already is recognised
whatever it is called, and an interrupted run goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.db import transaction

from catalog.drafts import SongDraft
from catalog.media import MediaError
from catalog.media.picture import read_picture
from catalog.media.sound import read_sound
from catalog.media.tags import FileTags, read_tags
from catalog.models import Song
from catalog.selectors import with_facts
from catalog.store import store_songs
from fairouz_site.errors import InvalidInput
from retrieval.binding import place_songs
from retrieval.encoding import encode_everywhere
from retrieval.material import SILENCE, SOUND_SECONDS

SOUND_SUFFIXES = {".mp3", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".mp4", ".aac", ".wav"}
PICTURES_BESIDE = ("cover.jpg", "cover.jpeg", "cover.png", "cover.webp", "folder.jpg", "folder.png", "front.jpg")
COVER_SIDE = 640
UNKNOWN_ARTIST = "Unknown artist"

Progress = Callable[[int, int], None]


class Fate(StrEnum):
    ADDED = "added"
    KNOWN = "already there"
    SKIPPED = "skipped"


@dataclass(frozen=True)
class IngestLine:
    """What became of one file; `note` says why it was skipped, or what to know of it."""

    file: str
    fate: Fate
    public_id: str = ""
    note: str = ""


@dataclass
class IngestReport:
    lines: list[IngestLine] = field(default_factory=list)

    def count(self, fate: Fate) -> int:
        return sum(line.fate == fate for line in self.lines)


def ingest(paths: Sequence[Path], *, in_place: bool = False, progress: Progress | None = None) -> IngestReport:
    """Take in files and whole folders; every file met gets a line in the report, and none stops the others.

    With `in_place` the sound stays where it is and is only linked to; else it is copied into the media folder.
    """
    files = [file for path in paths for file in _files(path)]
    report = IngestReport()
    for done, (file, shown) in enumerate(files, 1):
        report.lines.append(ingest_file(file, shown, in_place=in_place))
        if progress:
            progress(done, len(files))
    return report


def ingest_file(file: Path, shown: str = "", *, in_place: bool = False) -> IngestLine:
    """Take in one file; `shown` is the name by which the report calls it."""
    shown = shown or file.name
    try:
        return _ingested(file, shown, in_place)
    except MediaError as error:
        return IngestLine(shown, Fate.SKIPPED, note=str(error))
    except OSError as error:
        return IngestLine(shown, Fate.SKIPPED, note=f"The file cannot be read ({error.strerror}).")


def _files(path: Path) -> Iterator[tuple[Path, str]]:
    """Each file of a tree in order of name, with the name to show; a path that is not there too, to be reported."""
    if not path.is_dir():
        yield path, path.name
        return
    unreadable: list[OSError] = []
    for folder, folders, names in os.walk(path, onerror=unreadable.append):
        folders.sort()
        for name in sorted(names):
            file = Path(folder) / name
            yield file, str(file.relative_to(path))
    for error in unreadable:
        yield Path(error.filename), f"{Path(error.filename).name}/"


def _ingested(file: Path, shown: str, in_place: bool) -> IngestLine:
    if file.is_dir():
        return IngestLine(shown, Fate.SKIPPED, note="The folder cannot be read.")
    if file.suffix.lower() not in SOUND_SUFFIXES:
        return IngestLine(shown, Fate.SKIPPED, note="This is not a sound file that is taken in here.")
    if not file.stat().st_size:
        return IngestLine(shown, Fate.SKIPPED, note="The file is empty.")
    public_id = content_id(file)
    if Song.objects.filter(public_id=public_id).exists():
        return IngestLine(shown, Fate.KNOWN, public_id)
    sound = read_sound(file, max_seconds=SOUND_SECONDS)
    tags, notes = _tags(file)
    seconds = max(tags.seconds, sound.seconds)
    if not abs(sound.samples).max() > SILENCE:
        notes.append("It is silent.")
    if seconds < 3:
        notes.append(f"It is only {seconds:.1f} s long.")
    if seconds > SOUND_SECONDS * 10:
        notes.append(
            f"It is {seconds / 60:.0f} minutes long: the sound is judged by {SOUND_SECONDS:.0f} s of its middle."
        )
    draft = _draft(public_id, shown, tags, seconds)
    with _stored_media(draft, file, tags, in_place, notes) as draft, transaction.atomic():
        store_songs([draft])
        song = with_facts(Song.objects.filter(public_id=public_id)).select_related("lyrics").get()
        notes += [f"{space}: {sentence}" for space, sentence in encode_everywhere([song]).items()]
        notes += _placed(song)
    return IngestLine(shown, Fate.ADDED, public_id, " ".join(notes))


def _placed(song: Song) -> list[str]:
    """Fold the song into the joint space; why it was not possible, if so."""
    try:
        place_songs([song])
    except InvalidInput as error:
        return [str(error)]
    return []


def content_id(file: Path) -> str:
    """The public id of a file: the same for the same bytes, whatever it is called."""
    with file.open("rb") as stream:
        return f"file-{hashlib.file_digest(stream, 'sha256').hexdigest()[:20]}"


def _tags(file: Path) -> tuple[FileTags, list[str]]:
    try:
        return read_tags(file), []
    except MediaError as error:
        return FileTags(), [str(error)]


def _draft(public_id: str, shown: str, tags: FileTags, seconds: float) -> SongDraft:
    artists = tags.artists or (UNKNOWN_ARTIST,)
    return SongDraft(
        public_id=public_id,
        title=tags.title or Path(shown).stem[:500] or public_id,
        artists=artists,
        album=tags.album,
        album_artist=(tags.album_artist or artists[0]) if tags.album else "",
        year=tags.year,
        duration=round(seconds, 3),
        genres=tags.genres,
        lyrics=tags.lyrics,
    )


@contextmanager
def _stored_media(
    draft: SongDraft, file: Path, tags: FileTags, in_place: bool, notes: list[str]
) -> Iterator[SongDraft]:
    """Put sound and cover into the media folder and yield the draft that names them; take them out again on failure."""
    root = Path(settings.MEDIA_ROOT)
    sound = root / settings.PRIVATE_MEDIA / f"{draft.public_id}{file.suffix.lower()}"
    cover = root / "covers" / f"{draft.public_id}.webp"
    try:
        sound.parent.mkdir(parents=True, exist_ok=True)
        if in_place:
            sound.unlink(missing_ok=True)
            sound.symlink_to(file.resolve())
        else:
            shutil.copyfile(file, sound)
        has_cover = _write_cover(cover, file, tags, notes)
        yield replace(
            draft,
            preview_file=str(sound.relative_to(root)),
            cover_file=str(cover.relative_to(root)) if has_cover else "",
        )
    except BaseException:
        sound.unlink(missing_ok=True)
        cover.unlink(missing_ok=True)
        raise


def _write_cover(target: Path, file: Path, tags: FileTags, notes: list[str]) -> bool:
    """Write the embedded picture, or the one that lies beside the file, as a small WebP; False when there is none."""
    beside = next((file.parent / name for name in PICTURES_BESIDE if (file.parent / name).is_file()), None)
    source = io.BytesIO(tags.picture) if tags.picture else beside
    if source is None:
        return False
    try:
        picture = read_picture(source)
    except MediaError as error:
        notes.append(f"Its cover is left out: {error}")
        return False
    picture.thumbnail((COVER_SIDE, COVER_SIDE))
    target.parent.mkdir(parents=True, exist_ok=True)
    picture.save(target, "WEBP", quality=85)
    return True


def report_text(report: IngestReport) -> str:
    """The report in words: counts, then a line a file."""
    head = ", ".join(f"{report.count(fate)} {fate}" for fate in Fate)
    lines = [f"{head}."]
    return "\n".join(
        lines + [f"  {line.fate}: {line.file}{f' — {line.note}' if line.note else ''}" for line in report.lines]
    )
