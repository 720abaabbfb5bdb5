"""`manage.py load_library`: the bundled library, ready to be heard."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.drafts import ImportFailed
from fairouz_site.console import progress_bars
from retrieval.imports import report_text
from retrieval.library import load_library


class Command(BaseCommand):
    help = "Load a library folder (the bundled one by default): songs, covers, clips and vectors."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, nargs="?", default=settings.BASE_DIR / "data" / "library")

    def handle(self, *args: Any, path: Path, verbosity: int, **options: Any) -> None:
        try:
            with progress_bars(self.stderr, quiet=verbosity == 0) as progress:
                report = load_library(path, progress=progress)
        except ImportFailed as error:
            raise CommandError(str(error)) from None
        if verbosity:
            self.stdout.write(report_text(report))
