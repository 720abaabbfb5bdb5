"""How fast a piece goes: the stated tempo where there is one, else what is usual for its kind of tune."""

import re
from dataclasses import dataclass

from catalog.bundled.notes import Metre, seed_of
from catalog.bundled.pieces import Piece

__all__ = ["Tempo", "tempo_of"]

DANCES = {  # beats a minute as danced to, and the class: a reel's beat is a half note, a jig's a dotted quarter
    "jig": (112, "lively"),
    "slip jig": (116, "lively"),
    "reel": (104, "fast"),
    "hornpipe": (80, "lively"),
    "clog": (72, "moderate"),
    "strathspey": (62, "moderate"),
    "highland fling": (70, "moderate"),
    "march": (100, "moderate"),
    "set dance": (70, "moderate"),
    "minuet": (116, "moderate"),
    "waltz": (156, "moderate"),
    "allemande": (84, "moderate"),
    "pipe tune": (98, "lively"),
}
CUT = {"reel", "hornpipe", "clog", "strathspey", "highland fling", "set dance", "pipe tune"}
"""Dances that are counted in half notes even where the print says C instead of cut C."""

MARKS = (  # words of a tempo mark, its class, melody notes a second that sound like it; the first match counts
    ("presto|molto allegro|allegro molto|assai", "fast", (4.0, 6.0)),
    ("very slow|molto adagio|mesto|grave|largo|lament", "slow", (0.9, 1.7)),
    ("slow|adagio|mourn|plaint|nicht schnell", "slow", (1.1, 2.0)),
    ("scherzoso|allegretto|play|cheer|gai|air", "lively", (2.8, 4.2)),
    ("moder|gra[cz]|distinct|menuett|andant", "moderate", (1.9, 3.0)),
    ("tender|feeling|expression|affett|cantabile", "slow", (1.2, 2.2)),
    ("spirit|animat|live|bold|brisk|allegro|vivace", "lively", (3.2, 4.8)),
)
DEFAULT = "Moderate"
LIMITS = ((1.9, "slow"), (3.1, "moderate"), (5.2, "lively"), (99.0, "fast"))
"""Where only a metronome number is printed: melody notes a second up to which a tune counts as slow, moderate, …"""


@dataclass(frozen=True, slots=True)
class Tempo:
    """`quarters` a minute, the class (slow, moderate, lively, fast) and the mark that is printed, or ""."""

    quarters: float
    name: str
    mark: str


def tempo_of(piece: Piece, metre: Metre, rate: float, words: str, marked: str) -> Tempo:
    """The tempo of a piece.

    Args:
        rate: melody notes a quarter note, on average.
        words: the tempo words of the print (`Slow and tenderly`), or "".
        marked: an ABC `Q:` field (`1/4=104`), or "".
    """
    mark = tidy(words)
    if piece.tempo is not None:
        return Tempo(piece.tempo, _known(mark)[0], "" if mark.startswith("~") else mark)
    if not mark and re.search("lament", piece.title, re.IGNORECASE):
        marked, words_of_kind = "", "Slow"  # whatever a modern editor's metronome number says
    else:
        words_of_kind = DEFAULT
    stated = _metronome(marked)
    if piece.form in DANCES:
        beats, name = DANCES[piece.form]
        usual = beats * _dance_beat(piece, metre) * seed_of("tempo", piece.id).uniform(0.95, 1.05)
        return Tempo(round(stated or usual, 1), name, mark)
    if stated and not mark:
        return Tempo(stated, next(name for limit, name in LIMITS if stated / 60 * rate <= limit), "")
    name, (low, high) = _known(mark or words_of_kind)
    middle = low + (high - low) * seed_of("tempo", piece.id).uniform(0.35, 0.65)
    return Tempo(round(60 * middle / rate, 1), name, mark)


def tidy(words: str) -> str:
    """`"Slow and tenderly" "collected by …"` as `Slow and tenderly`; only the tempo words stay."""
    first = re.split(r"\"\s+|\.|;|(?i:coll?ected|setting|irish title|\b\d)", words.strip().strip('"'))[0]
    return first.strip(' "').capitalize().replace("Gheerfully", "Cheerfully").replace("Moderage", "Moderate")


def _known(mark: str) -> tuple[str, tuple[float, float]]:
    for pattern, name, rates in MARKS:
        if re.search(pattern, mark, re.IGNORECASE):
            return name, rates
    return _known(DEFAULT)


def _metronome(text: str) -> float | None:
    """Quarter notes a minute of an ABC `Q:` field such as `1/2=104 "Moderato"`."""
    match = re.match(r"(\d+)/(\d+)=(\d+)", text)
    return float(match[3]) * 4 * int(match[1]) / int(match[2]) if match else None


def _dance_beat(piece: Piece, metre: Metre) -> float:
    """Length in quarter notes of what dancers count."""
    if piece.form in CUT and metre.bar == 4:
        return 2.0
    return 0.5 if metre.name == "3/8" else metre.pulse
