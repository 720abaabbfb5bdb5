"""`manage.py ingest PATH...`: sound files into the catalogue."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fairouz_site.console import progress_bars
from retrieval.ingest import Fate, ingest, report_text


class Command(BaseCommand):
    help = "Add sound files or folders of them, with their tags and pictures. Can be run again and be interrupted."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("paths", type=Path, nargs="+")
        parser.add_argument("--in-place", action="store_true", help="Link to the files instead of copying them.")

    def handle(self, *args: Any, paths: list[Path], in_place: bool, verbosity: int, **options: Any) -> None:
        with progress_bars(self.stderr, quiet=verbosity == 0) as tell:
            report = ingest(paths, in_place=in_place, progress=lambda done, total: tell("files", done, total))
        if verbosity:
            self.stdout.write(report_text(report))
        if report.lines and all(line.fate is Fate.SKIPPED for line in report.lines):
            raise CommandError("Nothing was taken in.")
