"""Covers: right size, never dark or empty, drawn by the notes, the layout by the id alone."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from catalog.bundled.covers import LAYOUTS, draw_cover, layout_of, webp
from catalog.bundled.notes import SCALES, Key, Metre
from catalog.bundled.palette import mix, oklch, palette_of
from tests.library.tunes import AIR, JIG, MINOR, REEL, SCALE_UP, WALTZ, tune_of


def light(picture: Image.Image) -> np.ndarray:
    return np.asarray(picture.convert("L"), dtype=float) / 255


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
@pytest.mark.parametrize(("tune", "tempo"), [(AIR, "slow"), (WALTZ, "moderate"), (JIG, "lively"), (REEL, "fast")])
def test_a_cover_is_neither_dark_nor_empty(layout, tune, tempo):
    picture = draw_cover("test-1", tune, tempo, layout)
    assert (picture.size, picture.mode) == ((320, 320), "RGB")
    assert 0.15 < light(picture).mean() < 0.95
    assert light(picture).std() > 0.03
    assert len(picture.quantize(16).getcolors()) > 4


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_minor_is_darker_than_major(layout):
    major, minor = (
        draw_cover("test-1", tune_of(SCALE_UP * 4, key=key), "moderate", layout) for key in (Key(7, "major"), MINOR)
    )
    assert light(minor).mean() < light(major).mean() - 0.1


@pytest.mark.parametrize("layout", sorted(LAYOUTS))
def test_metre_and_tempo_change_the_picture(layout):
    tunes = [
        tune_of((SCALE_UP[::2] + SCALE_UP[::-1]) * 4, metre=metre, step=0.5)
        for metre in (Metre(4, 4), Metre(3, 4), Metre(6, 8))
    ]
    pictures = [draw_cover("test-1", tune, "moderate", layout) for tune in tunes]
    pictures.append(draw_cover("test-1", tunes[0], "fast", layout))
    for index, one in enumerate(pictures):
        for other in pictures[:index]:
            assert np.abs(light(one) - light(other)).mean() > 0.003


def test_the_same_piece_is_drawn_the_same():
    one, two = (draw_cover("test-1", JIG, "lively") for _ in range(2))
    assert np.array_equal(np.asarray(one), np.asarray(two))


def test_the_layout_comes_from_the_id_alone():
    drawn = {layout_of(f"test-{i}") for i in range(100)}
    assert drawn == set(LAYOUTS)


def test_a_tune_of_one_note_can_be_drawn():
    for layout in LAYOUTS:
        assert light(draw_cover("test-1", tune_of([67], step=4.0), "slow", layout)).std() > 0.02


def test_webp_is_small_and_opens():
    data = webp(draw_cover("test-1", REEL, "fast"))
    assert len(data) < 24_000
    assert Image.open(io.BytesIO(data)).size == (320, 320)


@pytest.mark.parametrize(
    ("lightness", "chroma", "hue", "expected"),
    [
        (1.0, 0.0, 0, (255, 255, 255)),
        (0.0, 0.0, 0, (0, 0, 0)),
        (0.62796, 0.25768, 29.234, (255, 0, 0)),
        (0.45201, 0.31321, 264.052, (0, 0, 255)),
    ],
)
def test_oklch_of_known_colours(lightness, chroma, hue, expected):
    assert np.abs(np.array(oklch(lightness, chroma, hue)) - expected).max() <= 2


@given(st.floats(0, 1), st.floats(0, 0.4), st.floats(0, 360))
def test_every_oklch_colour_is_a_colour(lightness, chroma, hue):
    assert all(0 <= channel <= 255 for channel in oklch(lightness, chroma, hue))


@given(st.integers(0, 11), st.sampled_from(sorted(SCALES)), st.floats(0.7, 1.3))
def test_the_ground_tells_the_mode(tonic, mode, vividness):
    key = Key(tonic, mode)
    assert (sum(palette_of(key, vividness).ground) / 765 < 0.5) == key.dark


def test_mixing_goes_from_one_to_the_other():
    assert mix((0, 0, 0), (10, 20, 30), 0) == (0, 0, 0)
    assert mix((0, 0, 0), (10, 20, 30), 1) == (10, 20, 30)
