"""`manage.py import_release PATH`: the published release, losslessly."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.drafts import ImportFailed
from fairouz_site.console import progress_bars
from retrieval.imports import import_path, report_text


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
