"""Who plays what: an instrument and an accompaniment for each piece, drawn from its id and nothing else.

Drawing by id keeps the timbre independent of genre, key and tempo: whoever compares sounds of one instrument compares
the music. A piece with several voices is played by several of one instrument and gets no accompaniment.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from catalog.bundled.instruments import TIMBRES
from catalog.bundled.notes import Note, Tune, seed_of

__all__ = ["Arrangement", "arrange", "chords"]

BACKINGS = ("none", "drone", "chords", "chords", "chords", "drum")
TIMBRES_OF_PARTS = [name for name, timbre in TIMBRES.items() if timbre.low <= 60]  # those with a bass among them
TOGETHER = {"fiddle": "string ensemble", "flute": "flutes", "clarinet": "clarinets", "concertina": "concertinas"}
DEGREES = {  # roots (steps of the scale) that may carry a chord, the home chord first, with a bias for each
    "major": {0: 0.35, 3: 0.1, 4: 0.15, 5: 0.0},
    "minor": {0: 0.35, 6: 0.12, 2: 0.05, 3: 0.05},
    "dorian": {0: 0.35, 6: 0.15, 3: 0.05},
    "mixolydian": {0: 0.35, 6: 0.15, 3: 0.1},
    "lydian": {0: 0.35, 4: 0.15, 3: -0.2},
}


@dataclass(frozen=True, slots=True)
class Arrangement:
    """`lead`, a key of TIMBRES, `backing`: none, drone, chords or drum, and whether several play the `lead`."""

    lead: str
    backing: str
    several: bool = False

    @property
    def label(self) -> str:
        """Who plays the tune, in words."""
        label = TIMBRES[self.lead].label
        return TOGETHER.get(self.lead, label) if self.several else label

    @property
    def accompaniment(self) -> str:
        """Who plays along, in words, or ""."""
        chords_by = f"{TIMBRES[self.helper].label} chords"
        return {"drone": "drone", "chords": chords_by, "drum": "frame drum"}.get(self.backing, "")

    @property
    def helper(self) -> str:
        """Who plays the chords."""
        return "harp" if self.lead == "guitar" else "guitar"


def arrange(identity: str, tune: Tune) -> Arrangement:
    """The arrangement of the piece with that id."""
    rng = seed_of("arrangement", identity)
    if len({note.voice for note in tune.notes}) > 1:
        return Arrangement(str(rng.choice(TIMBRES_OF_PARTS)), "none", several=True)
    return Arrangement(str(rng.choice(list(TIMBRES))), str(rng.choice(BACKINGS)))


def chords(tune: Tune) -> Iterator[tuple[float, float, tuple[int, ...]]]:
    """A plain harmony: (start, length, pitch classes) a bar or half a bar at a time, chosen by what the tune sounds there.

    Each candidate triad of the key scores the share of the time that the tune spends on its notes, plus a bias.
    """
    scale, biases = tune.key.scale, DEGREES[tune.key.mode]
    triads = {degree: tuple(scale[(degree + step) % 7] for step in (0, 2, 4)) for degree in biases}
    span = tune.metre.bar if tune.metre.pulses % 2 or tune.metre.bar < 2.5 else tune.metre.bar / 2
    melody, at = tune.melody, tune.bars[0]
    while at < tune.bars[-1] - 0.01:
        last = at + span >= tune.bars[-1] - 0.01
        heard = _heard(melody, at, span)
        total = sum(heard.values()) or 1.0
        score = {d: sum(heard.get(pc, 0.0) for pc in triads[d]) / total + biases[d] for d in triads}
        yield at, span, triads[0] if last else triads[max(score, key=lambda d: (score[d], -d))]
        at += span


def _heard(melody: tuple[Note, ...], start: float, span: float) -> dict[int, float]:
    """Quarter notes that each pitch class sounds within a span; what falls on its first beat counts double."""
    heard: dict[int, float] = {}
    for note in melody:
        overlap = min(note.start + note.length, start + span) - max(note.start, start)
        if overlap > 0:
            weight = 2.0 if abs(note.start - start) < 0.01 else 1.0
            heard[note.pitch % 12] = heard.get(note.pitch % 12, 0.0) + overlap * weight
    return heard
