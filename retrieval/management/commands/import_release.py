"""`manage.py import_release PATH`: the published release, losslessly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.drafts import ImportFailed
from fairouz_site.console import progress_bars
from retrieval.imports import ImportReport, import_path


class Command(BaseCommand):
    help = "Import the published Fairouz release from a folder. Can be run again: nothing is doubled."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="Folder with tracks.json and the matrices.")
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen, and keep nothing.")

    def handle(self, *args: Any, path: Path, dry_run: bool, verbosity: int, **options: Any) -> None:
        try:
            with progress_bars(self.stderr, quiet=verbosity == 0) as progress:
                report = import_path("release", path, dry_run=dry_run, progress=progress)
        except ImportFailed as error:
            raise CommandError(str(error)) from None
        if verbosity:
            self.stdout.write(report_text(report))


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
