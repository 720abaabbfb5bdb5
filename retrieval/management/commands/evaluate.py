"""`manage.py evaluate`: how good the spaces are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.table import Table

from fairouz_site.console import progress_bars
from fairouz_site.errors import InvalidInput
from retrieval.evaluation import HEADLINES, evaluate_spaces
from retrieval.quality.protocols import PROTOCOLS
from retrieval.spaces import all_spaces, resolve_space


class Command(BaseCommand):
    help = "Measure every space, or the named ones, against the catalogue. The spaces page shows the figures."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--space", action="append", default=[], help="Key or bare name; may be repeated.")
        parser.add_argument("--protocol", choices=PROTOCOLS, default="clean")
        parser.add_argument("--json", type=Path, help="Write all figures to this file.")

    def handle(self, *args: Any, space: list[str], protocol: str, verbosity: int, **options: Any) -> None:
        try:
            spaces = [resolve_space(name) for name in space] or all_spaces()
            with progress_bars(self.stderr, quiet=verbosity == 0) as tell:
                figures = evaluate_spaces(
                    spaces, protocol=protocol, progress=lambda done, total: tell("spaces", done, total)
                )
        except InvalidInput as error:
            raise CommandError(str(error)) from None
        if options["json"]:
            options["json"].write_text(json.dumps(figures, indent=2, sort_keys=True) + "\n")
        if verbosity:
            self._print(figures, protocol)

    def _print(self, figures: dict[str, dict[str, float]], protocol: str) -> None:
        names = HEADLINES if protocol == "clean" else ("P@10", "R@10", "MAP@10", "nDCG@10", "MRR@10", "hit@10")
        table = Table("space", *names)
        for key, values in figures.items():
            table.add_row(key, *(f"{values[name]:.3f}" if name in values else "–" for name in names))
        terminal: Any = getattr(self.stdout, "_out", self.stdout)
        Console(file=terminal, width=None if terminal.isatty() else 120).print(table)
