"""Small tunes, written out by hand, for the makers."""

from dataclasses import replace

from catalog.bundled.notes import Key, Metre, Note, Tune
from catalog.bundled.pieces import Piece

MAJOR, MINOR, DORIAN = Key(7, "major"), Key(7, "minor"), Key(2, "dorian")


COMMON = Metre(4, 4)


def tune_of(
    pitches: list[int],
    *,
    key: Key = MAJOR,
    metre: Metre = COMMON,
    tempo: float = 120.0,
    step: float = 1.0,
    upbeat: float = 0.0,
    voices: int = 1,
) -> Tune:
    """A tune of equal notes `step` quarters long; the first `upbeat` quarters come before the first bar."""
    notes = [
        Note(index * step, step, pitch - 12 * voice, voice)
        for voice in range(voices)
        for index, pitch in enumerate(pitches)
    ]
    length = len(pitches) * step - upbeat
    bars = [upbeat + metre.bar * index for index in range(round(length / metre.bar) + 1)]
    return Tune(tuple(sorted(notes, key=lambda n: (n.start, n.voice))), tuple(bars), key, metre, tempo)


SCALE_UP = [67, 69, 71, 72, 74, 76, 78, 79]
WALTZ = tune_of([67, 71, 74, 72, 69, 66, 67, 71, 79, 78, 74, 69], metre=Metre(3, 4), tempo=140)
JIG = tune_of([67, 69, 71, 74, 71, 69] * 8, metre=Metre(6, 8), tempo=168, step=0.5)
REEL = tune_of([67, 71, 74, 71, 79, 74, 71, 74] * 8, metre=Metre(2, 2), tempo=208, step=0.5)
AIR = tune_of([67, 70, 74, 72, 70, 69, 67, 62], key=MINOR, tempo=54)
QUARTET = tune_of(SCALE_UP * 2, voices=4, tempo=90)


def piece_of(identity: str = "test-1", **changes: object) -> Piece:
    """A piece as the catalogue of makers knows it."""
    usual = Piece(
        id=identity,
        source="oneill",
        number="1",
        title="The Test",
        others=(),
        artists=("Traditional (Ireland)",),
        album="A",
        album_artist="B",
        year=1903,
        form="air",
        origin="Ireland",
    )
    return replace(usual, **changes)
