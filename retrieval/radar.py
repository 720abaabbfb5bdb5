"""Geometry of the radar chart: one axis per space, the stretched closeness from the middle to the rim."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.services import SpaceEvidence

RADIUS, MARGIN = 100.0, 46.0
RINGS = (0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True)
class Axis:
    """One space: the end of its axis, where its label stands and where its value lies (None if missing)."""

    evidence: SpaceEvidence
    end: tuple[float, float]
    label: tuple[float, float]
    anchor: str
    point: tuple[float, float] | None


@dataclass(frozen=True)
class Radar:
    """All that the template draws, in units of an SVG whose middle is (0, 0)."""

    axes: list[Axis]
    rings: list[str]
    polygon: str
    description: str
    size: float = RADIUS + MARGIN


def radar(spaces: Sequence[SpaceEvidence]) -> Radar:
    """Lay out a radar with one axis per space, the first pointing up; a missing one keeps its axis and has no point."""
    count = max(len(spaces), 3)
    axes = [_axis(evidence, place, count) for place, evidence in enumerate(spaces)]
    known = [axis.point for axis in axes if axis.point]
    rings = [_points([_at(place, count, RADIUS * ring) for place in range(count)]) for ring in RINGS]
    return Radar(axes, rings, _points(known), _description(spaces))


def _axis(evidence: SpaceEvidence, place: int, count: int) -> Axis:
    label = _at(place, count, RADIUS + 16)
    anchor = "middle" if abs(label[0]) < 8 else "start" if label[0] > 0 else "end"
    point = None if evidence.stretched is None else _at(place, count, RADIUS * evidence.stretched)
    return Axis(evidence, _at(place, count, RADIUS), label, anchor, point)


def _at(place: int, count: int, radius: float) -> tuple[float, float]:
    angle = 2 * math.pi * place / count - math.pi / 2
    return round(radius * math.cos(angle), 2), round(radius * math.sin(angle), 2)


def _points(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x},{y}" for x, y in points)


def _description(spaces: Sequence[SpaceEvidence]) -> str:
    parts = [
        f"{e.space.modality}: {e.missing}" if e.missing else f"{e.space.modality}: number {e.rank} of {e.others}"
        for e in spaces
    ]
    return "; ".join(parts) + "."
