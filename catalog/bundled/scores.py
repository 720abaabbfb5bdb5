"""Reads the scores (build time only: needs music21, the extra `[library]`) into plain notes.

What is played: each strain once, with its last ending; ties joined; ornaments as short grace notes; a bar that the next
strain's up-beat does not complete is filled with a rest (or its last note held, if only an eighth is lacking). Key, metre
and tempo words are the *stated* ones.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from catalog.bundled.notes import Key, Metre, Note, Tune, quarters
from catalog.bundled.pieces import Piece
from catalog.bundled.tempo import Tempo, tempo_of

__all__ = ["ScoreError", "credit_of", "join_bars", "read_piece", "stated_key"]

FILES = {"oneill": "oneills1850/*.abc", "aird": "airdsAirs/book{}.abc", "northumbrian": "miscFolk/northumbrian*.abc"}
WINDOW = 48  # bars of a long score that are read: more than any clip or cover needs
MODES = {
    "": "major",
    "maj": "major",
    "m": "minor",
    "min": "minor",
    "dor": "dorian",
    "mix": "mixolydian",
    "lyd": "lydian",
}
STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
CHARACTER = re.compile(
    r"(very slow|slow|moderate|plaint|tender|mourn|feeling|expression|grace|cheer|gai|animat|spirit|live|bold|play|brisk"
    r"|air|distinct)",
    re.IGNORECASE,
)


NAMES = {  # transcribers who signed in several ways
    "J.B. Walsh": "John B. Walsh",
    "John Walsh": "John B. Walsh",
    "A. LEE WORMAN": "A. Lee Worman",
    "Trish O'Nei": "Trish O'Neil",
}
NOT_A_NAME = re.compile(
    r"transcri(bed|ption) by|contributed|\bby\b|abc ?\d\.\d|abcmus.*|http\S+|\S*www\S+|\S+@.*|\S+:\S+", re.IGNORECASE
)

STATED = {  # terms that a score states itself: whom to thank, what to add to the licence
    "corelli/opus3no1/1grave": ("Edition: Michael Scott Cuthbert, 2014 (CC BY)", "; edition CC BY"),
    "weber/concertino_clarinet": ("Edition: Oliver Seely, 1998 (public domain)", ""),
    "leadSheet/fosterBrownHair": ("Lead sheet: public domain", ""),
    "johnson_j_r/lift_every_voice": ("Encoding: Michael Scott Asato Cuthbert (CC0)", ""),
    "liliuokalani/aloha_oe": ("Encoding: Michael Scott Asato Cuthbert (CC0)", ""),
    "lusitano/allor_che_ignuda": ("Encoding: Michael Scott Asato Cuthbert (CC0)", ""),
    "schumann_robert/opus48no2": ("Encoding: Michael Scott Cuthbert", ""),
}


class ScoreError(ValueError):
    """A score that is missing or cannot be read; the message names it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A measure as written: its notes with starts from its own beginning, and how long it really is, in quarters."""

    notes: tuple[Note, ...]
    length: float


def read_piece(piece: Piece) -> tuple[Tune, Tempo]:
    """The notes of a piece, and how fast and in which character it goes.

    Raises:
        ScoreError: the corpus lacks it, its bars do not add up, or it states a key or metre we have no name for.
    """
    if piece.source == "score":
        return _read_movement(piece)
    header, text = _abc_block(piece)
    score = _music21().converter.parse(text, format="abc")
    metre, key = _metre(score, piece), stated_key(header.get("K", [""])[0])
    bars = _abc_bars(score.parts[0])
    notes, edges = join_bars(bars, metre.bar)
    notes_field = header.get("N", []) if piece.source == "oneill" else []  # only there it begins with the tempo words
    words = next((line for line in notes_field if CHARACTER.search(line)), "")
    tempo = tempo_of(piece, metre, _rate(notes, edges), words, header.get("Q", [""])[0])
    return Tune(notes, edges, key, metre, tempo.quarters), tempo


def credit_of(piece: Piece) -> tuple[str, str, str]:
    """Where the score is from, whom to thank for it, and what its terms add to the licence, or ""."""
    if piece.source == "score":
        terms = STATED.get(piece.number, ("", ""))
        return f"music21 corpus, {piece.number}", terms[0], terms[1]
    header, _ = _abc_block(piece)
    where = piece.number if piece.source == "ryan" else f"no. {piece.number.split(':')[-1]}"
    return f"{piece.album}, {where} (music21 corpus)", _transcriber(header.get("Z", [])), ""


def _transcriber(lines: list[str]) -> str:
    """Names only: no addresses, dates or software."""
    text = lines[0] if lines else ""
    text = NOT_A_NAME.sub("", text)
    name = " ".join(re.sub(r"[\d/<>()\"*,:-]+", " ", text).split()).rstrip(".")
    name = NAMES.get(name, name)
    return f"Transcribed by {name}" if re.fullmatch(r"([A-Z][\w.']*|mvhplank)( [A-Z][\w.']*){0,3}", name) else ""


def stated_key(text: str) -> Key:
    """The key of an ABC `K:` field or of selection.py: `Gm`, `Ador`, `D Mixolydian`, `F# Minor`, `Bb`, `Hp`."""
    if text.startswith("Hp"):
        return Key(STEPS["D"], "mixolydian")  # the Highland pipe scale
    match = re.match(r"([A-G])([#b]?)\s*([A-Za-z]*)", text)
    mode = MODES.get(match[3].lower()[:3]) if match else None
    if match is None or mode is None:
        raise ScoreError(f"no such key: {text!r}.")
    return Key((STEPS[match[1]] + {"#": 1, "b": -1, "": 0}[match[2]]) % 12, mode)


def join_bars(bars: Iterable[Bar], full: float) -> tuple[tuple[Note, ...], tuple[float, ...]]:
    """Bars laid end to end: notes with starts from the first note, and where each whole bar begins, plus the end.

    Raises:
        ScoreError: a bar is longer than its metre, so the transcription is damaged.
    """
    notes: list[Note] = []
    edges: list[float] = []
    at = room = 0.0  # `room`: how much of the current bar is still free
    for index, bar in enumerate(bars):
        if bar.length > full + 0.02:
            raise ScoreError(f"bar {index} lasts {bar.length} quarters, not {full}.")
        if bar.length > room + 0.02:
            _hold(notes, room)
            at, room = at + room, full  # what the last bar lacks is a rest
            if index == 0 and bar.length < full:
                room = bar.length  # an up-beat: the first whole bar comes after it
            else:
                edges.append(at)
        notes += [Note(at + n.start, n.length, n.pitch, n.voice, n.grace) for n in bar.notes]
        at, room = at + bar.length, max(0.0, room - bar.length)
    return _tied(notes), (*edges, at + room)


def _hold(notes: list[Note], lack: float) -> None:
    """A bar that lacks an eighth or less is a slip of the pen: its last note is held."""
    if notes and 0 < lack <= 0.5 and not notes[-1].grace:
        last = notes[-1]
        notes[-1] = Note(last.start, last.length + lack * (1 if last.length > 0 else -1), last.pitch, last.voice)


def _tied(notes: list[Note]) -> tuple[Note, ...]:
    """Order by time; a note whose start was marked as a tie's end (length kept negative) lengthens the one before."""
    joined: list[Note] = []
    for note in sorted(notes, key=lambda n: (n.start, n.voice, not n.grace)):
        if note.length >= 0:
            joined.append(note)
            continue
        before = next((i for i in reversed(range(len(joined))) if _continues(joined[i], note)), None)
        if before is None:
            joined.append(Note(note.start, -note.length, note.pitch, note.voice))
        else:
            held = joined[before]
            joined[before] = Note(held.start, held.length - note.length, held.pitch, held.voice)
    return tuple(joined)


def _continues(held: Note, note: Note) -> bool:
    same = (held.pitch, held.voice) == (note.pitch, note.voice) and not held.grace
    return same and abs(held.start + held.length - note.start) < 0.02


def _rate(notes: tuple[Note, ...], edges: tuple[float, ...]) -> float:
    """Melody notes a quarter note, on average."""
    return len({n.start for n in notes if n.voice == 0 and not n.grace}) / (edges[-1] - notes[0].start)


@cache
def _music21() -> Any:
    try:
        import music21
    except ImportError as error:
        raise ScoreError("Reading scores needs music21: pip install .[library]") from error
    return music21


def _corpus() -> Path:
    return Path(_music21().__file__).parent / "corpus"


def _abc_block(piece: Piece) -> tuple[dict[str, list[str]], str]:
    """Header fields (each letter's lines) and the whole text of one tune."""
    for path in _abc_paths(piece):
        wanted = piece.number.split(":")[-1] if piece.source != "ryan" else None
        for text in re.split(r"(?m)^(?=X:)", path.read_text(encoding="utf-8", errors="replace"))[1:]:
            header: dict[str, list[str]] = {}
            for letter, value in re.findall(r"(?m)^([A-Za-z]):(.*)$", text):
                header.setdefault(letter, []).append(value.split("%")[0].strip())
            if wanted is None or header["X"][0].lstrip("0") == wanted:
                return header, text
    raise ScoreError(f"{piece.id}: there is no number {piece.number} in the corpus.")


def _abc_paths(piece: Piece) -> list[Path]:
    if piece.source == "ryan":
        return [_corpus() / "ryansMammoth" / f"{piece.number}.abc"]
    return sorted(_corpus().glob(FILES[piece.source].format(piece.number.split(":")[0])))


def _metre(score: Any, piece: Piece) -> Metre:
    signature = next(iter(score.parts[0].recurse().getElementsByClass("TimeSignature")), None)
    if signature is None:
        raise ScoreError(f"{piece.id} states no metre.")
    return Metre(signature.numerator, signature.denominator)


def _abc_bars(part: Any) -> Iterator[Bar]:
    """The measures of a one-line tune; of first and second endings only the second is kept."""
    skipped = {n for b in part.recurse().getElementsByClass("RepeatBracket") if b.number == "1" for n in _numbers(b)}
    for measure in part.getElementsByClass("Measure"):
        if measure.number not in skipped:
            length = max((quarters(e.offset + e.quarterLength) for e in measure.notesAndRests), default=0.0)
            if length:
                yield Bar(tuple(_notes(measure.recurse().notes, 0, measure)), length)


def _numbers(bracket: Any) -> range:
    """Numbers of the measures under a bracket, which knows its first and its last."""
    return range(bracket.getFirst().number, bracket.getLast().number + 1)


def _notes(elements: Iterable[Any], voice: int, frame: Any) -> Iterator[Note]:
    """Notes and chords of a measure as plain notes; a tie's later ends get a negative length (see `_tied`)."""
    for element in elements:
        if "ChordSymbol" in element.classes or not hasattr(element, "pitches"):
            continue
        start, length = quarters(element.getOffsetInHierarchy(frame)), quarters(element.quarterLength)
        members = element.notes if element.isChord else (element,)
        for member in members:
            tied = member.tie is not None and member.tie.type in ("stop", "continue")
            yield Note(start, -length if tied else length, member.pitch.midi, voice, grace=length == 0)


def _read_movement(piece: Piece) -> tuple[Tune, Tempo]:
    score = _score(piece.number)
    metre, notes, edges, pickup = None, [], [], 0.0
    for voice, part in enumerate(score.parts):
        measures = [m for m in part.getElementsByClass("Measure") if m.number >= piece.bar][:WINDOW]
        if metre is None:
            metre = _metre_at(part, measures[0])
            edges = [quarters(m.offset - measures[0].offset) for m in measures]
            edges.append(edges[-1] + metre.bar)
            pickup = edges[1] if edges[1] < metre.bar - 0.02 else 0.0
        for measure in measures:
            at = quarters(measure.offset - measures[0].offset)
            for note in _notes(measure.recurse().notes, voice, measure):
                notes.append(Note(at + note.start, note.length, note.pitch, voice, note.grace))
    if metre is None or not notes:
        raise ScoreError(f"{piece.id}: {piece.number} has no notes at bar {piece.bar}.")
    tempo = tempo_of(piece, metre, 0.0, piece.mark, "")
    edges = edges[1:] if pickup else edges
    return Tune(_tied(notes), tuple(edges), stated_key(piece.key), metre, tempo.quarters), tempo


@cache
def _score(name: str) -> Any:
    return _music21().corpus.parse(name).toSoundingPitch()


def _metre_at(part: Any, measure: Any) -> Metre:
    signature = measure.timeSignature or measure.getContextByClass("TimeSignature")
    return Metre(signature.numerator, signature.denominator)
