"""What is shipped is what the makers make (needs the extra `[library]`: the scores are read anew)."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from catalog.bundled.make import make_library
from catalog.bundled.pieces import pieces
from catalog.media.sound import read_sound

FOLDER = Path(__file__).resolve().parents[2] / "data" / "library"
IDS = ("aird-0690", "mozart-k155-2", "oneill-0001")

pytest.importorskip("music21", reason="the extra [library] is not installed: nothing can be remade")


@pytest.fixture(scope="module")
def remade(tmp_path_factory):
    folder, steps = tmp_path_factory.mktemp("library"), []
    (folder / "clips").mkdir()
    (folder / "clips" / "stale.opus").touch()
    make_library(folder, only=IDS, progress=lambda done, total: steps.append((done, total)))
    assert steps == [(1, 3), (2, 3), (3, 3)]
    return folder


def songs(folder):
    return {song["id"]: song for song in json.loads((folder / "library.json").read_text(encoding="utf-8"))["songs"]}


def test_words_and_facts_are_equal(remade):
    shipped = songs(FOLDER)
    assert songs(remade) == {identity: shipped[identity] for identity in IDS}


@pytest.mark.parametrize("identity", IDS)
def test_the_sound_is_the_same(remade, identity):
    one, two = (read_sound(folder / "clips" / f"{identity}.opus").samples for folder in (remade, FOLDER))
    assert len(one) == len(two)
    assert np.corrcoef(one, two)[0, 1] > 0.98


@pytest.mark.parametrize("identity", IDS)
def test_the_cover_is_the_same(remade, identity):
    one, two = (
        np.asarray(Image.open(folder / "covers" / f"{identity}.webp").convert("RGB"), dtype=int)
        for folder in (remade, FOLDER)
    )
    assert np.abs(one - two).mean() < 2


def test_what_belongs_to_no_song_is_removed(remade):
    assert {path.stem for path in (remade / "clips").iterdir()} == set(IDS)


def test_every_piece_is_shipped():
    assert set(songs(FOLDER)) == {piece.id for piece in pieces()}


def test_an_unknown_id_is_refused(tmp_path):
    with pytest.raises(KeyError):
        make_library(tmp_path, only=["no-such-piece"])
