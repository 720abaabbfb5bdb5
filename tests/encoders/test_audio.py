"""The audio encoder hears what it claims to: metre, mode, tempo and timbre; not key or loudness."""

from dataclasses import replace

import numpy as np
import pytest

from catalog.media.sound import Sound
from retrieval.encoders import audio
from retrieval.encoders.audio import BLOCKS, TimbreEncoder
from tests.encoders.made import METRES, TIMBRES, Tune, noise, play, silence

pytest.importorskip("librosa", reason="needs the extra [audio]")

TUNE = Tune("6/8", "minor", 92, "fiddle", seed=4)


def block(name: str, sound: Sound) -> np.ndarray:
    return audio.features(sound)[name]


def distance(one: Sound, other: Sound) -> float:
    a, b = TimbreEncoder().encode([one, other])
    return float(np.linalg.norm(a - b))


def test_blocks_fill_the_vector_and_share_the_distance():
    assert sum(part.size for part in BLOCKS) == TimbreEncoder.dim == 128
    assert sum(part.share for part in BLOCKS) == pytest.approx(1)
    found = audio.features(play(TUNE))
    assert {name: len(values) for name, values in found.items()} == {part.name: part.size for part in BLOCKS}


def test_loudness_does_not_matter():
    sound = play(TUNE)
    assert distance(sound, Sound(sound.samples * 0.02, sound.rate)) < 0.05


def test_key_does_not_matter_to_scale_and_mode():
    one, other = play(TUNE), play(replace(TUNE, tonic=TUNE.tonic + 5))
    mode = play(replace(TUNE, mode="major"))
    for name in ("scale", "mode"):
        moved = np.linalg.norm(block(name, one) - block(name, other))
        changed = np.linalg.norm(block(name, one) - block(name, mode))
        assert moved < 0.6 * changed


@pytest.mark.parametrize("timbre", TIMBRES)
@pytest.mark.parametrize("seed", range(3))
def test_major_is_told_from_minor(timbre, seed):
    tune = Tune("2/4", "major", 100, timbre, seed)
    thirds = [block("mode", play(replace(tune, mode=mode)))[0] for mode in ("major", "minor")]
    assert thirds[0] > 0 > thirds[1]


def test_a_pitch_standard_between_two_keys_does_not_matter():
    sound = play(TUNE)
    flat = Sound(sound.samples, int(sound.rate * 2 ** (-0.4 / 12)))  # slower and lower by 40 cents
    np.testing.assert_allclose(block("scale", sound), block("scale", flat), atol=0.03)


def test_tempo_does_not_change_metre():
    slow, fast = (block("metre", play(replace(TUNE, bpm=bpm))) for bpm in (80, 110))
    others = [block("metre", play(replace(TUNE, metre=metre))) for metre in METRES if metre != TUNE.metre]
    assert np.linalg.norm(slow - fast) < min(np.linalg.norm(slow - other) for other in others)


@pytest.mark.parametrize("bpm", [80, 100, 120])
def test_the_fastest_regular_step_is_found(bpm):
    step = 2 ** block("tempo", play(Tune("6/8", "major", bpm, "harp", seed=2)))[0]
    assert step == pytest.approx(60 / bpm / 3, rel=0.03)


def test_instruments_are_told_apart():
    same = distance(play(TUNE), play(replace(TUNE, seed=5)))
    assert distance(play(TUNE), noise(12)) > same
    flute, reed = (block("envelope", play(replace(TUNE, timbre=name))) for name in ("flute", "reed"))
    again = block("envelope", play(replace(TUNE, timbre="flute", seed=9)))
    assert np.linalg.norm(flute - again) < np.linalg.norm(flute - reed)


def test_all_silence_is_alike_and_unlike_music():
    vectors = TimbreEncoder().encode([silence(1), silence(30), silence(0.01), play(TUNE)])
    np.testing.assert_allclose(vectors[:3] - vectors[0], 0, atol=1e-5)
    assert np.linalg.norm(vectors[0] - vectors[3]) > 0.5


def test_of_a_long_sound_the_middle_minute_counts():
    music, rest = play(TUNE, 60).samples, noise(50).samples
    whole = Sound(np.concatenate([rest, music, rest]), 22_050)
    assert distance(whole, Sound(music, 22_050)) < 0.01


def test_extreme_samples_give_finite_vectors():
    loud = Sound(np.full(30_000, np.finfo(np.float32).max, np.float32), 22_050)
    click = Sound(np.eye(1, 50_000, 25_000, dtype=np.float32)[0], 22_050)
    assert np.isfinite(TimbreEncoder().encode([loud, click])).all()
