"""Covers drawn from a piece's own notes: 320 x 320, no lettering.

What shapes the picture: the mode its family of colours (light ground for major, dusk for minor, mist for dorian, clay
for mixolydian) and the tonic its hue; the metre its angles and symmetry (duple: squares and steps; triple: triangles
and facets; compound: circles and waves); the tempo how many and how vivid the elements are; the melody's contour, rhythm
and scale degrees where each element goes, how large it is and which ink it has. The layout is drawn from the id alone,
so that it says nothing about the genre.
"""

import io
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from catalog.bundled.canvas import Canvas
from catalog.bundled.notes import Tune, seed_of
from catalog.bundled.palette import Colour, Palette, mix, palette_of

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["LAYOUTS", "draw_cover", "layout_of", "webp"]

DENSITY = {"slow": 0, "moderate": 1, "lively": 2, "fast": 3}
BARS = (6, 8, 12, 16)
VIVID = (0.75, 0.92, 1.08, 1.22)


@dataclass(frozen=True, slots=True)
class Mark:
    """A melody note as drawn: `at` and `size` in shares of the passage, `height` 0..1, `degree` 0..6, or 7: not in key."""

    at: float
    size: float
    height: float
    degree: int


@dataclass(frozen=True, slots=True)
class Sketch:
    """All that a layout needs: marks, the metre's family, density 0..3 and colours."""

    marks: tuple[Mark, ...]
    family: str
    density: int
    palette: Palette

    @property
    def sides(self) -> int:
        """3 for triple metre, 4 for duple, 0 (round) for compound."""
        return {"triple": 3, "duple": 4}.get(self.family, 0)

    def ink(self, mark: Mark) -> Colour:
        """Tonic and fifth in the strong inks, the others in between; notes outside the key in the accent."""
        order = (3, 1, 2, 0, 4, 1, 2)
        return self.palette.accent if mark.degree == 7 else self.palette.inks[order[mark.degree]]

    def contour(self, x: np.ndarray, smooth: float) -> np.ndarray:
        """The melody's height at positions 0..1, averaged over `smooth` of the passage."""
        starts = np.array([m.at for m in self.marks])
        heights = np.array([m.height for m in self.marks])
        grid = np.linspace(0, 1, 400)
        steps = heights[np.clip(np.searchsorted(starts, grid, side="right") - 1, 0, len(heights) - 1)]
        width = max(1, int(smooth * len(grid)))
        kernel = np.hanning(width + 2)[1:-1] if width > 1 else np.ones(1)
        padded = np.pad(steps, width, mode="edge")
        return np.interp(x, grid, np.convolve(padded, kernel / kernel.sum(), "same")[width:-width])


def draw_cover(identity: str, tune: Tune, tempo: str, layout: str | None = None) -> "Image":
    """The cover of a piece, RGB 320 x 320.

    Args:
        tempo: slow, moderate, lively or fast.
        layout: one of LAYOUTS; by default the one the id draws.
    """
    sketch = _sketch(identity, tune, tempo)
    canvas = Canvas(sketch.palette.ground, sketch.palette.shade)
    LAYOUTS[layout or layout_of(identity)](canvas, sketch)
    return canvas.finished()


def layout_of(identity: str) -> str:
    """The layout that an id draws."""
    return str(seed_of("layout", identity).choice(sorted(LAYOUTS)))


def webp(picture: "Image") -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=86, method=6)
    return buffer.getvalue()


def _sketch(identity: str, tune: Tune, tempo: str) -> Sketch:
    density = DENSITY[tempo]
    bars = min(BARS[density], len(tune.bars) - 1)
    first, last = tune.notes[0].start, tune.bars[bars]
    melody = [note for note in tune.melody if note.start < last - 0.01]
    pitches = np.array([note.pitch for note in melody])
    low, high = pitches.min(), max(pitches.max(), pitches.min() + 7)
    scale = tune.key.scale
    marks = tuple(
        Mark(
            at=(note.start - first) / (last - first),
            size=min(note.length, last - note.start) / (last - first),
            height=(note.pitch - low) / (high - low),
            degree=scale.index(note.pitch % 12) if note.pitch % 12 in scale else 7,
        )
        for note in melody
    )
    family = "compound" if tune.metre.compound else tune.metre.family
    palette = palette_of(tune.key, VIVID[density], turn=seed_of("hue", identity).uniform(-16, 16))
    return Sketch(marks, family, density, palette)


def _profile(sketch: Sketch, x: np.ndarray, start: float, end: float, points: int) -> np.ndarray:
    """The contour of a part of the passage as an edge: terraces (duple), facets (triple) or waves (compound)."""
    points += {4: 0, 3: -1, 0: 3}[sketch.sides]
    share = np.linspace(0, 1, points)
    heights = sketch.contour(start + (end - start) * share, 0.06)
    position = np.clip(x, 0, 1) * (points - 1)
    left = np.minimum(position.astype(int), points - 2)
    part = position - left
    if sketch.sides == 4:
        part = (part > 0.5).astype(float)
    elif sketch.sides == 0:
        part = (1 - np.cos(np.pi * part)) / 2
    return heights[left] + (heights[left + 1] - heights[left]) * part


def _hills(canvas: Canvas, sketch: Sketch) -> None:
    """Ridges of cut paper, one a phrase, under a sun that stands where the tune has its summit."""
    count, inks = 4 + sketch.density, sketch.palette.inks
    summit = max(sketch.marks, key=lambda m: m.height)
    radius = 0.155 - 0.02 * sketch.density
    canvas.disc(0.2 + 0.6 * summit.at, 0.235, radius, sketch.palette.accent, shadow=0.10)
    x = np.linspace(0, 1, 480)
    for layer in range(count):
        share = layer / (count - 1)
        ridge = _profile(sketch, x, layer / count, (layer + 1) / count, 5 + 2 * sketch.density)
        y = 0.43 + 0.43 * share - 0.31 * (ridge - 0.5) * (1 - 0.35 * share)
        nearer = share * (len(inks) - 1)
        colour = mix(inks[int(nearer)], inks[min(int(nearer) + 1, len(inks) - 1)], nearer % 1)
        canvas.polygon([(0, 1.02), *zip(x, y, strict=True), (1, 1.02)], colour, shadow=0.28)


def _rosette(canvas: Canvas, sketch: Sketch) -> None:
    """The passage wound round a centre: as many folds as the metre counts, petals as long as the notes are high."""
    folds = {4: 8, 3: 9, 0: 6}[sketch.sides] * (1 if sketch.density < 2 else 2)
    rings = 3 + sketch.density // 2
    canvas.disc(0.5, 0.5, 0.455, mix(sketch.palette.ground, sketch.palette.inks[0], 0.6), shadow=0.12)
    for ring in range(rings):
        radius = 0.44 * (1 - ring / (rings + 0.4))
        passage = [m for m in sketch.marks if ring / rings <= m.at < (ring + 1) / rings] or list(sketch.marks)
        for fold in range(folds):
            mark = passage[fold * len(passage) // folds % len(passage)]
            angle = 2 * np.pi * (fold + 0.5 * (ring % 2)) / folds - np.pi / 2
            _petal(canvas, sketch, angle, radius * (0.70 + 0.30 * mark.height), np.pi / folds, sketch.ink(mark))
    canvas.disc(0.5, 0.5, 0.06, sketch.palette.accent)


def _petal(canvas: Canvas, sketch: Sketch, angle: float, reach: float, half: float, colour: Colour) -> None:
    """A petal from the centre: a kite (duple), a spike (triple) or a leaf (compound)."""
    if sketch.sides == 4:
        outline = [(0.0, 0.0), (0.70, -half), (1.0, 0.0), (0.70, half)]
    elif sketch.sides == 3:
        outline = [(0.0, 0.0), (0.34, -half), (1.0, 0.0), (0.34, half)]
    else:
        share = np.linspace(0, 1, 24)
        width = half * np.sin(np.pi * share**0.8) * 0.98
        outline = [*zip(share, -width, strict=True), *zip(share[::-1], width[::-1], strict=True)]
    points = [(0.5 + reach * r * np.cos(angle + a), 0.5 + reach * r * np.sin(angle + a)) for r, a in outline]
    canvas.polygon(points, colour, alpha=0.90, shadow=0.10)


def _quilt(canvas: Canvas, sketch: Sketch) -> None:
    """Patchwork: a tile a note or two, turned by the melody's steps; its motif is the metre's."""
    side = (4, 5, 6, 8)[sketch.density]
    edge = 1 / side
    marks = [sketch.marks[i * len(sketch.marks) // side**2] for i in range(side * side)]
    turn = 0
    for index, mark in enumerate(marks):
        before = marks[index - 1] if index else mark
        turn = (turn + int(np.sign(round(mark.height - before.height, 3)))) % 4
        corner = (index % side * edge, index // side * edge)
        back = mix(sketch.palette.ground, sketch.palette.inks[0], 0.2 + 0.7 * mark.height)
        canvas.box(corner, (edge * 1.01, edge * 1.01), back)
        _motif(canvas, sketch, corner, edge, turn, mark)


def _motif(canvas: Canvas, sketch: Sketch, corner: tuple[float, float], edge: float, turn: int, mark: Mark) -> None:
    """Half a tile and a square (duple), half a tile cut aslant (triple), a quarter disc (compound)."""
    (x, y), colour, second = corner, sketch.ink(mark), sketch.palette.inks[-1 if mark.height > 0.5 else 0]
    corners = [(x, y), (x + edge, y), (x + edge, y + edge), (x, y + edge)]
    if sketch.sides == 4:
        upright, far = turn % 2 == 0, turn in (1, 2)
        size = (edge / 2, edge) if upright else (edge, edge / 2)
        canvas.box((x + edge / 2 * (upright and far), y + edge / 2 * (not upright and far)), size, colour)
        small, free = edge * (0.18 + 0.16 * mark.height), 0.25 if far else 0.75  # the half that is left
        across, down = (free, 0.5) if upright else (0.5, free)
        canvas.box((x + edge * across - small / 2, y + edge * down - small / 2), (small, small), second)
    elif sketch.sides == 3:
        canvas.polygon([corners[turn], corners[(turn + 1) % 4], corners[(turn + 2) % 4]], colour)
        if mark.size > 0.03:
            middle = (x + edge / 2, y + edge / 2)
            canvas.polygon([corners[turn], corners[(turn + 1) % 4], middle], second, 0.55)
    else:
        canvas.wedge(*corners[turn], edge * 0.995, 90 * turn, 90 * turn + 90, colour)
        canvas.wedge(*corners[turn], edge * 0.52, 90 * turn, 90 * turn + 90, second)


def _nests(canvas: Canvas, sketch: Sketch) -> None:
    """Shapes in shapes: each nest holds a few notes, its rings as wide as they are long, its centre drawn by the last."""
    side = (1, 2, 3, 4)[sketch.density]
    each = 7 if side == 1 else 5
    cell = 0.94 / side
    for index in range(side * side):
        start = index * len(sketch.marks) // side**2
        notes = [sketch.marks[(start + i) % len(sketch.marks)] for i in range(each)]
        centre = (0.03 + (index % side + 0.5) * cell, 0.03 + (index // side + 0.5) * cell)
        widths = np.array([0.5 + 20 * min(m.size, 0.12) for m in notes])
        radii = 0.47 * cell * (1 - np.concatenate([[0], np.cumsum(widths)[:-1]]) / widths.sum())
        for step, (mark, radius) in enumerate(zip(notes, radii, strict=True)):
            drift = 0.10 * cell * (1 - radius / (0.47 * cell)) * (2 * notes[-1].height - 1)
            _shape(canvas, sketch, centre[0] + drift * 0.6, centre[1] - drift, radius, sketch.ink(mark), step == 0)


def _shape(canvas: Canvas, sketch: Sketch, x: float, y: float, radius: float, colour: Colour, lifted: bool) -> None:
    """A disc (compound), triangle (triple) or square (duple) of about that radius."""
    shadow = 0.18 if lifted else 0.0
    if sketch.sides == 0:
        canvas.disc(x, y, radius, colour, shadow=shadow)
    elif sketch.sides == 4:
        canvas.box((x - radius, y - radius), (2 * radius, 2 * radius), colour, shadow=shadow)
    else:
        points = [
            (x, y - 1.08 * radius),
            (x + 1.06 * radius, y + 0.92 * radius),
            (x - 1.06 * radius, y + 0.92 * radius),
        ]
        canvas.polygon(points, colour, shadow=shadow)


def _ribbons(canvas: Canvas, sketch: Sketch) -> None:
    """Bands that run from left to right along the melody, one above the other: steps, zigzags or waves."""
    count, inks = (6, 8, 11, 15)[sketch.density], sketch.palette.inks
    x = np.linspace(0, 1, 480)
    for band in range(count + 3):
        share = (band - 1) / count
        start = 0.6 * np.clip(share, 0, 1)
        line = _profile(sketch, x, start, start + 0.4, 5 + 2 * sketch.density)
        y = share - 0.30 * (line - 0.5) * (1 - 0.2 * sketch.density / 3)
        mark = sketch.marks[int(np.clip(share, 0, 1) * (len(sketch.marks) - 1))]
        colour = sketch.ink(mark) if band % 2 else mix(sketch.palette.ground, inks[(band // 2) % 3], 0.6)
        canvas.polygon(
            [*zip(x, y, strict=True), (1, 1.3), (0, 1.3)], mix(colour, sketch.palette.ground, 0.18), shadow=0.14
        )


def _beads(canvas: Canvas, sketch: Sketch) -> None:
    """The score as one would string it: rows of beads, as large as the notes are long, as high as they sound."""
    rows = (2, 3, 4, 5)[sketch.density]
    for row in range(rows):
        colour = mix(sketch.palette.ground, sketch.palette.inks[0], 0.25 if row % 2 else 0.75)
        canvas.box((0, row / rows), (1, 1.01 / rows), colour)
    each = (6, 8, 10, 12)[sketch.density]
    chosen = [sketch.marks[i * len(sketch.marks) // (rows * each)] for i in range(rows * each)]
    biggest = max(m.size for m in chosen)
    for index, mark in enumerate(chosen):
        row, place = index // each, index % each
        radius = 0.92 / each * (0.34 + 0.30 * (mark.size / biggest) ** 0.6)
        y = (row + 0.5) / rows - (mark.height - 0.5) * 0.56 / rows
        _bead(canvas, sketch, 0.04 + 0.92 * (place + 0.5) / each, y, radius, sketch.ink(mark))


def _bead(canvas: Canvas, sketch: Sketch, x: float, y: float, radius: float, colour: Colour) -> None:
    if sketch.sides == 0:
        canvas.disc(x, y, radius, colour, 0.92)
        canvas.disc(x, y, radius * 0.45, mix(colour, sketch.palette.ground, 0.45))
    elif sketch.sides == 4:
        canvas.box((x - radius * 0.9, y - radius * 0.9), (radius * 1.8, radius * 1.8), colour, 0.92)
        canvas.box(
            (x - radius * 0.4, y - radius * 0.4), (radius * 0.8, radius * 0.8), mix(colour, sketch.palette.ground, 0.45)
        )
    else:
        points = [(x, y - radius * 1.15), (x + radius * 1.1, y + radius * 0.8), (x - radius * 1.1, y + radius * 0.8)]
        canvas.polygon(points, colour, 0.92)


def _weave(canvas: Canvas, sketch: Sketch) -> None:
    """Cloth: threads as wide as the notes are long, warp from the first half of the passage and weft from the second."""
    count = (7, 10, 14, 19)[sketch.density]
    half = max(1, len(sketch.marks) // 2)
    warp, weft = _threads(sketch.marks[:half], count), _threads(sketch.marks[half:] or sketch.marks, count)
    slant = {4: 0.0, 3: 0.5, 0: 0.0}[sketch.sides]
    for centre, width, mark in warp:
        _thread(canvas, sketch, centre, width, True, slant, sketch.ink(mark), 0.66)
    for centre, width, mark in weft:
        _thread(canvas, sketch, centre, width, False, slant, sketch.ink(mark), 0.46)


def _threads(marks: tuple[Mark, ...], count: int) -> list[tuple[float, float, Mark]]:
    chosen = [marks[i * len(marks) // count] for i in range(count)]
    widths = np.array([0.35 + m.height + 9 * min(m.size, 0.15) for m in chosen])
    edges = np.concatenate([[0.0], np.cumsum(widths / widths.sum())])
    return [((a + b) / 2, (b - a) * 0.80, mark) for a, b, mark in zip(edges, edges[1:], chosen, strict=False)]


def _thread(
    canvas: Canvas,
    sketch: Sketch,
    centre: float,
    width: float,
    upright: bool,
    slant: float,
    colour: Colour,
    alpha: float,
) -> None:
    """One thread: straight (duple), slanting (triple) or waving (compound)."""
    along = np.linspace(-0.05, 1.05, 60)
    if sketch.sides == 0:
        across = centre + 0.035 * np.sin(2 * np.pi * along * (1.5 + 0.5 * sketch.density) + 9 * centre)
    else:
        across = centre * (1 + slant) - slant / 2 + slant * (along - 0.5) * (1 if upright else -1)
    one = list(zip(across - width / 2, along, strict=True)) + list(
        zip(across[::-1] + width / 2, along[::-1], strict=True)
    )
    canvas.polygon(one if upright else [(b, a) for a, b in one], colour, alpha)


def _pipes(canvas: Canvas, sketch: Sketch) -> None:
    """Pipes side by side, as tall as the notes are high, of the metre's shape, mirrored in water."""
    count = (9, 13, 18, 24)[sketch.density]
    floor, inset = 0.70, 0.06
    chosen = [sketch.marks[i * len(sketch.marks) // count] for i in range(count)]
    pitch = (1 - 2 * inset) / count
    canvas.box((0, floor), (1, 1 - floor), mix(sketch.palette.shade, sketch.palette.inks[1], 0.45))
    for index, mark in enumerate(chosen):
        x, width, tall = inset + index * pitch, pitch * 0.84, 0.12 + 0.46 * mark.height
        _pipe(canvas, sketch, x, floor, width, tall, sketch.ink(mark), 1.0)
        _pipe(canvas, sketch, x, floor, width, -0.5 * tall, sketch.ink(mark), 0.38)
    canvas.line([(0, floor), (1, floor)], 0.004, sketch.palette.inks[-1], 0.8)


def _pipe(
    canvas: Canvas, sketch: Sketch, x: float, floor: float, width: float, tall: float, colour: Colour, alpha: float
) -> None:
    """A rounded column (compound), a spire (triple) or a block with a cap (duple); upside down if `tall` is negative."""
    sheen, top = mix(colour, (255, 255, 255), 0.30), floor - tall
    if sketch.sides == 3:
        canvas.polygon([(x - width * 0.08, floor), (x + width / 2, top), (x + width * 1.08, floor)], colour, alpha)
        canvas.polygon([(x - width * 0.08, floor), (x + width / 2, top), (x + width * 0.42, floor)], sheen, 0.5 * alpha)
        return
    corner, size = (x, min(floor, top)), (width, abs(tall))
    if sketch.sides == 0:
        canvas.box(corner, size, colour, alpha, rounding=width / 2)
        canvas.disc(x + width / 2, top + np.sign(tall) * width / 2, width * 0.24, sheen, 0.8 * alpha)
        return
    canvas.box(corner, size, colour, alpha)
    canvas.box(corner, (width * 0.28, abs(tall)), sheen, 0.5 * alpha)
    if tall > 0:
        cap = mix(colour, sketch.palette.accent, 0.6)
        canvas.box((x - width * 0.06, top - width * 0.3), (width * 1.12, width * 0.3), cap)


Layout = Callable[[Canvas, Sketch], None]
LAYOUTS: dict[str, Layout] = {
    "beads": _beads,
    "hills": _hills,
    "nests": _nests,
    "pipes": _pipes,
    "quilt": _quilt,
    "ribbons": _ribbons,
    "rosette": _rosette,
    "weave": _weave,
}
