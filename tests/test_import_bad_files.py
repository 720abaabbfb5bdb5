"""A release folder that cannot be used: one sentence, a non-zero exit, and nothing kept."""

from __future__ import annotations

from collections.abc import Callable
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from catalog.changes import latest_change
from catalog.models import Artist, Song
from retrieval.models import Space
from tests.library_of import track, write_json, write_release

pytestmark = pytest.mark.django_db

TRACKS = {f"id{number}": track() for number in range(4)}
ROWS, JOINT, AUDIO = "id_to_track_mapping.json", "fairouz_np.npy", "audio_np.npy"


def matrix_with(value: float, name: str = JOINT) -> Callable[[Path], None]:
    def spoil(folder: Path) -> None:
        matrix = np.load(folder / name)
        matrix[2, 1] = value
        np.save(folder / name, matrix)

    return spoil


def matrix_of(matrix: np.ndarray) -> Callable[[Path], None]:
    return lambda folder: np.save(folder / JOINT, matrix)


def text_in(name: str, text: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_text(text)


def bytes_in(name: str, content: bytes) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes(content)


def truncated(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:-7])


def without(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def endless(folder: Path) -> None:
    """A header that promises more than any machine holds."""
    with (folder / JOINT).open("wb") as stream:
        np.lib.format.write_array_header_1_0(stream, {"descr": "<f4", "fortran_order": False, "shape": (10**15, 128)})


def rows(mapping: object) -> Callable[[Path], None]:
    return lambda folder: write_json(folder / ROWS, mapping)


SPOILED = {
    "NaN": (matrix_with(np.nan), "fairouz_np.npy holds NaN or infinite values in 1 rows, first in row 2"),
    "infinity": (matrix_with(-np.inf), "fairouz_np.npy holds NaN or infinite"),
    "too large for float32": (matrix_with(1e300, AUDIO), "audio_np.npy holds NaN or infinite"),
    "too few rows": (matrix_of(np.ones((3, 8), np.float32)), "fairouz_np.npy has 3 rows, but"),
    "too many rows": (matrix_of(np.ones((5, 8), np.float32)), "fairouz_np.npy has 5 rows, but"),
    "whole numbers": (matrix_of(np.ones((4, 8), np.int64)), "must hold a matrix of floats, not int64 (4, 8)"),
    "one axis": (matrix_of(np.ones(4, np.float32)), "must hold a matrix of floats"),
    "three axes": (matrix_of(np.ones((4, 2, 2), np.float32)), "must hold a matrix of floats"),
    "no columns": (matrix_of(np.ones((4, 0), np.float32)), "must hold a matrix of floats"),
    "texts": (matrix_of(np.full((4, 8), "x")), "must hold a matrix of floats"),
    "pickled objects": (matrix_of(np.full((4, 8), None)), "fairouz_np.npy is damaged or no matrix"),
    "truncated matrix": (truncated(AUDIO), "audio_np.npy is damaged or no matrix"),
    "empty matrix file": (bytes_in(JOINT, b""), "fairouz_np.npy is damaged or no matrix"),
    "matrix that is a picture": (bytes_in(JOINT, b"\x89PNG\r\n\x1a\n" + bytes(99)), "fairouz_np.npy is damaged"),
    "archive of matrices": (bytes_in(JOINT, b"PK\x03\x04" + bytes(99)), "fairouz_np.npy is damaged or no matrix"),
    "matrix that claims to be endless": (endless, "fairouz_np.npy is damaged or no matrix"),
    "no tracks": (without("tracks.json"), "The file tracks.json is missing"),
    "no rows": (without(ROWS), f"The file {ROWS} is missing"),
    "tracks cut short": (truncated("tracks.json"), "tracks.json is not readable JSON"),
    "tracks not UTF-8": (bytes_in("tracks.json", b'{"a": "\xff"}'), "tracks.json is not readable JSON"),
    "tracks a list": (text_in("tracks.json", "[]"), "tracks.json must hold one JSON object, not a list"),
    "tracks nested too deep": (text_in("tracks.json", "[" * 200_000), "tracks.json is not readable JSON"),
    "rows a number": (text_in(ROWS, "3"), f"{ROWS} must hold one JSON object, not a int"),
    "row of an unknown song": (
        rows({"0": "id0", "1": "id1", "2": "id2", "3": "nobody"}),
        "names 1 songs that tracks.json lacks, such as nobody",
    ),
    "row that is no id": (rows({"0": "id0", "1": "id1", "2": "id2", "3": ["id3"]}), f"The file {ROWS} "),
    "row missing": (rows({"0": "id0", "1": "id1", "2": "id2", "4": "id3"}), f"{ROWS} has no row '3'"),
    "row twice": (rows({"0": "id0", "1": "id1", "2": "id2", "3": "id2"}), f"{ROWS} names a song twice"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_release(tmp_path / "release", TRACKS)


def failure(folder: Path) -> str:
    with pytest.raises(CommandError) as raised:
        call_command("import_release", folder, stdout=StringIO(), stderr=StringIO())
    assert raised.value.returncode != 0
    return str(raised.value)


@pytest.mark.parametrize(("spoil", "sentence"), SPOILED.values(), ids=SPOILED)
def test_a_spoiled_folder_gets_one_sentence_and_keeps_nothing(
    folder: Path, own_indexes: Path, spoil: Callable[[Path], None], sentence: str
) -> None:
    spoil(folder)
    said = failure(folder)
    assert sentence in said
    assert "\n" not in said
    assert (Song.objects.count(), Artist.objects.count(), Space.objects.count(), latest_change()) == (0, 0, 0, 0)
    assert not own_indexes.exists()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert failure(tmp_path / "nowhere") == f"There is no folder {tmp_path / 'nowhere'}."


def test_a_file_is_no_folder(folder: Path) -> None:
    assert "There is no folder" in failure(folder / "tracks.json")


def test_another_dimension_than_the_space_has_is_refused_and_the_first_import_stays(folder: Path) -> None:
    call_command("import_release", folder, verbosity=0)
    before = latest_change()
    write_release(folder, {**TRACKS, "more": track()}, dimensions={"graph": 9})
    assert failure(folder) == "graph.published has 3 dimensions; vectors of 9 were given."
    assert Song.objects.count() == len(TRACKS)
    assert latest_change() == before


def test_a_spoiled_folder_does_not_touch_what_was_imported(folder: Path) -> None:
    call_command("import_release", folder, verbosity=0)
    before = latest_change()
    matrix_with(np.nan)(folder)
    failure(folder)
    assert (Song.objects.count(), latest_change()) == (len(TRACKS), before)
