"""A piece of music as the makers see it: plain notes in quarter-note time, a key, a metre, bar lines."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from hashlib import sha256

import numpy as np

__all__ = ["Key", "Metre", "Note", "Tune", "seed_of"]

NAMES = ("C", "D-flat", "D", "E-flat", "E", "F", "F-sharp", "G", "A-flat", "A", "B-flat", "B")
SCALES = {
    "major": (0, 2, 4, 5, 7, 9, 11),
    "minor": (0, 2, 3, 5, 7, 8, 10),
    "dorian": (0, 2, 3, 5, 7, 9, 10),
    "mixolydian": (0, 2, 4, 5, 7, 9, 10),
    "lydian": (0, 2, 4, 6, 7, 9, 11),
}


@dataclass(frozen=True, slots=True)
class Key:
    """A tonic (pitch class, 0 = C) and a mode, one of SCALES."""

    tonic: int
    mode: str

    def __post_init__(self) -> None:
        if not 0 <= self.tonic < 12 or self.mode not in SCALES:
            raise ValueError(f"no such key: tonic {self.tonic}, mode {self.mode!r}; modes are {', '.join(SCALES)}.")

    @property
    def name(self) -> str:
        return f"{NAMES[self.tonic]} {self.mode}"

    @property
    def scale(self) -> tuple[int, ...]:
        """The seven pitch classes, from the tonic up."""
        return tuple((self.tonic + step) % 12 for step in SCALES[self.mode])

    @property
    def dark(self) -> bool:
        """Whether the third above the tonic is minor."""
        return 3 in SCALES[self.mode]


@dataclass(frozen=True, slots=True)
class Metre:
    """A time signature."""

    beats: int
    unit: int

    @property
    def name(self) -> str:
        return f"{self.beats}/{self.unit}"

    @property
    def compound(self) -> bool:
        return self.beats in (6, 9, 12) and self.unit in (4, 8)

    @property
    def bar(self) -> float:
        """Length of a bar in quarter notes."""
        return 4 * self.beats / self.unit

    @property
    def pulses(self) -> int:
        """What one counts in a bar: 6/8 has two beats, 3/8 one as 3/4 has three, cut time two."""
        if self.compound:
            return self.beats // 3
        return 1 if (self.beats, self.unit) == (3, 8) else self.beats

    @property
    def pulse(self) -> float:
        """Length of a beat in quarter notes."""
        return self.bar / self.pulses

    @property
    def family(self) -> str:
        """`duple`, `triple`, `compound` (beats of three, in twos) or `compound triple` (in threes)."""
        if self.compound:
            return "compound triple" if self.beats == 9 else "compound"
        return "triple" if self.beats == 3 else "duple"


@dataclass(frozen=True, slots=True)
class Note:
    """One note: start and length in quarter notes, MIDI pitch, voice (0 = the tune), grace notes marked."""

    start: float
    length: float
    pitch: int
    voice: int = 0
    grace: bool = False


@dataclass(frozen=True, slots=True)
class Tune:
    """Notes in order, `bars` (where each bar begins, plus the end), key, metre and tempo (quarter notes a minute)."""

    notes: tuple[Note, ...]
    bars: tuple[float, ...]
    key: Key
    metre: Metre
    tempo: float

    def __post_init__(self) -> None:
        if not self.notes or len(self.bars) < 2:
            raise ValueError("a tune needs at least one note and one bar.")

    @property
    def melody(self) -> tuple[Note, ...]:
        """The notes of the first voice that is heard within four bars, grace notes left out; of a chord the highest."""
        opening = max(self.bars[min(4, len(self.bars) - 1)], self.notes[0].start + 0.01)
        first = min(note.voice for note in self.notes if note.start < opening)
        top: dict[float, Note] = {}
        for note in self.notes:
            if note.voice == first and not note.grace and note.pitch > getattr(top.get(note.start), "pitch", -1):
                top[note.start] = note
        return tuple(top[start] for start in sorted(top))

    @property
    def seconds_per_quarter(self) -> float:
        return 60 / self.tempo

    def shifted(self, quarters: float) -> Iterable[Note]:
        return (replace(note, start=note.start + quarters) for note in self.notes)


def seed_of(*parts: object) -> np.random.Generator:
    """A random generator that depends on its arguments' text alone: the same on every machine and in every run."""
    digest = sha256("\x1f".join(map(str, parts)).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "little"))


def quarters(value: Fraction | float) -> float:
    """A length or position as a float that prints and compares the same everywhere (1/96 of a quarter is the grid)."""
    return round(float(value) * 96) / 96
