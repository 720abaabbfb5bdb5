"""A small drawing surface: smooth shapes with transparency and soft shadows, drawn large and shrunk (antialiasing)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from catalog.bundled.palette import Colour, mix

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["SIDE", "Canvas"]

SIDE = 320
SCALE = 3  # drawn this much larger

Points = Sequence[tuple[float, float]]


class Canvas:
    """A square picture; coordinates are 0..1 from the top left corner, sizes are shares of its side."""

    def __init__(self, top: Colour, bottom: Colour) -> None:
        """Start with a gradient from `top` to `bottom`."""
        from PIL import Image

        size = SIDE * SCALE
        share = np.linspace(0, 1, size)[:, None, None]
        rows = np.array(top) * (1 - share) + np.array(bottom) * share
        self._image = Image.fromarray(np.broadcast_to(rows.round().astype(np.uint8), (size, size, 3)).copy())
        self._size = size

    def polygon(self, points: Points, colour: Colour, alpha: float = 1.0, shadow: float = 0.0) -> None:
        self._paint(points, colour, alpha, shadow, lambda draw, xy: draw.polygon(xy, fill=255))

    def disc(self, x: float, y: float, radius: float, colour: Colour, alpha: float = 1.0, shadow: float = 0.0) -> None:
        box = ((x - radius, y - radius), (x + radius, y + radius))
        self._paint(box, colour, alpha, shadow, lambda draw, xy: draw.ellipse([*xy[0], *xy[1]], fill=255))

    def ring(self, x: float, y: float, radius: float, width: float, colour: Colour, alpha: float = 1.0) -> None:
        box = ((x - radius, y - radius), (x + radius, y + radius))
        pen = max(1, round(width * self._size))
        self._paint(box, colour, alpha, 0, lambda draw, xy: draw.ellipse([*xy[0], *xy[1]], outline=255, width=pen))

    def wedge(
        self, x: float, y: float, radius: float, start: float, end: float, colour: Colour, alpha: float = 1.0
    ) -> None:
        """A slice of a disc between two angles in degrees, clockwise from three o'clock."""
        box = ((x - radius, y - radius), (x + radius, y + radius))
        self._paint(box, colour, alpha, 0, lambda draw, xy: draw.pieslice([*xy[0], *xy[1]], start, end, fill=255))

    def arc(
        self,
        centre: tuple[float, float],
        radii: tuple[float, float],
        angles: tuple[float, float],
        width: float,
        colour: Colour,
        alpha: float = 1.0,
    ) -> None:
        """A part of an ellipse's outline."""
        (x, y), (a, b) = centre, radii
        pen = max(1, round(width * self._size))
        box = ((x - a, y - b), (x + a, y + b))
        self._paint(box, colour, alpha, 0, lambda draw, xy: draw.arc([*xy[0], *xy[1]], *angles, fill=255, width=pen))

    def box(
        self,
        corner: tuple[float, float],
        size: tuple[float, float],
        colour: Colour,
        alpha: float = 1.0,
        rounding: float = 0.0,
        shadow: float = 0.0,
    ) -> None:
        """A rectangle; `rounding` is the radius of its corners."""
        points = (corner, (corner[0] + size[0], corner[1] + size[1]))
        radius = rounding * self._size
        self._paint(
            points, colour, alpha, shadow, lambda d, xy: d.rounded_rectangle([*xy[0], *xy[1]], radius=radius, fill=255)
        )

    def line(self, points: Points, width: float, colour: Colour, alpha: float = 1.0) -> None:
        """A curve with round ends."""
        pen = max(1.0, width * self._size)

        def stroke(draw: Any, xy: list[tuple[float, float]]) -> None:
            draw.line(xy, fill=255, width=round(pen), joint="curve")
            for px, py in (xy[0], xy[-1]):
                draw.ellipse([px - pen / 2, py - pen / 2, px + pen / 2, py + pen / 2], fill=255)

        self._paint(points, colour, alpha, 0, stroke, margin=width)

    def finished(self) -> "Image":
        """The picture, RGB, 320 x 320."""
        from PIL import Image

        return self._image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)

    def _paint(
        self, points: Points, colour: Colour, alpha: float, shadow: float, draw: Any, margin: float = 0.0
    ) -> None:
        """Draw a mask just large enough for the shape, then lay the colour through it."""
        from PIL import Image, ImageDraw

        xy = np.array(points) * self._size
        pad = margin * self._size + 2
        left, top = np.floor(np.maximum(xy.min(axis=0) - pad, 0)).astype(int)
        right, bottom = np.ceil(np.minimum(xy.max(axis=0) + pad, self._size)).astype(int)
        if right <= left or bottom <= top:
            return
        mask = Image.new("L", (int(right - left), int(bottom - top)), 0)
        draw(ImageDraw.Draw(mask), [(float(px - left), float(py - top)) for px, py in xy])
        if shadow:
            self._shade(mask, (int(left), int(top)), shadow)
        self._image.paste(colour, (int(left), int(top)), mask.point(lambda v: round(v * alpha)) if alpha < 1 else mask)

    def _shade(self, mask: "Image", corner: tuple[int, int], strength: float) -> None:
        """A soft shadow above and around a shape, as of cut paper."""
        from PIL import Image, ImageFilter

        blur, pad = self._size * 0.012, round(self._size * 0.03)
        wide = Image.new("L", (mask.width + 2 * pad, mask.height + 2 * pad), 0)
        wide.paste(mask, (pad, pad))
        soft = wide.filter(ImageFilter.GaussianBlur(blur)).point(lambda v: round(v * strength))
        self._image.paste(
            mix((20, 16, 30), (0, 0, 0), 0.3), (corner[0] - pad, corner[1] - pad - round(blur * 0.3)), soft
        )
