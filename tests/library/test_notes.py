"""Plain notes: keys, metres, bars laid end to end, and chance that is the same everywhere."""

import os
import subprocess
import sys
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.bundled.notes import SCALES, Key, Metre, Note, Tune, seed_of
from catalog.bundled.pieces import pieces
from catalog.bundled.scores import Bar, ScoreError, join_bars, stated_key
from tests.library.tunes import MAJOR


@pytest.mark.parametrize(
    ("beats", "unit", "bar", "pulses", "family"),
    [
        (4, 4, 4.0, 4, "duple"),
        (2, 2, 4.0, 2, "duple"),
        (2, 4, 2.0, 2, "duple"),
        (3, 4, 3.0, 3, "triple"),
        (3, 8, 1.5, 1, "triple"),
        (6, 8, 3.0, 2, "compound"),
        (9, 8, 4.5, 3, "compound triple"),
        (6, 4, 6.0, 2, "compound"),
    ],
)
def test_metre(beats, unit, bar, pulses, family):
    metre = Metre(beats, unit)
    assert (metre.bar, metre.pulses, metre.family) == (bar, pulses, family)
    assert metre.pulse * metre.pulses == bar


@pytest.mark.parametrize(
    ("text", "tonic", "mode"),
    [
        ("G", 7, "major"),
        ("Gm", 7, "minor"),
        ("Bb", 10, "major"),
        ("F# Minor", 6, "minor"),
        ("Ador", 9, "dorian"),
        ("A Mixolydian", 9, "mixolydian"),
        ("AMix", 9, "mixolydian"),
        ("EMin", 4, "minor"),
        ("F lydian", 5, "lydian"),
        ("Hp", 2, "mixolydian"),
    ],
)
def test_a_stated_key_is_read(text, tonic, mode):
    assert stated_key(text) == Key(tonic, mode)


@pytest.mark.parametrize("text", ["", "H", "Aphr", "Bn"])
def test_a_key_without_a_name_is_refused(text):
    with pytest.raises(ScoreError):
        stated_key(text)


@given(st.integers(0, 11), st.sampled_from(sorted(SCALES)))
def test_a_scale_has_seven_notes_and_begins_with_the_tonic(tonic, mode):
    key = Key(tonic, mode)
    assert key.scale[0] == tonic
    assert len(set(key.scale)) == 7
    assert key.dark == ((tonic + 3) % 12 in key.scale)


@pytest.mark.parametrize(("tonic", "mode"), [(12, "major"), (0, "phrygian")])
def test_no_such_key(tonic, mode):
    with pytest.raises(ValueError, match="no such key"):
        Key(tonic, mode)


def test_a_tune_needs_notes():
    with pytest.raises(ValueError, match="at least one note"):
        Tune((), (0.0, 4.0), MAJOR, Metre(4, 4), 100)


def bar(length: float, *starts: float) -> Bar:
    return Bar(tuple(Note(start, 1.0, 60) for start in starts), length)


def test_an_upbeat_comes_before_the_first_bar():
    notes, edges = join_bars([bar(1, 0), bar(4, 0), bar(3, 0)], 4)
    assert [n.start for n in notes] == [0, 1, 5]
    assert edges == (1, 5, 9)


def test_what_no_upbeat_completes_is_filled_with_a_rest():
    notes, edges = join_bars([bar(4, 0), bar(3, 0), bar(4, 0)], 4)
    assert [n.start for n in notes] == [0, 4, 8]
    assert edges == (0, 4, 8, 12)


def test_two_parts_of_a_bar_make_one():
    _, edges = join_bars([bar(4, 0), bar(3, 0), bar(1, 0), bar(4, 0)], 4)
    assert edges == (0, 4, 8, 12)


def test_ties_are_joined_across_bars():
    first = Bar((Note(3, 1, 60),), 4)
    held = Bar((Note(0, -2, 60), Note(2, 2, 62)), 4)
    notes, _ = join_bars([first, held], 4)
    assert [(n.start, n.length, n.pitch) for n in notes] == [(3, 3, 60), (6, 2, 62)]


def test_a_bar_that_is_too_long_is_refused():
    with pytest.raises(ScoreError, match="bar 1 lasts 5"):
        join_bars([bar(4, 0), bar(5, 0)], 4)


@given(st.lists(st.sampled_from([1.0, 2.0, 3.0, 4.0]), min_size=1, max_size=20))
def test_bar_lines_stand_a_bar_apart(lengths):
    _, edges = join_bars([bar(length, 0) for length in lengths], 4)
    assert all(later - earlier == 4 for earlier, later in pairwise(edges))


def test_chance_is_the_same_in_another_process():
    code = "from catalog.bundled.notes import seed_of; print(seed_of('a', 1).integers(10**12))"
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert seen == {f"{seed_of('a', 1).integers(10**12)}\n"}


def test_chance_depends_on_every_part():
    drawn = {int(seed_of(*parts).integers(10**12)) for parts in [("a", "b"), ("ab",), ("a", "b", ""), ("b", "a")]}
    assert len(drawn) == 4


def test_the_selection_is_sound():
    found = pieces()
    assert len({piece.id for piece in found}) == len(found)
    assert len({(piece.source, piece.number, piece.bar) for piece in found}) == len(found)
    assert all(piece.title == piece.title.strip() and piece.artists and piece.album for piece in found)


def test_a_bar_that_lacks_an_eighth_holds_its_last_note():
    notes, edges = join_bars([bar(4, 0), Bar((Note(0, 3.5, 60),), 3.5), bar(4, 0)], 4)
    assert [(n.start, n.length) for n in notes] == [(0, 1), (4, 4), (8, 1)]
    assert edges == (0, 4, 8, 12)
