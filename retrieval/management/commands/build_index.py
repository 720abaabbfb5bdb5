"""`manage.py build_index`: rebuild indexes from the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fairouz_site.console import progress_bars
from fairouz_site.errors import InvalidInput
from retrieval.index.store import index_store
from retrieval.spaces import all_spaces, resolve_space


class Command(BaseCommand):
    help = "Build the index of every space, or of the named ones, and swap it in. Running workers notice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--space", action="append", default=[], help="Key of a space; may be repeated.")

    def handle(self, *args: Any, space: list[str], verbosity: int, **options: Any) -> None:
        try:
            spaces = [resolve_space(name) for name in space] or all_spaces()
        except InvalidInput as error:
            raise CommandError(str(error)) from None
        with progress_bars(self.stderr, quiet=verbosity == 0) as progress:
            for done, each in enumerate(spaces, 1):
                manifest = index_store().build(each)
                progress("indexes", done, len(spaces))
                if verbosity:
                    self.stdout.write(f"{each.key}: {manifest.count} vectors of {manifest.dimension} dimensions.")
