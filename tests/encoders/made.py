"""Material made for tests and benchmarks: little tunes and pictures of which the facts are known."""

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from catalog.media.sound import Sound

RATE = 22_050
SCALES = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
METRES = {"2/4": (2, 2), "3/4": (3, 2), "6/8": (2, 3)}  # beats in a bar, quavers in a beat
TIMBRES = {
    "flute": ((1, 0.3, 0.1), 0.0),
    "fiddle": ((1, 0.7, 0.6, 0.4, 0.3, 0.2), 0.0),
    "harp": ((1, 0.5, 0.3, 0.1), 4.0),
    "reed": ((1, 0.1, 0.7, 0.1, 0.4), 0.0),
}


@dataclass(frozen=True)
class Tune:
    """What is true of a tune; `bpm` counts beats (of three quavers in 6/8)."""

    metre: str
    mode: str
    bpm: float
    timbre: str
    seed: int
    tonic: int = 62


def play(tune: Tune, seconds: float = 12.0) -> Sound:
    """A random tune in phrases of four bars (AABB…) over a plain accompaniment."""
    beats, quavers = METRES[tune.metre]
    quaver = 60 / tune.bpm / quavers
    out = np.zeros(int((seconds + 2) * RATE))
    random = np.random.default_rng(tune.seed)
    phrases = [_phrase(random, beats, quavers) for _ in range(2)]
    bar = beats * quavers
    for start in range(0, int(seconds / quaver), bar):
        number = start // bar
        for place, length, degree in phrases[number // 8 % 2][number % 4]:
            _strike(out, (start + place) * quaver, length * quaver, _pitch(tune, degree), tune.timbre, 1.0)
        for beat in range(beats):
            degrees = (-14,) if beat == 0 else (-7, -5, -3)
            for degree in degrees:
                _strike(out, (start + beat * quavers) * quaver, quavers * quaver, _pitch(tune, degree), "harp", 0.3)
    out = out[: int(seconds * RATE)]
    return Sound((0.5 * out / np.abs(out).max()).astype(np.float32), RATE)


def _phrase(random: np.random.Generator, beats: int, quavers: int) -> list[list[tuple[int, int, int]]]:
    """Four bars of (place, length, degree of the scale), the last one ending on the tonic."""
    degree, bars = 0, []
    for number in range(4):
        bar, place = [], 0
        while place < beats * quavers:
            length = quavers if random.random() < 0.25 and place % quavers == 0 else 1
            degree = int(np.clip(degree + random.integers(-2, 3), -3, 9))
            bar.append((place, length, 0 if number == 3 and place + length == beats * quavers else degree))
            place += length
        bars.append(bar)
    return bars


def _pitch(tune: Tune, degree: int) -> float:
    octave, step = divmod(degree, 7)
    return 440 * 2 ** ((tune.tonic + 12 * octave + SCALES[tune.mode][step] - 69) / 12)


def _strike(out: NDArray[np.float64], start: float, length: float, pitch: float, timbre: str, loud: float) -> None:
    partials, decay = TIMBRES[timbre]
    time = np.arange(int(length * RATE)) / RATE
    shape = np.minimum(1, time / 0.01) * np.minimum(1, (length - time) / 0.02) * np.exp(-decay * time)
    wave = sum(loud * part * np.sin(2 * np.pi * pitch * (i + 1) * time) for i, part in enumerate(partials))
    first = int(start * RATE)
    out[first : first + len(time)] += (wave * shape)[: len(out) - first]


def noise(seconds: float, rate: int = RATE, seed: int = 0) -> Sound:
    count = max(1, int(seconds * rate))
    return Sound(np.random.default_rng(seed).normal(0, 0.1, count).astype(np.float32), rate)


def silence(seconds: float, rate: int = RATE) -> Sound:
    return Sound(np.zeros(max(1, int(seconds * rate)), np.float32), rate)


COLOURS = {
    "sea": ((20, 60, 140), (90, 180, 210)),
    "fire": ((150, 30, 20), (250, 180, 60)),
    "wood": ((40, 80, 40), (150, 120, 70)),
}
LAYOUTS = ("disc", "stripes", "corner")


def draw(colours: str, layout: str, *, size: int = 320, seed: int = 0) -> Image.Image:
    """A picture of two colours in one of a few layouts; the seed moves it a little."""
    ground, figure = COLOURS[colours]
    shift = np.random.default_rng(seed).uniform(-0.05, 0.05, 2)
    picture = Image.new("RGB", (size, size), ground)
    pen = ImageDraw.Draw(picture)
    if layout == "disc":
        centre, radius = (0.5 + shift) * size, 0.3 * size
        pen.ellipse([*(centre - radius), *(centre + radius)], fill=figure)
    elif layout == "stripes":
        for i in range(6):
            top = (i / 6 + shift[0]) * size
            pen.rectangle([0, top, size, top + size / 14], fill=figure)
    else:
        pen.polygon([(0, 0), ((0.7 + shift[0]) * size, 0), (0, (0.7 + shift[1]) * size)], fill=figure)
    return picture


def encoded(picture: Image.Image, kind: str, **options: object) -> io.BytesIO:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file
