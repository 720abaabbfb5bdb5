"""Fixtures for the whole suite.

Tests come in three kinds, run in this order: those that start from an empty database, those on the published release
(imported once and committed, so that 822 songs are not imported for every test), and those that commit (each flushes
the database behind it).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template import Template
from django.test import Client

from catalog.fulltext import forget_vocabulary
from retrieval.index.store import index_store
from tests.release import Release

ROOT = Path(__file__).resolve().parent.parent
RELEASE = Path(os.environ.get("FAIROUZ_RELEASE") or ROOT.parent / "shared" / "fairouz_release")
COMMITTING = {"transactional_db", "live_server"}


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=_kind)


def _kind(item: pytest.Item) -> int:
    fixtures = set(getattr(item, "fixturenames", ()))
    marker = item.get_closest_marker("django_db")
    if fixtures & COMMITTING or (marker and marker.kwargs.get("transaction")):
        return 2
    return 1 if "imported_release" in fixtures else 0


@pytest.fixture(scope="session")
def release_folder() -> Path:
    """The published release; where it is absent that is a failure in CI, elsewhere a skip that names the setting."""
    if not (RELEASE / "tracks.json").is_file():
        sentence = f"The published release is not at {RELEASE}: set FAIROUZ_RELEASE to its folder."
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(sentence)
    return RELEASE


@pytest.fixture(scope="session")
def published(release_folder: Path) -> Release:
    """The release's files, read by the tests themselves."""
    return Release(release_folder)


@pytest.fixture(scope="session")
def imported_release(release_folder: Path, django_db_setup: None, django_db_blocker) -> None:
    """The release, committed to the test database through the command that users run."""
    with django_db_blocker.unblock():
        call_command("import_release", release_folder, verbosity=0)


@pytest.fixture
def release(imported_release: None, published: Release, db: None) -> Iterator[Release]:
    """A test on the imported release; what it writes to the database is rolled back."""
    yield published
    index_store().forget()


@pytest.fixture
def own_indexes(settings, tmp_path: Path) -> Iterator[Path]:
    """A folder of indexes of this test's own: the numbers of rolled-back changes are given out again."""
    settings.FAIROUZ_VAR = tmp_path / "var"
    index_store.cache_clear()
    yield settings.FAIROUZ_VAR / "indexes"
    index_store.cache_clear()


@pytest.fixture
def release_to_change(release: Release, settings, tmp_path: Path) -> Iterator[Release]:
    """The release for tests that change songs or vectors, with a copy of its indexes."""
    copied = tmp_path / "var" / "indexes"
    shutil.copytree(settings.FAIROUZ_VAR / "indexes", copied)
    settings.FAIROUZ_VAR = tmp_path / "var"
    index_store.cache_clear()
    yield release
    index_store.cache_clear()


@pytest.fixture
def client(client: Client, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Django's client without its copies of every template's context, which no test reads: pages in half the time."""
    monkeypatch.setattr(Template, "_render", lambda template, context: template.nodelist.render(context))
    return client


@pytest.fixture(autouse=True)
def _isolated(request: pytest.FixtureRequest) -> None:
    """Every test that is not about the release keeps its indexes to itself."""
    forget_vocabulary()
    if "release" not in request.fixturenames:
        request.getfixturevalue("own_indexes")
