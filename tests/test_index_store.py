"""Builds on disk: a damaged or foreign one is refused by name and rebuilt from the database."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from catalog.changes import record
from catalog.models import Change, Song
from retrieval.index.flat import FlatL2
from retrieval.index.store import IndexStore
from retrieval.models import Space, Vector
from tests.library_of import give_vectors, library_of

pytestmark = pytest.mark.django_db

VECTORS = {"a": [0.0, 0.0], "b": [1.0, 0.0], "c": [0.0, 3.0]}


@pytest.fixture
def space() -> Space:
    return library_of(VECTORS)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "indexes"


def content(store: IndexStore, space: Space) -> dict[str, list[float]]:
    """Vectors that a store serves, by public id."""
    names = dict(Song.objects.values_list("pk", "public_id"))
    index = store.get(space)
    return {names[i]: v.tolist() for i, v in zip(*index.vectors(index.ids()), strict=True)}


def folders(root: Path, space: Space) -> list[Path]:
    return [entry for entry in (root / space.key).iterdir() if entry.is_dir()]


def current(root: Path, space: Space) -> Path:
    return root / space.key / (root / space.key / "current").read_text()


def test_an_index_is_built_when_there_is_none(space: Space, root: Path) -> None:
    store = IndexStore(root)
    assert content(store, space) == VECTORS
    manifest = store.manifest(space)
    assert (manifest.space, manifest.dimension, manifest.count, manifest.revision) == ("joint.test", 2, 3, "1")
    assert json.loads((current(root, space) / "manifest.json").read_text()) == {**vars(manifest)}


def test_a_sound_index_is_opened_and_not_built_again(space: Space, root: Path, caplog) -> None:
    IndexStore(root).build(space)
    before = current(root, space)
    assert content(IndexStore(root), space) == VECTORS
    assert current(root, space) == before
    assert not caplog.records


def test_a_space_without_vectors_has_an_index_of_nothing(space: Space, root: Path) -> None:
    Vector.objects.all().delete()
    assert content(IndexStore(root), space) == {}
    assert content(IndexStore(root), space) == {}


def edited(name: str, value: Any) -> Callable[[Path], None]:
    def edit(build: Path) -> None:
        manifest = json.loads((build / "manifest.json").read_text())
        (build / "manifest.json").write_text(json.dumps({**manifest, name: value}))

    return edit


def flipped(name: str) -> Callable[[Path], None]:
    def flip(build: Path) -> None:
        content = bytearray((build / name).read_bytes())
        content[-3] ^= 4
        (build / name).write_bytes(content)

    return flip


def truncated(name: str) -> Callable[[Path], None]:
    return lambda build: (build / name).write_bytes((build / name).read_bytes()[:-5])


def without(name: str) -> Callable[[Path], None]:
    return lambda build: (build / name).unlink()


def without_pointer(build: Path) -> None:
    (build.parent / "current").unlink()


def pointer_to(text: str) -> Callable[[Path], None]:
    return lambda build: (build.parent / "current").write_text(text) and None


def with_forged_checksums(build: Path) -> None:
    """Files that are sound in themselves and match the manifest, but hold another number of vectors."""
    other = FlatL2()
    other.build(np.array([1]), np.ones((1, 2)))
    other.save(build)
    files = {name: hashlib.sha256((build / name).read_bytes()) for name in ("vectors.faiss", "ids.npy")}
    edited("checksums", {name: digest.hexdigest() for name, digest in files.items()})(build)


FILES_CHANGED = "is missing or not as it was written"
FOREIGN = "its manifest is of another space, dimension, revision or back end"
DAMAGE = {
    "flipped bit in the vectors": (flipped("vectors.faiss"), f"its file vectors.faiss {FILES_CHANGED}"),
    "flipped bit in the ids": (flipped("ids.npy"), f"its file ids.npy {FILES_CHANGED}"),
    "truncated vectors": (truncated("vectors.faiss"), f"its file vectors.faiss {FILES_CHANGED}"),
    "missing vectors": (without("vectors.faiss"), f"its file vectors.faiss {FILES_CHANGED}"),
    "missing ids": (without("ids.npy"), f"its file ids.npy {FILES_CHANGED}"),
    "missing manifest": (without("manifest.json"), "its manifest is missing or unreadable"),
    "truncated manifest": (truncated("manifest.json"), "its manifest is missing or unreadable"),
    "unknown field in the manifest": (edited("surprise", 1), "its manifest is missing or unreadable"),
    "manifest of another format": (edited("format", 99), "its format is 99"),
    "another space": (edited("space", "joint.other"), FOREIGN),
    "another dimension": (edited("dimension", 3), FOREIGN),
    "another revision": (edited("revision", "0"), FOREIGN),
    "another back end": (edited("backend", "milvus"), FOREIGN),
    "another count": (edited("count", 2), "its files do not hold what its manifest says"),
    "files of something else": (with_forged_checksums, "its files do not hold what its manifest says"),
    "a later change than there is": (edited("change", 10**6), "it was built from another database"),
    "missing pointer": (without_pointer, "there is none yet"),
    "pointer to nothing": (pointer_to("nowhere"), "its manifest is missing or unreadable"),
    "empty pointer": (pointer_to(""), "its manifest is missing or unreadable"),
}


@pytest.mark.parametrize(("damage", "reason"), DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_index_is_refused_by_name_and_rebuilt(
    space: Space, root: Path, caplog, damage: Callable[[Path], None], reason: str
) -> None:
    IndexStore(root).build(space)
    damage(current(root, space))
    assert content(IndexStore(root), space) == VECTORS
    (said,) = [entry.getMessage() for entry in caplog.records]
    assert said.startswith("The index of joint.test is not used: ")
    assert reason in said
    caplog.clear()
    assert content(IndexStore(root), space) == VECTORS
    assert not caplog.records


def test_damage_of_one_space_leaves_the_others_alone(space: Space, root: Path) -> None:
    other = give_vectors({"a": [5.0], "b": [6.0]}, "text.test")
    store = IndexStore(root)
    store.build(space)
    store.build(other)
    before = current(root, other)
    flipped("ids.npy")(current(root, space))
    fresh = IndexStore(root)
    assert content(fresh, space) == VECTORS
    assert content(fresh, other) == {"a": [5.0], "b": [6.0]}
    assert current(root, other) == before


def test_a_database_that_lost_vectors_unlogged_is_believed(space: Space, root: Path) -> None:
    """As after restoring an older database beside newer indexes."""
    IndexStore(root).build(space)
    Vector.objects.filter(song__public_id="b").delete()
    assert sorted(content(IndexStore(root), space)) == ["a", "c"]


def test_a_new_revision_of_the_space_needs_a_new_index(space: Space, root: Path) -> None:
    store = IndexStore(root)
    content(store, space)
    Space.objects.update(revision="2")
    space.refresh_from_db()
    assert store.manifest(space).revision == "2"


@pytest.mark.parametrize("moment", ["save", "load", "build"])
def test_a_crash_while_building_leaves_the_old_index_and_no_rubbish(
    space: Space, root: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    store = IndexStore(root)
    store.build(space)
    before = folders(root, space)

    def crash(*args: Any, **kwargs: Any) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(FlatL2, moment, crash)
        with pytest.raises(OSError, match="No space left"):
            store.build(space)
    assert folders(root, space) == before
    assert content(IndexStore(root), space) == VECTORS


def test_old_builds_are_removed_but_the_last(space: Space, root: Path) -> None:
    store = IndexStore(root)
    for _ in range(4):
        store.build(space)
    assert len(folders(root, space)) == 2
    assert current(root, space) in folders(root, space)


def test_a_dropped_space_leaves_no_files_and_can_be_built_again(space: Space, root: Path) -> None:
    store = IndexStore(root)
    store.build(space)
    store.drop(space.key)
    assert not (root / space.key).exists()
    assert content(store, space) == VECTORS


def test_warming_up_opens_every_space(space: Space, root: Path) -> None:
    give_vectors({"a": [5.0]}, "text.test")
    Space.objects.create(key="audio.empty", label="Empty", modality="audio", dimension=4, encoder="none", revision="1")
    store = IndexStore(root)
    store.warm_up()
    assert sorted(entry.name for entry in root.iterdir()) == ["audio.empty", "joint.test", "text.test"]
    Vector.objects.all().delete()
    record(Change.Action.ENCODED, Song.objects.all())
    assert content(store, space) == {}
