"""`manage.py build_library`: remake the bundled library from its scores."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from catalog.drafts import ImportFailed
from fairouz_site.console import progress_bars
from retrieval.library import add_vectors


class Command(BaseCommand):
    help = (
        "Make the bundled library anew: clips, covers, words and vectors, from the scores of music21 (extra [library]). "
        "Needs an empty database of its own: FAIROUZ_VAR=$(mktemp -d) python manage.py build_library."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, default=settings.BASE_DIR / "data" / "library")
        parser.add_argument("--only-vectors", action="store_true", help="Keep clips, covers and words as they are.")

    def handle(self, *args: Any, to: Path, only_vectors: bool, verbosity: int, **options: Any) -> None:
        from catalog.bundled.make import make_library

        call_command("migrate", interactive=False, verbosity=0)
        try:
            with progress_bars(self.stderr, quiet=verbosity == 0) as progress:
                if not only_vectors:
                    make_library(to, progress=lambda done, total: progress("pieces", done, total))
                add_vectors(to, progress=progress)
        except (ImportFailed, ImportError) as error:
            raise CommandError(str(error)) from None
