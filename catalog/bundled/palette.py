"""Colours for covers, made in OKLCH so that equal steps look equal (B. Ottosson, "A perceptual color space", 2020)."""

from dataclasses import dataclass

import numpy as np

from catalog.bundled.notes import Key

__all__ = ["Colour", "Palette", "mix", "oklch", "palette_of"]

Colour = tuple[int, int, int]

HUES = {  # a base hue in degrees for each step of the circle of fifths from C; dusk avoids the muddy browns
    "light": (45, 192, 8, 75, 150, 170, 210, 230, 325, 290, 252, 25),
    "dusk": (264, 248, 282, 230, 300, 205, 322, 184, 346, 165, 12, 275),
}

FAMILIES = {  # each colour as (lightness, chroma, hue, whether the hue is added to the base): ground, five inks, accent
    "major": (
        (0.955, 0.022, 85, False),
        (
            (0.88, 0.055, 10, True),
            (0.82, 0.110, 34, True),
            (0.71, 0.140, 0, True),
            (0.57, 0.130, -50, True),
            (0.35, 0.085, 268, False),
        ),
        (0.72, 0.15, 150, True),
    ),
    "mixolydian": (
        (0.875, 0.060, 0, True),
        (
            (0.81, 0.095, 30, True),
            (0.96, 0.020, 85, False),
            (0.66, 0.145, 8, True),
            (0.50, 0.115, -40, True),
            (0.34, 0.080, 268, False),
        ),
        (0.62, 0.15, 165, True),
    ),
    "lydian": (
        (0.94, 0.035, 120, False),
        (
            (0.87, 0.07, 60, True),
            (0.80, 0.11, 30, True),
            (0.70, 0.13, 0, True),
            (0.56, 0.11, -30, True),
            (0.38, 0.085, 268, False),
        ),
        (0.74, 0.14, 170, True),
    ),
    "dorian": (
        (0.52, 0.055, 0, True),
        (
            (0.61, 0.065, 18, True),
            (0.72, 0.085, -28, True),
            (0.84, 0.075, 78, False),
            (0.38, 0.060, 10, True),
            (0.94, 0.025, 85, False),
        ),
        (0.74, 0.14, 48, False),
    ),
    "minor": (
        (0.345, 0.060, 0, True),
        (
            (0.43, 0.085, 14, True),
            (0.54, 0.115, -24, True),
            (0.68, 0.120, 22, True),
            (0.82, 0.085, 70, False),
            (0.93, 0.030, 85, False),
        ),
        (0.72, 0.155, 42, False),
    ),
}


@dataclass(frozen=True, slots=True)
class Palette:
    """`ground` and its slightly different `shade` for a gradient, five `inks` from quiet to strong, one `accent`."""

    ground: Colour
    shade: Colour
    inks: tuple[Colour, ...]
    accent: Colour


def palette_of(key: Key, vividness: float = 1.0, turn: float = 0.0) -> Palette:
    """The palette of a key: the mode gives the family (light for major, dusk for minor), the tonic its hue.

    Args:
        vividness: multiplies every chroma; slow music is drawn in quieter colours than fast.
        turn: degrees added to the base hue.
    """
    hues = HUES["dusk" if key.dark else "light"]
    base = hues[key.tonic * 7 % 12] + turn
    ground, inks, accent = FAMILIES[key.mode]

    def colour(spec: tuple[float, float, int, bool], lighter: float = 0.0) -> Colour:
        return oklch(spec[0] + lighter, spec[1] * vividness, spec[2] + base * spec[3])

    return Palette(colour(ground), colour(ground, -0.04), tuple(colour(ink) for ink in inks), colour(accent))


def oklch(lightness: float, chroma: float, hue: float) -> Colour:
    """An sRGB colour (0..255) from OKLCH; `hue` in degrees. Out of gamut, chroma gives way."""
    angle = np.deg2rad(hue)
    while True:
        rgb = _linear(lightness, chroma * np.cos(angle), chroma * np.sin(angle))
        if chroma < 0.002 or (rgb.min() >= -1e-3 and rgb.max() <= 1 + 1e-3):
            break
        chroma *= 0.94
    rgb = np.clip(rgb, 0, 1)
    encoded = np.where(rgb <= 0.0031308, 12.92 * rgb, 1.055 * rgb ** (1 / 2.4) - 0.055)
    red, green, blue = (int(v) for v in np.round(encoded * 255))
    return red, green, blue


def _linear(lightness: float, a: float, b: float) -> np.ndarray:
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return np.array(
        [
            4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
        ]
    )


def mix(first: Colour, second: Colour, share: float) -> Colour:
    """A colour on the way from the first (0) to the second (1)."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue
