"""What can be said about a piece with certainty: counted in its notes, or stated by its source.

Rules for moods (`emotions`), so that none contradicts the music; at most four. First those of tempo and mode (MOODS; dorian
counts as minor, mixolydian and lydian as major), then the one that the printed tempo words ask for (PRINTED), then what the
title of a slow piece says (TITLED), then what goes with the kind of piece (OF_FORM), but nothing glad of slow or minor pieces.

Rules for `keywords`: all forms, the key and the mode, the time, the pace, where it is from, the century, and `dance tune` for
what is danced.
"""

import re
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from catalog.bundled.arrange import Arrangement
from catalog.bundled.notes import Tune
from catalog.bundled.pieces import Piece
from catalog.bundled.tempo import Tempo

__all__ = ["Facts", "facts_of"]

MOODS = {
    ("slow", True): ("melancholy", "sorrowful"),
    ("slow", False): ("tender", "peaceful"),
    ("moderate", True): ("wistful", "pensive"),
    ("moderate", False): ("warm", "graceful"),
    ("lively", True): ("restless", "spirited"),
    ("lively", False): ("cheerful", "playful"),
    ("fast", True): ("restless", "fiery"),
    ("fast", False): ("joyful", "exuberant"),
}
PRINTED = (  # a stem of the printed tempo words and the mood it asks for
    ("plaint", "plaintive"),
    ("mourn|mesto", "mournful"),
    ("tender", "tender"),
    ("feeling|expression|affett", "heartfelt"),
    ("gra[cz]", "graceful"),
    ("bold", "bold"),
    ("spirit|vivace|con brio", "spirited"),
    ("animat|lively", "spirited"),
    ("cantabile", "lyrical"),
)
OF_FORM = {
    "march": "proud",
    "minuet": "elegant",
    "waltz": "dreamy",
    "hymn": "hopeful",
    "strathspey": "proud",
    "highland fling": "proud",
    "slip jig": "graceful",
    "clog": "jaunty",
    "hornpipe": "jaunty",
    "jig": "merry",
    "scherzo": "playful",
    "set dance": "stately",
    "lullaby": "soothing",
}
GLAD = {"merry", "playful", "jaunty"}  # not said of a slow piece or one in a minor key
TITLED = (("lament|farewell|grave of|sorrow|sad ", "mournful"),)
TRADITIONS = {
    "Ireland": "irish traditional",
    "Scotland": "scottish traditional",
    "Northumberland": "northumbrian traditional",
    "Wales": "welsh traditional",
    "England": "english traditional",
    "New England": "american dance music",
}
CENTURIES = {
    "Turlough O'Carolan": "18th",
    "Michael William Balfe": "19th",
    "Niel Gow": "18th",
    "Richard Leveridge": "18th",
}
TIMES = {
    "2/4": "two-four time",
    "4/4": "common time",
    "2/2": "cut time",
    "3/4": "three-four time",
    "3/8": "three-eight time",
    "3/2": "three-two time",
    "6/8": "six-eight time",
    "6/4": "six-four time",
    "9/8": "nine-eight time",
    "12/8": "twelve-eight time",
}


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts of one piece, most of them words; `steps`, `evenness`, `dotted` are shares 0..1 of its melody's notes."""

    key: str
    mode: str
    metre: str
    metre_family: str
    tempo: str
    mark: str
    beats: int
    form: str
    forms: tuple[str, ...]
    century: str
    origin: str
    instrument: str
    ensemble: bool
    accompaniment: str
    layout: str
    range: int
    steps: float
    evenness: float
    dotted: float
    upbeat: bool
    opening: str
    emotions: tuple[str, ...]
    genres: tuple[str, ...]
    keywords: tuple[str, ...]

    @property
    def dark(self) -> bool:
        return self.mode in ("minor", "dorian")

    @property
    def time(self) -> str:
        return TIMES[self.metre]


def facts_of(piece: Piece, tune: Tune, tempo: Tempo, who: Arrangement, layout: str) -> Facts:
    """All facts of a piece."""
    melody = tune.melody
    pitches = np.array([note.pitch for note in melody])
    leaps = np.abs(np.diff(pitches))
    forms = _forms(piece, tempo)
    mood = _moods(piece, tune, tempo, forms)
    century = _century(piece)
    return Facts(
        key=tune.key.name,
        mode=tune.key.mode,
        metre=tune.metre.name,
        metre_family=tune.metre.family,
        tempo=tempo.name,
        mark=tempo.mark,
        beats=round(tempo.quarters / tune.metre.pulse),
        form=piece.form,
        forms=forms,
        century=century,
        origin=piece.origin,
        instrument=who.label,
        ensemble=len({note.voice for note in tune.notes}) > 1,
        accompaniment=who.accompaniment,
        layout=layout,
        range=int(np.ptp(pitches)),
        steps=round(float(np.mean(leaps <= 2)), 2) if len(leaps) else 1.0,
        evenness=round(_evenness(tune), 2),
        dotted=round(_dotted(tune), 2),
        upbeat=tune.notes[0].start < tune.bars[0] - 0.01,
        opening=_opening(tune),
        emotions=mood,
        genres=_genres(piece, forms),
        keywords=_keywords(piece, tune, tempo, forms, century),
    )


def _forms(piece: Piece, tempo: Tempo) -> tuple[str, ...]:
    forms = [piece.form, *([piece.also] if piece.also else [])]
    if piece.form == "air" and tempo.name == "slow":
        forms.insert(0, "slow air")
    if re.search("lament", piece.title, re.IGNORECASE):
        forms.append("lament")
    if re.search("lullaby", piece.title, re.IGNORECASE):
        forms.append("lullaby")
    return tuple(dict.fromkeys(forms))


def _moods(piece: Piece, tune: Tune, tempo: Tempo, forms: tuple[str, ...]) -> tuple[str, ...]:
    grave = tune.key.dark or tempo.name == "slow"
    found = [*MOODS[tempo.name, tune.key.dark]]
    found += [mood for stem, mood in PRINTED if re.search(stem, tempo.mark, re.IGNORECASE)][:1]
    if tempo.name == "slow":
        found += [mood for stem, mood in TITLED if re.search(stem, piece.title, re.IGNORECASE)][:1]
    found += [OF_FORM[form] for form in forms if form in OF_FORM and not (grave and OF_FORM[form] in GLAD)]
    return tuple(dict.fromkeys(found))[:4]


def _century(piece: Piece) -> str:
    if piece.artists[0] in CENTURIES:
        return CENTURIES[piece.artists[0]]
    if piece.source == "aird":
        return "18th"
    year = piece.year or 0
    return f"{year // 100 + 1}th" if piece.source != "oneill" else "19th"


def _genres(piece: Piece, forms: tuple[str, ...]) -> tuple[str, ...]:
    if piece.source == "score":
        art = {"song": "song", "hymn": "song"}.get(piece.form, "classical")
        extra = ("chamber music",) if piece.form in {"string quartet", "trio sonata"} else ()
        classical = ("classical",) if piece.id.startswith("schumann") else ()
        return tuple(dict.fromkeys((*forms, *extra, art, *classical)))
    composed = not piece.artists[0].startswith(("Traditional", "Anonymous")) and piece.form in {"song", "march"}
    tradition = None if composed else TRADITIONS.get(piece.origin)
    return tuple(dict.fromkeys((*forms, *([tradition] if tradition else []))))


def _keywords(piece: Piece, tune: Tune, tempo: Tempo, forms: tuple[str, ...], century: str) -> tuple[str, ...]:
    speed = {"slow": "slow", "moderate": "moderate pace", "lively": "lively", "fast": "fast"}[tempo.name]
    words = [
        *forms,
        tune.key.name,
        f"{tune.key.mode} mode" if tune.key.mode not in ("major", "minor") else tune.key.mode,
    ]
    words += [TIMES[tune.metre.name], speed, piece.origin.replace("the ", ""), f"{century} century"]
    if piece.source != "score" and piece.form not in {"air", "song", "march"}:
        words.append("dance tune")
    return tuple(dict.fromkeys(words))


def _evenness(tune: Tune) -> float:
    """The share of melody notes that have the commonest length."""
    lengths = [round(note.length, 2) for note in tune.melody]
    return max(lengths.count(length) for length in set(lengths)) / len(lengths)


def _dotted(tune: Tune) -> float:
    """The share of neighbouring notes of which one is three times as long as the other."""
    pairs = list(pairwise(tune.melody))
    uneven = [max(a.length, b.length) / max(0.01, min(a.length, b.length)) for a, b in pairs]
    return sum(2.8 < ratio < 3.2 for ratio in uneven) / max(1, len(pairs))


def _opening(tune: Tune) -> str:
    """Where the melody goes in its first two bars: `rises`, `falls` or `circles`."""
    start = [n.pitch for n in tune.melody if n.start < tune.bars[min(2, len(tune.bars) - 1)]]
    if len(start) < 3:
        return "circles"
    change = np.mean(start[len(start) // 2 :]) - np.mean(start[: len(start) // 2])
    return "rises" if change > 2 else "falls" if change < -2 else "circles"
