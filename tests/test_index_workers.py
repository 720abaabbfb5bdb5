"""Several workers on one set of indexes: changes are seen at once, swaps without a restart, builds by turns."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from threading import enumerate as threads

import numpy as np
import pytest
from django.db import connection, transaction

from catalog.changes import record
from catalog.models import Change, Song
from retrieval.index import store as store_module
from retrieval.index.store import IndexStore
from retrieval.models import Space, Vector
from tests.library_of import give_vectors, library_of, random_library, song

ROOT = Path(__file__).resolve().parent.parent
VECTORS = {"a": [0.0, 0.0], "b": [1.0, 0.0], "c": [0.0, 3.0]}

Pair = tuple[IndexStore, IndexStore]


@pytest.fixture
def workers(tmp_path: Path) -> Pair:
    """Two stores on one folder know as little of each other as two processes."""
    return IndexStore(tmp_path / "indexes"), IndexStore(tmp_path / "indexes")


def nearest(store: IndexStore, space: Space, query: list[float], k: int = 9) -> list[str]:
    names = dict(Song.objects.values_list("pk", "public_id"))
    (found,) = store.get(space).search(np.array([query]), k)
    return [names[i] for i in found.ids.tolist()]


def delete(public_id: str) -> None:
    with transaction.atomic():
        gone = Song.objects.get(public_id=public_id)
        record(Change.Action.DELETED, [gone])
        gone.delete()


@pytest.mark.django_db
def test_a_vector_that_is_added_changed_or_deleted_is_seen_at_once_by_all(workers: Pair) -> None:
    space = library_of(VECTORS)
    for store in workers:
        assert nearest(store, space, [0.0, 0.0]) == ["a", "b", "c"]
    builds = [store.manifest(space) for store in workers]

    song("d")
    give_vectors({"d": [0.5, 0.0]})
    for store in workers:
        assert nearest(store, space, [0.0, 0.0]) == ["a", "d", "b", "c"]
    give_vectors({"a": [9.0, 9.0]})
    for store in workers:
        assert nearest(store, space, [0.0, 0.0]) == ["d", "b", "c", "a"]
    delete("b")
    for store in workers:
        assert nearest(store, space, [0.0, 0.0]) == ["d", "c", "a"]
        assert store.get(space).pending == 4  # a and b gone from the base; d and the new a beside it
    assert [store.manifest(space) for store in workers] == builds


@pytest.mark.django_db
def test_a_vector_that_is_taken_away_makes_the_song_missing(workers: Pair) -> None:
    space = library_of(VECTORS)
    nearest(workers[0], space, [0.0, 0.0])
    Vector.objects.filter(song__public_id="b").delete()
    record(Change.Action.ENCODED, Song.objects.filter(public_id="b"))
    for store in workers:
        assert nearest(store, space, [0.0, 0.0]) == ["a", "c"]


@pytest.mark.django_db
def test_changes_that_concern_no_vector_leave_the_index_as_it_is(workers: Pair) -> None:
    space = library_of(VECTORS)
    index = workers[0].get(space)
    song("a", title="Renamed")
    give_vectors({"a": [5.0]}, "text.test")
    assert workers[0].get(space) is index
    assert index.pending == 0


@pytest.mark.django_db
def test_a_worker_that_starts_later_catches_up(workers: Pair) -> None:
    space = library_of(VECTORS)
    workers[0].build(space)
    delete("a")
    assert nearest(workers[1], space, [0.0, 0.0]) == ["b", "c"]


@pytest.mark.django_db
def test_a_swap_is_noticed_without_a_restart(workers: Pair) -> None:
    space = library_of(VECTORS)
    for store in workers:
        nearest(store, space, [0.0, 0.0])
    give_vectors({"c": [0.1, 0.0]})
    assert workers[1].get(space).pending == 2
    built = workers[0].build(space)
    assert workers[1].manifest(space) == built
    assert workers[1].get(space).pending == 0
    assert nearest(workers[1], space, [0.0, 0.0]) == ["a", "c", "b"]


@pytest.mark.django_db
def test_a_search_that_began_before_a_swap_can_finish(workers: Pair) -> None:
    space = library_of(VECTORS)
    old = workers[0].get(space)
    for _ in range(3):
        workers[1].build(space)
    assert old.search(np.array([[0.0, 0.0]]), 3)[0].distances.tolist() == [0.0, 1.0, 9.0]


@pytest.mark.django_db(transaction=True)
def test_many_changes_are_built_in_the_background_while_the_old_index_serves(
    workers: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "DELTA_LIMIT", 4)
    space = library_of({f"s{n}": [float(n), 0.0] for n in range(10)})
    old = workers[0].get(space)
    built = workers[0].manifest(space)
    give_vectors({f"s{n}": [float(-n), 0.0] for n in range(10)})
    with workers[0]._building(space.key):  # the build waits here, so that what is served meanwhile can be seen
        assert workers[0].get(space) is old
        assert [t.name for t in threads()].count("rebuild joint.test") == 1
        assert workers[0].get(space) is old
        assert [t.name for t in threads()].count("rebuild joint.test") == 1
    join_rebuilds()
    for store in workers:
        assert nearest(store, space, [-9.0, 0.0], 2) == ["s9", "s8"]
        assert store.get(space).pending == 0
        assert store.manifest(space).change > built.change


@pytest.mark.django_db(transaction=True)
def test_a_background_build_that_fails_is_logged_and_tried_again(
    workers: Pair, monkeypatch: pytest.MonkeyPatch, caplog
) -> None:
    monkeypatch.setattr(store_module, "DELTA_LIMIT", 1)
    space = library_of(VECTORS)
    workers[0].get(space)
    give_vectors({name: [7.0, 7.0] for name in VECTORS})
    with monkeypatch.context() as patched:
        patched.setattr(IndexStore, "_build", lambda *_: 1 / 0)
        workers[0].get(space)
        join_rebuilds()
    assert "Rebuilding the index of joint.test failed" in caplog.text
    workers[0].get(space)
    join_rebuilds()
    assert workers[0].get(space).vectors(np.array([Song.objects.get(public_id="a").pk]))[1].tolist() == [[7.0, 7.0]]


def join_rebuilds() -> None:
    for thread in threads():
        if thread.name.startswith("rebuild "):
            thread.join(60)
            assert not thread.is_alive()


@pytest.mark.django_db(transaction=True)
def test_processes_that_build_at_once_leave_one_sound_index(tmp_path: Path) -> None:
    random_library(300, "joint")
    database = connection.settings_dict["NAME"]
    environment = {**os.environ, "FAIROUZ_VAR": str(tmp_path), "DATABASE_URL": f"sqlite:///{database}"}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "manage.py", "build_index", "--space", "joint"]
    running = [
        subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for process in running:
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        assert "joint.test: 300 vectors of 6 dimensions." in out
    folder = tmp_path / "indexes" / "joint.test"
    assert len([entry for entry in folder.iterdir() if entry.is_dir()]) <= 2
    store = IndexStore(tmp_path / "indexes")
    before = (folder / "current").read_text()
    assert len(store.get(Space.objects.get())) == 300
    assert (folder / "current").read_text() == before
