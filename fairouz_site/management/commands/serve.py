"""`manage.py serve`: everything between an installed checkout and a running site."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser


class Command(BaseCommand):
    help = "Bring the database up to date, load data if there is none, and serve the site with gunicorn."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--data", type=Path, help="Folder of a published release to import first.")

    def handle(self, *args: Any, host: str, port: int, data: Path | None, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        if data and apps.get_model("retrieval", "Space").objects.filter(revision="published").exists():
            self.stdout.write("A release is here already; `manage.py import_release` brings it up to date.")
        elif data:
            call_command("import_release", data)
            # The release's own text space needs a large model for queries; this one is here, and takes half a minute.
            call_command("encode", space=["text.minilm"], only_missing=True)
        elif not apps.get_model("catalog", "Song").objects.exists():
            call_command("load_library")
        call_command("collectstatic", interactive=False, verbosity=0)
        shown = "localhost" if host in ("127.0.0.1", "0.0.0.0") else host
        self.stdout.write(f"Fairouz is at http://{shown}:{port}/ (Ctrl-C stops it)")
        self.stdout.flush()
        config = "python:fairouz_site.gunicorn"
        server = [sys.executable, "-m", "gunicorn", "--config", config, "--bind", f"{host}:{port}", "fairouz_site.wsgi"]
        os.execv(server[0], server)
