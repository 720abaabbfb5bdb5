"""Importing songs together with their vectors, all or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from catalog.drafts import ImportFailed, Reading, RowError
from catalog.models import Song
from catalog.store import Stored, store_songs
from fairouz_site.registry import registry
from retrieval.index.base import InvalidVectors
from retrieval.index.store import index_store
from retrieval.models import Space
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
        with transaction.atomic():
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
    ids = [draft.public_id for draft in reading.songs]
    keys = (
        dict(Song.objects.filter(public_id__in=ids).values_list("public_id", "pk"))
        if len(ids) < 10_000
        else dict(Song.objects.values_list("public_id", "pk"))
    )
    spaces = []
    for done, draft in enumerate(reading.spaces, 1):
        space, written = store_space(draft, keys, make_default=True)
        report.vectors[space.key] = written
        spaces.append(space)
        _tell(progress, "vectors", done, len(reading.spaces))
    return spaces


def _tell(progress: Progress | None, what: str, done: int, total: int) -> None:
    if progress:
        progress(what, done, total)
