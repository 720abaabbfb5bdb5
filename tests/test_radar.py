"""The radar's geometry, with any number of axes."""

from __future__ import annotations

import math

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from retrieval.models import Space
from retrieval.radar import RADIUS, radar
from retrieval.services import SpaceEvidence
from tests.markup import _Builder

MODALITIES = ["joint", "text", "image", "audio", "graph"]


def evidence(*values: float | None) -> list[SpaceEvidence]:
    """One space per value; None is missing."""
    return [
        SpaceEvidence(Space(key=f"{m}.x", modality=m, label=m), missing="no lyrics")
        if value is None
        else SpaceEvidence(Space(key=f"{m}.x", modality=m, label=m), 1.0, 0.5, value, value, 7, 100)
        for m, value in zip(MODALITIES, values, strict=False)
    ]


VALUES = st.lists(st.none() | st.floats(0, 1), min_size=0, max_size=5)


@given(values=VALUES)
def test_a_point_lies_on_its_axis_as_far_out_as_its_value(values: list[float | None]) -> None:
    axes = radar(evidence(*values)).axes
    for axis, value in zip(axes, values, strict=True):
        assert math.hypot(*axis.end) == pytest.approx(RADIUS, abs=0.02)
        assert (axis.point is None) == (value is None)
        if axis.point and value is not None:
            assert axis.point == pytest.approx([coordinate * value for coordinate in axis.end], abs=0.02)


@pytest.mark.parametrize("count", [3, 4, 5])
def test_the_axes_divide_the_circle_and_the_first_points_up(count: int) -> None:
    ends = [axis.end for axis in radar(evidence(*[0.5] * count)).axes]
    assert ends[0] == pytest.approx((0, -RADIUS), abs=0.01)
    angles = [math.degrees(math.atan2(y, x)) for x, y in ends]
    steps = [(b - a) % 360 for a, b in zip(angles, [*angles[1:], angles[0]], strict=True)]
    assert steps == pytest.approx([360 / count] * count, abs=0.05)


@given(values=VALUES)
def test_only_what_is_known_has_a_corner_and_everything_is_told(values: list[float | None]) -> None:
    drawn = radar(evidence(*values))
    corners = [tuple(float(x) for x in corner.split(",")) for corner in drawn.polygon.split()]
    assert corners == [axis.point for axis in drawn.axes if axis.point]
    told = drawn.description.removesuffix(".").split("; ") if values else [""]
    for modality, value, words in zip(MODALITIES, values, told, strict=False):
        assert words == f"{modality}: " + ("no lyrics" if value is None else "number 7 of 100")


@pytest.mark.parametrize("values", [(1.0, 0.5, 0.0), (1.0, None, 0.2, 0.4), (0.1, 0.2, 0.3, 0.4, 0.5), (None,) * 5, ()])
def test_the_drawing_can_be_read_aloud(values: tuple[float | None, ...]) -> None:
    drawn = radar(evidence(*values))
    builder = _Builder()
    pair = {"query": {"public_id": "a"}, "hit": {"public_id": "b"}}
    builder.feed(render_to_string("retrieval/_radar.html", {"radar": drawn, "explanation": pair}))
    (svg,) = builder.open[0].all("svg")
    assert svg["role"] == "img"
    named = {element["id"]: element.text for element in svg if "id" in element.attributes}
    assert drawn.description in [named[name] for name in svg["aria-labelledby"].split()]
    labels = [text.text for text in svg.all("text")]
    for axis in drawn.axes:
        (label,) = [label for label in labels if label.startswith(axis.evidence.space.modality)]
        assert label.endswith(axis.evidence.missing)
