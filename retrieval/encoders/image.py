"""The default image encoder: where which colours lie, which colours there are, and which way the edges run."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders.base import BatchEncoder, Vectors

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["LayoutEncoder"]

Array = NDArray[Any]

SIDE = 96  # pixels; a multiple of GRID
GRID = 4
HUES, TONES = 12, 3
WAYS = 6
SHARES = {"layout": 0.35, "palette": 0.35, "edges": 0.20, "texture": 0.10}


class LayoutEncoder(BatchEncoder):
    """Pictures as unit vectors, float32 (n, 152), whatever their size and proportions.

    Four blocks, each of fixed length, so that each has its share of every distance (`SHARES`):
    layout (48), the mean colour in a 4 x 4 grid, as Oklab lightness and opponent colours;
    palette (39), how much of the picture has which hue and which lightness (roots of shares: Hellinger distance);
    edges (48 + ...), the directions of edges; texture, how rough each part is at several scales.
    """

    key = "image.layout"
    revision = "1"
    modality = "image"
    dim = 152
    takes = "picture"
    cost = "no model; about 3 ms a picture on one processor core"

    def _vectors(self, batch: Sequence["Image"]) -> Vectors:
        return np.stack([_vector(picture) for picture in batch]).astype(np.float32)


def _vector(picture: "Image") -> Array:
    colours = _oklab(_pixels(picture))
    found = {
        "layout": _layout(colours),
        "palette": _palette(colours),
        "edges": _edges(colours[..., 0]),
        "texture": _texture(colours[..., 0]),
    }
    return np.concatenate([np.sqrt(share) * _unit(found[name]) for name, share in SHARES.items()])


def _unit(x: Array) -> Array:
    length = np.linalg.norm(x)
    return x / length if length > 1e-9 else np.full(len(x), len(x) ** -0.5)


def _pixels(picture: "Image") -> Array:
    """float64 (SIDE, SIDE, 3) within 0..1; proportions give way, since covers are square."""
    from PIL import Image

    small = picture.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float64) / 255


# Ottosson 2020, "A perceptual color space for image processing"
TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def _oklab(rgb: Array) -> Array:
    """sRGB to Oklab: lightness within 0..1, green-red and blue-yellow within about -0.4..0.4."""
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return np.cbrt(linear @ TO_CONES.T) @ TO_LAB.T


def _cells(plane: Array, grid: int) -> Array:
    """(SIDE, SIDE, ...) -> (grid * grid, pixels, ...): the pixels of each cell."""
    side = SIDE // grid
    split = plane.reshape(grid, side, grid, side, *plane.shape[2:]).swapaxes(1, 2)
    return split.reshape(grid * grid, side * side, *plane.shape[2:])


def _layout(colours: Array) -> Array:
    means = _cells(colours, GRID).mean(axis=1)
    return (means * (1.0, 2.5, 2.5)).ravel()


def _palette(colours: Array) -> Array:
    """Shares of HUES hues (coloured pixels, by chroma) at TONES lightnesses, and of TONES greys; softly binned."""
    lightness, a, b = np.moveaxis(colours, -1, 0).reshape(3, -1)
    chroma = np.hypot(a, b)
    coloured = np.clip(chroma / 0.08, 0, 1)
    hue = np.arctan2(b, a) / (2 * np.pi) * HUES
    tones = _soft(np.clip(lightness, 0, 1) * (TONES - 1), TONES, wrap=False)
    hues = _soft(hue, HUES, wrap=True) * coloured[:, None]
    table = np.concatenate([hues, (1 - coloured)[:, None]], axis=1).T @ tones
    return np.sqrt(table.ravel() / len(lightness))


def _soft(values: Array, bins: int, *, wrap: bool) -> Array:
    """(n,) positions -> (n, bins) weights, shared between the two nearest bins."""
    distance = np.abs(values[:, None] - np.arange(bins))
    if wrap:
        distance = np.abs((distance + bins / 2) % bins - bins / 2)
    return np.clip(1 - distance, 0, 1)


def _edges(lightness: Array) -> Array:
    """How strongly edges run in each of WAYS directions, in the whole picture and in its quarters (and their mean)."""
    down, right = np.gradient(lightness)
    strength = np.hypot(down, right)
    way = np.arctan2(down, right) / np.pi * WAYS
    weights = _soft(way.ravel() % WAYS, WAYS, wrap=True) * strength.reshape(-1, 1)
    weights = weights.reshape(SIDE, SIDE, WAYS)
    return np.sqrt(np.concatenate([_cells(weights, 1).mean(axis=1), _cells(weights, 3).mean(axis=1)]).ravel())


def _texture(lightness: Array) -> Array:
    """Roughness at three scales: how far neighbouring means differ, blocks of 1, 4 and 16 pixels."""
    return np.array([_cells(lightness, g).mean(axis=1).std() for g in (3, 6, 12, 24, 48)])
