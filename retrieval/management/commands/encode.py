"""`manage.py encode`: vectors from raw material."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from fairouz_site.console import progress_bars
from fairouz_site.errors import InvalidInput
from retrieval.encoders.base import EncoderUnavailable
from retrieval.encoding import EncodeReport, encode_space


class Command(BaseCommand):
    help = "Encode the catalogue's songs into spaces. Goes on where an interrupted run stopped."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--space", action="append", required=True, help="Key of an encoder; may be repeated.")
        parser.add_argument("--only-missing", action="store_true", help="Only songs without a vector there.")

    def handle(self, *args: Any, space: list[str], only_missing: bool, verbosity: int, **options: Any) -> None:
        for key in space:
            try:
                with progress_bars(self.stderr, quiet=verbosity == 0) as tell:
                    report = encode_space(key, only_missing=only_missing, progress=partial(tell, key))
            except (InvalidInput, EncoderUnavailable) as error:
                raise CommandError(str(error)) from None
            if verbosity:
                self.stdout.write(report_text(report))


def report_text(report: EncodeReport) -> str:
    lines = [f"{report.space}: {report.encoded} songs encoded, {report.lacking} have nothing to encode."]
    return "\n".join(lines + [f"  {error.where}: {error.sentence}" for error in report.failed])
