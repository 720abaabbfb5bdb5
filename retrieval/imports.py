"""Importing songs together with their vectors, all or nothing."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.db import transaction

from catalog.drafts import ImportFailed, Reading, RowError
from catalog.models import Song
from catalog.store import Stored, store_songs
from fairouz_site.registry import registry
from retrieval.index.base import InvalidVectors
from retrieval.index.store import index_store
from retrieval.models import Positive, Space
from retrieval.vectors import store_space

Progress = Callable[[str, int, int], None]


@dataclass
class ImportReport:
    """What an import did: songs by fate, vectors written by space, rows skipped with their reason, things to look at."""

    songs: Stored
    vectors: dict[str, int] = field(default_factory=dict)
    skipped: list[RowError] = field(default_factory=list)
    suspicious: list[str] = field(default_factory=list)
    dry_run: bool = False


class _DryRun(Exception):
    """Raised to take everything back."""


def import_path(importer: str, path: Path, *, dry_run: bool = False, progress: Progress | None = None) -> ImportReport:
    """Import what `importer` reads at `path`; raise ImportFailed, with nothing kept, when it cannot be used.

    Afterwards the indexes hold it too. A dry run does everything but keep it.
    """
    reading: Reading = registry("importer").get(importer).read(path)
    report = ImportReport(Stored(), skipped=reading.errors, suspicious=reading.suspicious, dry_run=dry_run)
    spaces: list[Space] = []
    try:
        with transaction.atomic(), _media_copied(reading.media):
            spaces = _store(reading, report, progress)
            if dry_run:
                raise _DryRun
    except _DryRun:
        return report
    except InvalidVectors as error:
        raise ImportFailed(str(error)) from None
    for done, space in enumerate(spaces, 1):
        if report.vectors[space.key] or not report.songs.unchanged:
            index_store().build(space)
        _tell(progress, "indexes", done, len(spaces))
    return report


def _store(reading: Reading, report: ImportReport, progress: Progress | None) -> list[Space]:
    report.songs = store_songs(reading.songs, progress=lambda done, total: _tell(progress, "songs", done, total))
    wanted = {draft.public_id for draft in reading.songs}
    keys = {name: key for name, key in Song.objects.values_list("public_id", "pk").iterator() if name in wanted}
    spaces = []
    for done, draft in enumerate(reading.spaces, 1):
        space, written = store_space(draft, keys, make_default=True)
        report.vectors[space.key] = written
        spaces.append(space)
        _tell(progress, "vectors", done, len(reading.spaces))
    _store_positives(reading.positives, keys)
    return spaces


def _store_positives(positives: Mapping[str, Sequence[str]], keys: Mapping[str, int]) -> None:
    """Make the stored pairs of these songs just these; ids that are not among `keys` are left out."""
    pairs = {(keys[a], keys[b]) for a, others in positives.items() if a in keys for b in others if b in keys}
    songs = {keys[song] for song in positives if song in keys}
    known = set(Positive.objects.values_list("song_id", "other_id"))
    stale = {a for a, b in known - pairs if a in songs}
    Positive.objects.filter(song__in=stale).delete()
    known = {pair for pair in known if pair[0] not in stale}
    Positive.objects.bulk_create((Positive(song_id=a, other_id=b) for a, b in sorted(pairs - known)), batch_size=5000)


@contextmanager
def _media_copied(media: Mapping[str, Path]) -> Iterator[None]:
    """Copy the files into the media folder; those that were not there before go again if the import fails."""
    made = []
    try:
        for name, source in media.items():
            target = Path(settings.MEDIA_ROOT) / name
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                made.append(target)
            shutil.copyfile(source, target)
        yield
    except BaseException:
        for target in made:
            target.unlink(missing_ok=True)
        raise


def _tell(progress: Progress | None, what: str, done: int, total: int) -> None:
    if progress:
        progress(what, done, total)


def report_text(report: ImportReport) -> str:
    """The report in words, one fact a line."""
    songs = report.songs
    lines = ["Dry run: nothing was kept." if report.dry_run else "Import finished."]
    lines.append(f"Songs: {len(songs.created)} new, {len(songs.updated)} updated, {len(songs.unchanged)} unchanged.")
    lines += [f"Vectors in {key}: {count} new or changed." for key, count in report.vectors.items()]
    lines.append(f"Skipped: {len(report.skipped)}.")
    lines += [f"  {error.where}: {error.sentence}" for error in report.skipped]
    lines.append(f"Worth a look: {len(report.suspicious)}.")
    lines += [f"  {note}" for note in report.suspicious]
    return "\n".join(lines)
