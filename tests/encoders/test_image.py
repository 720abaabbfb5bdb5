"""The image encoder sees colours, their places, and edges; not size or proportions."""

import numpy as np
import pytest
from PIL import Image

from retrieval.encoders.image import LayoutEncoder
from tests.encoders.made import COLOURS, LAYOUTS, draw


def distance(*pictures: Image.Image) -> float:
    one, other = LayoutEncoder().encode(pictures)
    return float(np.linalg.norm(one - other))


def test_vectors_have_unit_length():
    pictures = [
        draw("sea", "disc"),
        Image.new("RGB", (1, 1)),
        Image.new("RGB", (7, 900), "white"),
        Image.new("L", (5, 5)),
    ]
    np.testing.assert_allclose(np.linalg.norm(LayoutEncoder().encode(pictures), axis=1), 1, atol=1e-6)


def test_size_does_not_matter():
    picture = draw("sea", "disc", size=960)
    assert distance(picture, picture.resize((200, 200))) < 0.1
    assert distance(picture, picture.resize((500, 200))) < 0.1


@pytest.mark.parametrize("colours", COLOURS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_small_change_is_nearer_than_other_colours_or_another_layout(colours, layout):
    picture, moved = draw(colours, layout, seed=1), draw(colours, layout, seed=2)
    others = [draw(name, layout, seed=1) for name in COLOURS if name != colours]
    others += [draw(colours, name, seed=1) for name in LAYOUTS if name != layout]
    assert distance(picture, moved) < min(distance(picture, other) for other in others)


def test_where_a_colour_is_matters():
    picture = draw("fire", "corner")
    assert distance(picture, picture.transpose(Image.Transpose.ROTATE_180)) > 0.2


def test_hue_matters_at_equal_lightness():
    red, green = Image.new("RGB", (50, 50), (200, 60, 60)), Image.new("RGB", (50, 50), (20, 130, 60))
    grey = Image.new("RGB", (50, 50), (118, 118, 118))
    assert min(distance(red, green), distance(red, grey)) > 0.3


def test_the_way_edges_run_matters_beyond_colour():
    stripes = draw("wood", "stripes")
    assert distance(stripes, stripes.transpose(Image.Transpose.ROTATE_90)) > distance(
        stripes, draw("wood", "stripes", seed=3)
    )
