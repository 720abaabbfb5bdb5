"""`manage.py bind`: one joint space from all modalities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fairouz_site.console import progress_bars
from fairouz_site.errors import InvalidInput
from retrieval.binding import bind, publish, revisions
from retrieval.joint.settings import Settings


class Command(BaseCommand):
    help = "Fit the joint space of the current catalogue and make it the default; older revisions can be restored."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=0)
        parser.add_argument("--quick", action="store_true", help="Do not hold out a tenth of the artists to measure.")
        parser.add_argument("--restore", metavar="REVISION", help="Publish an older revision again instead of fitting.")
        parser.add_argument("--list", action="store_true", help="List the revisions that are kept.")

    def handle(self, *args: Any, seed: int, quick: bool, restore: str | None, verbosity: int, **options: Any) -> None:
        if options["list"]:
            self.stdout.write("\n".join(revisions()) or "There is none yet.")
            return
        try:
            space = publish(restore) if restore else self._bind(seed, quick, verbosity)
        except InvalidInput as error:
            raise CommandError(str(error)) from None
        if verbosity:
            self.stdout.write(f"{space.key} is now revision {space.revision}.")

    def _bind(self, seed: int, quick: bool, verbosity: int) -> Any:
        with progress_bars(self.stderr, quiet=verbosity == 0) as tell:

            def progress(step: int, total: int, loss: float, figures: Mapping[str, float]) -> None:
                held_out = "".join(f" {name} {value:.3f}" for name, value in list(figures.items())[:3])
                tell("bind", step, total, f"loss {loss:.3f}{held_out}")

            space, model = bind(replace(Settings(), seed=seed), measure=not quick, progress=progress)
        if verbosity and model.card.get("figures"):
            shown = ", ".join(f"{name} {value:.3f}" for name, value in model.card["figures"].items())
            self.stdout.write(f"Held out by artist: {shown}")
        return space
