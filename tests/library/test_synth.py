"""The synthesis: right pitches, right level, no clicks, the same again from the same id."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.bundled.arrange import Arrangement, arrange, chords
from catalog.bundled.instruments import RATE, TIMBRES, drum, tone
from catalog.bundled.notes import Metre, seed_of
from catalog.bundled.synth import LEVEL, PEAK, SECONDS, loudness, play
from tests.library.tunes import AIR, JIG, QUARTET, REEL, SCALE_UP, WALTZ, tune_of

TUNES = {"air": AIR, "jig": JIG, "reel": REEL, "waltz": WALTZ, "quartet": QUARTET}


@pytest.mark.parametrize("name", TUNES)
def test_a_clip_has_its_length_and_level(name):
    sound = play(f"test-{name}", TUNES[name], name)
    assert sound.dtype == np.float32
    assert len(sound) == SECONDS * RATE
    assert np.abs(sound).max() <= PEAK
    assert loudness(sound) == pytest.approx(LEVEL, abs=0.5)


def test_a_clip_begins_and_ends_in_silence():
    sound = play("test-1", JIG)
    assert np.abs(sound[:4]).max() < 0.01
    assert np.abs(sound[-24:]).max() < 0.001


def test_the_same_id_plays_the_same_and_another_does_not():
    assert np.array_equal(play("test-1", WALTZ), play("test-1", WALTZ))
    assert not np.array_equal(play("test-1", WALTZ), play("test-2", WALTZ))


@pytest.mark.parametrize("backing", ["none", "drone", "chords", "drum"])
@pytest.mark.parametrize("lead", sorted(TIMBRES))
def test_every_arrangement_sounds(lead, backing):
    sound = play("test-1", AIR, arrangement=Arrangement(lead, backing))
    assert loudness(sound) == pytest.approx(LEVEL, abs=0.5)


def test_the_music_ends_before_the_clip_does():
    slow = tune_of(SCALE_UP, tempo=57)  # no bar line fits: it has to end at a beat
    sound = play("test-1", slow, arrangement=Arrangement("whistle", "none"))
    assert np.sqrt(np.mean(sound[: 14 * RATE] ** 2)) > 10 * np.sqrt(np.mean(sound[int(15.4 * RATE) :] ** 2))


def test_a_short_tune_is_begun_again():
    sound = play("test-1", tune_of(SCALE_UP, tempo=240), arrangement=Arrangement("flute", "none"))
    assert np.sqrt(np.mean(sound[12 * RATE : 14 * RATE] ** 2)) > 0.02


def test_a_hornpipe_swings():
    even, swung = (play("test-1", REEL, form) for form in ("reel", "hornpipe"))
    assert not np.array_equal(even, swung)


def strongest(sound: np.ndarray) -> float:
    """The frequency (Hz) of the strongest partial's peak."""
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 8 * len(sound)))
    return float(np.argmax(spectrum) * RATE / (8 * len(sound)))


@pytest.mark.parametrize("lead", sorted(TIMBRES))
@settings(max_examples=12, deadline=None)
@given(pitch=st.integers(55, 90))
def test_a_tone_has_its_pitch(lead, pitch):
    """The strongest partial is a multiple of the note's frequency, within a fifth of a semitone."""
    sound = tone(TIMBRES[lead], pitch, 0.6, 0.8, seed_of(pitch))
    frequency = 440 * 2 ** ((pitch - 69) / 12)
    ratio = strongest(sound) / frequency
    known = TIMBRES[lead].ratios or range(1, 30)
    assert min(abs(1200 * np.log2(ratio / r)) for r in known) < 20


@pytest.mark.parametrize("lead", sorted(TIMBRES))
def test_nothing_folds_back(lead):
    """A very high tone has no strong partial below its own frequency."""
    sound = tone(TIMBRES[lead], 100, 0.5, 1.0, seed_of(1))
    power = np.abs(np.fft.rfft(sound * np.hanning(len(sound)))) ** 2
    below = np.fft.rfftfreq(len(sound), 1 / RATE) < 0.8 * 440 * 2 ** (31 / 12)
    assert power[below].sum() < 0.01 * power.sum()


@pytest.mark.parametrize("lead", sorted(TIMBRES))
def test_a_tone_does_not_click(lead):
    sound = tone(TIMBRES[lead], 72, 0.4, 0.8, seed_of(1))
    assert abs(sound[0]) < 0.01
    assert abs(sound[-1]) < 0.01


def test_a_drum_stroke_fades():
    stroke = drum(0.8, seed_of(1))
    assert np.abs(stroke[-100:]).max() < 0.05 < np.abs(stroke).max()


@pytest.mark.parametrize("rate", [24_000, 48_000])
def test_loudness_of_the_standards_sine(rate):
    """BS.1770: a full-scale 997 Hz sine in one channel reads -3.01 LUFS."""
    sine = np.sin(2 * np.pi * 997 * np.arange(4 * rate) / rate)
    assert loudness(sine, rate) == pytest.approx(-3.01, abs=0.05)


@given(st.floats(-30, 0))
@settings(max_examples=10, deadline=None)
def test_loudness_follows_gain(decibels):
    noise = seed_of("noise").standard_normal(RATE)
    assert loudness(noise * 10 ** (decibels / 20)) == pytest.approx(loudness(noise) + decibels, abs=1e-6)


def test_loudness_of_silence_and_of_too_little():
    assert loudness(np.zeros(RATE)) == -70
    with pytest.raises(ValueError, match=r"0\.4 s"):
        loudness(np.zeros(100))


def test_parts_are_played_by_several_and_alone():
    who = {arrange(f"test-{i}", QUARTET) for i in range(60)}
    assert {w.backing for w in who} == {"none"}
    assert all(w.several for w in who)
    assert len({w.lead for w in who}) > 4
    assert "whistle" not in {w.lead for w in who}  # it has no bass


def test_the_arrangement_does_not_depend_on_the_music():
    assert arrange("test-1", JIG) == arrange("test-1", AIR) == arrange("test-1", REEL)


@given(st.lists(st.integers(60, 80), min_size=8, max_size=8), st.sampled_from([Metre(4, 4), Metre(2, 2), Metre(2, 4)]))
def test_chords_fill_the_tune_and_keep_to_its_key(pitches, metre):
    tune = tune_of(pitches, metre=metre)
    found = list(chords(tune))
    assert found[0][0] == tune.bars[0]
    assert all(a + span == b for (a, span, _), (b, _, _) in pairwise(found))
    assert all(set(classes) <= set(tune.key.scale) for _, _, classes in found)
    assert found[-1][2][0] == tune.key.tonic


def test_a_broken_chord_is_heard_as_that_chord():
    subdominant = tune_of([60, 64, 67, 72] * 2 + [67] * 4)  # C E G C in G major
    assert next(iter(chords(subdominant)))[2] == (0, 4, 7)
