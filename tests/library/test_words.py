"""Words: facts are stated as they are, moods follow tempo and mode, the same id is described the same."""

import re
from dataclasses import replace
from itertools import product

import pytest

from catalog.bundled.arrange import arrange
from catalog.bundled.facts import MOODS, facts_of
from catalog.bundled.notes import Key, Metre
from catalog.bundled.tempo import Tempo, tempo_of, tidy
from catalog.bundled.words import FEELS, describe
from tests.library.tunes import AIR, JIG, QUARTET, REEL, SCALE_UP, WALTZ, piece_of, tune_of

SLOW, LIVELY = Tempo(54, "slow", "Plaintively"), Tempo(168, "lively", "")


def facts(piece, tune, tempo):
    return facts_of(piece, tune, tempo, arrange(piece.id, tune), "hills")


def test_facts_are_counted():
    found = facts(piece_of(), AIR, SLOW)
    assert (found.key, found.metre, found.tempo, found.form) == ("G minor", "4/4", "slow", "air")
    assert found.range == 12
    assert found.evenness == 1.0
    assert not found.upbeat
    assert found.forms == ("slow air", "air")
    assert found.beats == 54


def test_steps_and_leaps_are_told_apart():
    walking = facts(piece_of(), tune_of(SCALE_UP), LIVELY)
    leaping = facts(piece_of(), tune_of([60, 67, 60, 69, 60, 71, 60, 72]), LIVELY)
    assert (walking.steps, leaping.steps) == (1.0, 0.0)
    assert (walking.opening, leaping.upbeat) == ("rises", False)
    assert facts(piece_of(), tune_of(SCALE_UP, upbeat=1.0), LIVELY).upbeat


@pytest.mark.parametrize(("tempo", "dark"), sorted(MOODS))
def test_no_mood_contradicts_the_music(tempo, dark):
    key = Key(7, "minor" if dark else "major")
    forms = ("air", "jig", "reel", "march", "minuet", "hornpipe", "strathspey")
    found = [facts(piece_of(form=f), tune_of(SCALE_UP, key=key), Tempo(100, tempo, "")).emotions for f in forms]
    glad, sad = {"cheerful", "joyful", "merry", "exuberant"}, {"melancholy", "sorrowful", "mournful", "wistful"}
    for moods in found:
        assert moods[:2] == MOODS[tempo, dark]
        assert not (set(moods) & glad if dark or tempo == "slow" else set(moods) & sad)


def test_what_the_print_asks_for_is_a_mood():
    assert "plaintive" in facts(piece_of(), AIR, SLOW).emotions


def test_a_lament_is_one_and_mourns_if_it_is_slow():
    found = facts(piece_of(title="O'Carolan's Lament"), AIR, SLOW)
    assert "lament" in found.genres
    assert "mournful" in found.emotions
    assert "mournful" not in facts(piece_of(title="O'Carolan's Lament"), JIG, LIVELY).emotions


@pytest.mark.parametrize(
    ("tempo", "mode"), [*product(("slow", "moderate", "lively", "fast"), ("major", "minor", "dorian"))]
)
def test_every_description_is_whole(tempo, mode):
    tune = tune_of(SCALE_UP * 2, key=Key(2, mode))
    for number in range(12):
        piece = piece_of(f"test-{number}")
        text = describe(piece, facts(piece, tune, Tempo(90, tempo, "")))
        assert f"D {mode}" in text
        assert "common time" in text
        assert 2 <= len(re.findall(r"[.](?:\s|$)", text)) <= 5
        assert not re.search(r"[{}]|\s{2}|\s[.,]|,,|\.\.|None", text)


def test_patterns_speak_of_their_own_tempo_only():
    """A sentence for slow music says nothing quick, one for quick music nothing slow."""
    quick, slow = re.compile(r"\b(fast|brisk|lively|quick)"), re.compile(r"\b(slow|unhurried|long notes)")
    for (tempo, _), patterns in FEELS.items():
        wrong = quick if tempo == "slow" else slow if tempo in ("lively", "fast") else None
        assert not [p for p in patterns if wrong and wrong.search(p.lower())]


def test_the_same_piece_is_described_the_same_and_others_in_other_words():
    found = facts(piece_of(), JIG, LIVELY)
    texts = [describe(piece_of(f"test-{i % 40}"), found) for i in range(80)]
    assert texts[:40] == texts[40:]
    assert len(set(texts)) > 20


def test_other_titles_and_composers_are_told():
    piece = piece_of(
        source="aird", title="Rural Felicity", others=("Haste to the Wedding",), artists=("Niel Gow",), form="jig"
    )
    text = describe(piece, facts(piece, JIG, LIVELY))
    assert "also known as “Haste to the Wedding”" in text
    assert "by Niel Gow" in text


def test_a_quartet_movement_names_its_composer_and_year():
    piece = piece_of(
        source="score",
        form="string quartet",
        artists=("Joseph Haydn",),
        year=1793,
        album="String Quartet in C, Op. 74",
        mark="Vivace",
    )
    for number in range(8):
        text = describe(replace(piece, id=f"test-{number}"), facts(piece, QUARTET, Tempo(90, "lively", "Vivace")))
        assert "Joseph Haydn" in text
        assert "1793" in text or "Op. 74" in text


@pytest.mark.parametrize(
    ("words", "mark"),
    [
        ('"Very slow" "collected by J. O\'Neill"', "Very slow"),
        ("Slow and tenderly Collected by F.O'Neill", "Slow and tenderly"),
        ('"Tenderly" "setting 1" "collected by F. O\'Neill"', "Tenderly"),
        ("Gheerfully", "Cheerfully"),
        ("With spirit. Collected from O'Brien.", "With spirit"),
        ("", ""),
    ],
)
def test_only_the_tempo_words_stay(words, mark):
    assert tidy(words) == mark


def test_a_stated_tempo_is_taken_and_a_dance_has_its_own():
    assert tempo_of(piece_of(form="reel"), Metre(2, 2), 2.0, "", "1/2=96").quarters == 192
    reel = tempo_of(piece_of(form="reel"), Metre(2, 2), 2.0, "", "")
    jig = tempo_of(piece_of(form="jig"), Metre(6, 8), 2.0, "", "")
    assert (reel.name, jig.name) == ("fast", "lively")
    assert 195 < reel.quarters < 220
    assert 155 < jig.quarters < 180


@pytest.mark.parametrize(
    ("words", "name"), [("Slow", "slow"), ("Moderate", "moderate"), ("Gaily", "lively"), ("Presto", "fast")]
)
@pytest.mark.parametrize("rate", [0.8, 2.0, 4.0])
def test_the_same_word_means_as_many_notes_a_second_whatever_the_notation(words, name, rate):
    """A tune written in sixteenths is not played twice as fast as one written in eighths."""
    found = tempo_of(piece_of(), Metre(3, 4), rate, words, "")
    assert found.name == name
    assert {"slow": 1.0, "moderate": 1.9, "lively": 2.8, "fast": 4.0}[name] <= found.quarters / 60 * rate <= 6.0


def test_genres_name_the_kind_and_the_tradition():
    assert facts(piece_of(form="jig"), JIG, LIVELY).genres == ("jig", "irish traditional")
    assert facts(piece_of(form="reel", origin="Scotland"), REEL, LIVELY).genres == ("reel", "scottish traditional")
    assert "dance tune" in facts(piece_of(form="waltz"), WALTZ, LIVELY).keywords
