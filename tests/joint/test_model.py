"""A fitted space: new songs, bridges, and the file it is kept in."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from retrieval.joint import optimise
from retrieval.joint.evidence import Evidence
from retrieval.joint.fit import fit
from retrieval.joint.model import DamagedModel, JointModel
from tests.joint.conftest import QUICK, SONGS


@pytest.fixture(scope="module")
def seen() -> range:
    return range(SONGS - 16)


@pytest.fixture(scope="module")
def unseen() -> range:
    return range(SONGS - 16, SONGS)


@pytest.fixture(scope="module")
def model(library: Evidence, seen: range) -> JointModel:
    return fit(library.subset(seen), QUICK)


def own_circle(model: JointModel, point: np.ndarray, row: int, circle: list[str]) -> float:
    nearest = np.argsort(-(model.vectors @ point))[:5]
    return float(np.mean([circle[other] == circle[row] for other in nearest]))


def test_a_new_song_lands_in_its_circle(model: JointModel, library: Evidence, unseen: range, circle: list[str]) -> None:
    placed = [model.fold_in(library.song(row)) for row in unseen]
    assert all(p.shape == (16,) and p.dtype == np.float32 for p in placed)
    assert np.allclose(np.linalg.norm(placed, axis=1), 1, atol=1e-5)
    assert np.mean([own_circle(model, p, row, circle) for p, row in zip(placed, unseen, strict=True)]) > 0.9


@pytest.mark.parametrize("modality", ["audio", "graph", "text"])
def test_one_modality_is_enough(
    model: JointModel, library: Evidence, unseen: range, circle: list[str], modality: str
) -> None:
    rows = [row for row in unseen if library.present[modality][row]]
    folded = [model.fold_in(library.song(row, [modality])) for row in rows]
    bridged = model.bridge(modality, library.vectors[modality][rows])
    for placed in (folded, bridged):
        assert np.mean([own_circle(model, p, row, circle) for p, row in zip(placed, rows, strict=True)]) > 0.7


def test_each_song_is_placed_on_its_own(model: JointModel, library: Evidence, unseen: range) -> None:
    many = model.fold_in_many(library.subset(unseen))
    one = np.stack([model.fold_in(library.song(row)) for row in unseen])
    assert np.allclose(many, one, atol=1e-4)


def test_placing_moves_nothing(model: JointModel, library: Evidence, unseen: range) -> None:
    before = model.vectors.copy()
    model.fold_in_many(library.subset(unseen), together=True)
    assert np.array_equal(model.vectors, before)


def test_a_new_artist_finds_itself_when_its_songs_come_together(library: Evidence, circle: list[str]) -> None:
    """A whole circle held out: alone its songs know only strangers, together they know each other."""
    held = [row for row, name in enumerate(circle) if name == "0"]
    model = fit(library.subset([row for row in range(SONGS) if row not in held]), QUICK)
    songs = library.subset(held)

    def cohesion(placed: np.ndarray) -> float:
        everyone = np.concatenate([model.vectors, placed])
        closeness = placed @ everyone.T
        np.fill_diagonal(closeness[:, len(model.vectors) :], -np.inf)
        return float((np.argsort(-closeness, axis=1)[:, :5] >= len(model.vectors)).mean())

    together = cohesion(model.fold_in_many(songs, together=True))
    assert together > 0.9
    assert together >= cohesion(model.fold_in_many(songs))


def test_a_crowd_is_enough_to_be_weighed_against(
    model: JointModel, library: Evidence, unseen: range, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = model.fold_in_many(library.subset(unseen))
    monkeypatch.setattr(optimise, "CROWD", 40)
    part = model.fold_in_many(library.subset(unseen))
    assert np.einsum("nd,nd->n", whole, part).min() > 0.95


def test_bad_evidence_is_refused_by_name(model: JointModel, library: Evidence) -> None:
    audio = library.vectors["audio"][0]
    with pytest.raises(ValueError, match="evidence"):
        model.fold_in({})
    with pytest.raises(ValueError, match="smell"):
        model.fold_in({"smell": audio})
    with pytest.raises(ValueError, match="audio"):
        model.fold_in({"audio": audio[:-1]})
    with pytest.raises(ValueError, match="audio"):
        model.fold_in({"audio": np.full_like(audio, np.nan)})
    with pytest.raises(ValueError, match="audio"):
        model.fold_in({"audio": np.stack([audio, audio])})
    with pytest.raises(ValueError, match="smell"):
        model.bridge("smell", audio)
    with pytest.raises(ValueError, match="vectors"):
        model.bridge("audio", audio[:-1])
    with pytest.raises(ValueError, match="audio"):
        model.bridge("audio", np.full_like(audio, np.inf))


def test_a_copy_of_every_library_song_can_still_be_placed() -> None:
    """All neighbours equal the new song: nobody votes, and still it gets a place."""
    same = Evidence.from_spaces(
        {"audio": (["a", "b", "c"], np.ones((3, 2))), "text": (["a", "b", "c"], np.eye(3))},
    )
    placed = fit(same, QUICK).fold_in({"audio": np.ones(2)})
    assert np.isfinite(placed).all()
    assert np.linalg.norm(placed) == pytest.approx(1, abs=1e-4)


def test_what_is_saved_is_what_is_loaded(model: JointModel, library: Evidence, tmp_path: Path) -> None:
    model.card["note"] = "شكر"
    file = tmp_path / "deep" / "joint.npz"
    model.save(file)
    loaded = JointModel.load(file)
    assert loaded.ids == model.ids
    assert np.array_equal(loaded.vectors, model.vectors)
    assert loaded.card == model.card
    assert loaded.settings == model.settings
    song = library.song(SONGS - 1)
    assert np.array_equal(loaded.fold_in(song), model.fold_in(song))
    assert np.array_equal(loaded.bridge("audio", song["audio"]), model.bridge("audio", song["audio"]))
    assert [path.name for path in file.parent.iterdir()] == ["joint.npz"]


def test_the_file_holds_no_pickle(model: JointModel, tmp_path: Path) -> None:
    model.save(tmp_path / "joint.npz")
    with zipfile.ZipFile(tmp_path / "joint.npz") as archive:
        for name in archive.namelist():
            with archive.open(name) as member:
                np.lib.format.read_array(member, allow_pickle=False)


def test_a_failed_save_leaves_the_old_file(model: JointModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "joint.npz"
    model.save(file)
    before = file.read_bytes()

    def full(*args: object, **kwargs: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="no space"):
        replace(model, card={}).save(file)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


def damage(file: Path, how: str) -> None:
    whole = file.read_bytes()
    if how == "cut":
        file.write_bytes(whole[: len(whole) // 2])
    elif how == "empty":
        file.write_bytes(b"")
    elif how == "other":
        np.savez(file, other=np.zeros(3))
    elif how == "text":
        file.write_text("not a model")
    elif how == "pickle":
        np.savez(file, head=np.array([{"format": 1}], dtype=object), allow_pickle=True)
    elif how == "format":
        with np.load(file) as stored:
            arrays = {name: stored[name] for name in stored.files}
        arrays["head"] = np.array(json.dumps(json.loads(str(arrays["head"])) | {"format": 99}))
        np.savez(file, **arrays)


@pytest.mark.parametrize("how", ["cut", "empty", "other", "text", "pickle", "format"])
def test_a_damaged_file_is_refused_by_name(model: JointModel, tmp_path: Path, how: str) -> None:
    file = tmp_path / "joint.npz"
    model.save(file)
    damage(file, how)
    with pytest.raises(DamagedModel, match=r"joint\.npz"):
        JointModel.load(file)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        JointModel.load(tmp_path / "none.npz")
