"""What the benchmarks share: the machine in a line, and a throw-away database with the published release in it."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def release_folder() -> Path:
    """The published release: FAIROUZ_RELEASE, or where it lies by default."""
    folder = Path(os.environ.get("FAIROUZ_RELEASE", ROOT.parent / "shared" / "fairouz_release"))
    if not (folder / "tracks.json").is_file():
        raise SystemExit(f"There is no published release at {folder}: set FAIROUZ_RELEASE.")
    return folder


def empty_database() -> None:
    """Set Django up on a new, empty database in a temporary folder."""
    os.environ["FAIROUZ_VAR"] = tempfile.mkdtemp(prefix="fairouz-bench-")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    sys.path.insert(0, str(ROOT))
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)


def release_database(*spaces: str) -> None:
    """The same with the published release imported, encoded into `spaces` besides its own."""
    folder = release_folder()
    empty_database()
    from django.core.management import call_command

    call_command("import_release", folder, verbosity=0)
    for space in spaces:
        call_command("encode", space=[space], verbosity=0)


def machine() -> str:
    """Cores and memory, no more."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores, {memory:.0f} GiB"
