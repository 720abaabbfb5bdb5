"""Dependencies run graph → retrieval → catalog → fairouz_site, and nothing heavy is imported before it is needed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEAVY = {"faiss", "sklearn", "networkx", "librosa", "soundfile", "onnxruntime", "torch", "tokenizers", "av", "scipy"}


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    settled = {**os.environ, "DJANGO_SETTINGS_MODULE": "fairouz_site.settings", **environment}
    return subprocess.run(command, cwd=ROOT, env=settled, capture_output=True, text=True, timeout=120, check=False)


def test_no_app_imports_upward() -> None:
    result = run(str(Path(sys.executable).with_name("lint-imports")), "--no-cache")
    assert result.returncode == 0, result.stdout
    assert "0 broken" in result.stdout


@pytest.mark.parametrize(
    "code",
    [
        "import django; django.setup(); import fairouz_site.urls",
        "import django; django.setup(); from django.urls import get_resolver; get_resolver().url_patterns",
        "import sys; sys.argv = ['manage.py', 'migrate', '-v0']; import manage; manage.main()",
        "import sys; sys.argv = ['manage.py', 'check']; import manage; manage.main()",
    ],
)
def test_nothing_heavy_is_imported_before_it_is_used(tmp_path: Path, code: str) -> None:
    listing = "import sys; print(' '.join(sorted({name.split('.')[0] for name in sys.modules})))"
    result = run(sys.executable, "-c", f"{code}\n{listing}", FAIROUZ_VAR=str(tmp_path))
    assert result.returncode == 0, result.stderr
    assert not HEAVY & set(result.stdout.splitlines()[-1].split())


def test_a_server_that_starts_has_its_indexes_open(tmp_path: Path) -> None:
    migrate = run(sys.executable, "manage.py", "migrate", "-v0", FAIROUZ_VAR=str(tmp_path))
    assert migrate.returncode == 0, migrate.stderr
    code = (
        "from tests.library_of import random_library\n"
        "import django; django.setup()\n"
        "random_library(5, 'joint', 'text')\n"
        "import fairouz_site.wsgi\n"
        "from retrieval.index.store import index_store\n"
        "print(sorted(index_store()._loaded))"
    )
    code = "\n".join(["import django; django.setup()", *code.splitlines()])
    result = run(sys.executable, "-c", code, FAIROUZ_VAR=str(tmp_path))
    assert result.stdout.strip() == "['joint.test', 'text.test']", result.stderr
