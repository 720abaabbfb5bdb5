"""Describes a piece in two to four sentences, from its facts alone.

Every sentence states facts that were counted or printed, in one of several patterns; the id draws which. The first says
what the piece is, the second how it goes and feels, the third what its melody does, the fourth where it was printed or
what the print asks for. No sentence about tempo or mood is used that facts.py's rules do not allow.
"""

import re

import numpy as np

from catalog.bundled.facts import Facts
from catalog.bundled.notes import seed_of
from catalog.bundled.pieces import Piece

__all__ = ["describe"]

FEELS = {  # tempo and darkness: patterns for the second sentence
    ("slow", True): (
        "It moves slowly, and {mode} gives it a sorrowful cast.",
        "The pace is slow and the mood melancholy, as {mode} suggests.",
        "Slow and inward, it keeps to the shadows of {mode}.",
        "A melancholy tune: unhurried, dark in colour, with long notes to dwell on.",
        "Nothing is hurried here; {mode} lends every phrase a tinge of grief.",
    ),
    ("slow", False): (
        "It unfolds slowly and gently, tender rather than sad.",
        "The pace is slow, the mood peaceful, the {mode_only} colour warm.",
        "Slow and song-like, it is a tune of tenderness and calm.",
        "Long notes and an unhurried pulse give it a quiet, peaceful air.",
        "It takes its time, and {mode} keeps the light on: tender, never gloomy.",
    ),
    ("moderate", True): (
        "At an easy walking pace, {mode} makes it wistful.",
        "The tempo is moderate and the mood pensive, with {mode} colouring every turn.",
        "Neither slow nor quick, it has a wistful, thoughtful temper.",
        "It goes at a measured step and looks back a little: pensive, in {mode}.",
    ),
    ("moderate", False): (
        "It goes at a comfortable, moderate pace, warm and well-mannered.",
        "The tempo is moderate and the mood gracious, with {mode} keeping it bright.",
        "Neither slow nor quick, it has a warm and graceful bearing.",
        "A measured step and {mode} make it friendly, open and graceful.",
    ),
    ("lively", True): (
        "It is lively, but {mode} gives its high spirits a restless edge.",
        "Quick on its feet and dark in colour, it is spirited rather than sunny.",
        "The pulse is lively; {mode} makes the energy a little uneasy.",
        "Brisk and spirited, it dances in {mode} with a frown.",
    ),
    ("lively", False): (
        "It is lively and cheerful from the first bar.",
        "Brisk, bright and playful, it makes the most of {mode}.",
        "The pulse is lively and the mood cheerful.",
        "A cheerful tune that skips along in {mode}.",
        "Playful and quick on its feet, it stays sunny throughout.",
    ),
    ("fast", True): (
        "It runs fast and without rest, and {mode} adds fire.",
        "Fast and driving, it keeps a fiery, restless tone.",
        "The notes come thick and fast, dark in colour and full of fire.",
    ),
    ("fast", False): (
        "It runs fast and joyfully, hardly stopping for breath.",
        "Fast, bright and exuberant, it is made for quick feet.",
        "The notes come in a joyful rush.",
        "Exuberant and fast, it keeps {mode} sparkling.",
    ),
}
MODES = {
    "major": ("the major key", "major"),
    "minor": ("the minor key", "minor"),
    "dorian": ("the dorian mode", "dorian"),
    "mixolydian": ("the mixolydian mode", "mixolydian"),
    "lydian": ("the lydian mode", "lydian"),
}
NATIONS = {"Ireland": "Irish ", "Scotland": "Scottish ", "Wales": "Welsh ", "England": "English ", "France": "French "}
PLACES = {"New England": " as played in New England"}
NOUNS = {"song": "song tune", "pipe tune": "tune for the small-pipes", "variations": "set of variations"}
MEANT = {  # what a kind of piece is for
    "slow air": "a tune to listen to rather than to dance",
    "air": "a tune to sing or play rather than to dance",
    "jig": "a dance in bounding groups of three",
    "slip jig": "a light-footed dance in three groups of three",
    "reel": "a dance in quick running notes",
    "hornpipe": "a step dance that seamen were fond of",
    "clog": "a dance for clogs, heel and toe marking time",
    "strathspey": "a dignified dance with snapping rhythms",
    "highland fling": "a dance for one, all hops and kicks",
    "set dance": "made for one particular step dance",
    "march": "music to march to",
    "minuet": "a courtly dance in three",
    "waltz": "a turning dance for couples",
    "allemande": "a dance for couples, arm in arm",
    "lullaby": "music to rock a cradle to",
    "lament": "music for mourning",
}
SPANS = (
    (10, "less than an octave"),
    (12, "an octave"),
    (16, "an octave and a little more"),
    (20, "an octave and a half"),
)
SOURCES = {
    "oneill": (
        "Francis O'Neill printed it in his Music of Ireland (Chicago, 1903).",
        "It stands in O'Neill's Music of Ireland, the Chicago collection of 1903.",
        "Francis O'Neill, then chief of Chicago's police, printed it in 1903.",
    ),
    "ryan": (
        "It was printed in Boston in 1883, in Ryan's Mammoth Collection.",
        "American fiddlers could find it in Ryan's Mammoth Collection, Boston 1883.",
        "Ryan's Mammoth Collection of 1883 has it among a thousand others.",
    ),
    "aird": (
        "James Aird of Glasgow printed it in his Airs, for fife, violin or flute.",
        "It comes from the Airs that James Aird sold in Glasgow to players of fife, fiddle and flute.",
        "It stands in Aird's Airs, a Glasgow tune-book in six volumes.",
    ),
    "northumbrian": (
        "Bruce and Stokoe printed it in Northumbrian Minstrelsy in 1882.",
        "It stands in Northumbrian Minstrelsy, which Bruce and Stokoe published in 1882.",
        "Northumbrian Minstrelsy, 1882, is where it was printed.",
    ),
}


def describe(piece: Piece, facts: Facts) -> str:
    """The description of a piece, two to four sentences."""
    rng = seed_of("words", piece.id)
    also = f"It is also known as “{' or '.join(piece.others)}”." if piece.others else ""
    last = also or _source(piece, facts, rng)
    sentences = [_what(piece, facts, rng), _feel(facts, rng), _melody(facts, rng), last]
    return " ".join(sentence for sentence in sentences if sentence)


def _pick(rng: np.random.Generator, options: tuple[str, ...] | list[str]) -> str:
    return options[int(rng.integers(len(options)))]


def _what(piece: Piece, facts: Facts, rng: np.random.Generator) -> str:
    noun = _noun(piece, facts)
    if piece.source == "score":
        return _what_work(piece, facts, noun, rng)
    by = "" if piece.artists[0].startswith(("Traditional", "Anonymous")) else f" by {piece.artists[0]}"
    if by and piece.source == "oneill" and piece.form == "air":
        by = f" attributed to {piece.artists[0]}, the blind Irish harper"
    named = bool(by) or facts.origin == "Glasgow" or facts.origin in NATIONS
    place = "" if named else PLACES.get(facts.origin, f" from {facts.origin}")
    meant = f", {MEANT[_kind(facts)]}" if _kind(facts) in MEANT and not by and rng.random() < 0.65 else ""
    return _pick(
        rng,
        (
            f"{_a(noun)}{place}{by}{meant}, in {facts.key} and {facts.time}.",
            f"{_a(noun)}{place}{by}{meant}, set in {facts.key}, in {facts.time}.",
            f"This {noun}{place}{by}{meant + ',' if meant else ''} is in {facts.key}, counted in {facts.time}.",
            f"“{piece.title}” is {_a(noun, capital=False)}{place}{by}{meant}, in {facts.key} and {facts.time}.",
        ),
    )


def _kind(facts: Facts) -> str:
    """The one word among its forms that says most."""
    return next((form for form in facts.forms if form in ("lament", "lullaby", "slow air")), facts.form)


def _noun(piece: Piece, facts: Facts) -> str:
    if piece.source == "score":
        return facts.forms[-1] if len(facts.forms) > 1 else piece.form
    return NATIONS.get(facts.origin, "") + NOUNS.get(_kind(facts), _kind(facts))


def _what_work(piece: Piece, facts: Facts, noun: str, rng: np.random.Generator) -> str:
    who, where = " and ".join(piece.artists), piece.album.replace("String Quartet", "string quartet")
    tonality = f"in {facts.key}"
    if piece.form != "string quartet":
        article = _a(noun)
        return _pick(
            rng,
            (
                f"{article} by {who} ({piece.year}), in {facts.key} and {facts.time}.",
                f"{who}'s {noun} of {piece.year}, in {facts.key}, counted in {facts.time}.",
            ),
        )
    movement = "A movement" if noun == "string quartet" else _a(NOUNS.get(noun, noun))
    return _pick(
        rng,
        (
            f"{movement} {tonality} and {facts.time}, from a string quartet by {who}, {piece.year}.",
            f"{movement} for two violins, viola and cello by {who} ({piece.year}), {tonality}, in {facts.time}.",
            f"From {who}'s {where}: {movement[0].lower()}{movement[1:]} {tonality}, in {facts.time}.",
        ),
    )


def _feel(facts: Facts, rng: np.random.Generator) -> str:
    mode, mode_only = MODES[facts.mode]
    danced = "classical" not in facts.genres
    fitting = [p for p in FEELS[facts.tempo, facts.dark] if danced or not re.search(r"\b(tune|feet|dance|skip)", p)]
    return _pick(rng, fitting).format(mode=mode, mode_only=mode_only)


def _melody(facts: Facts, rng: np.random.Generator) -> str:
    """How the melody moves, how far it reaches, and perhaps how it begins."""
    span = f"{_pick(rng, ('and it spans', 'and the compass is'))} {_span(facts)}"
    return f"{_motion(facts, rng)}, {span}{_beginning(facts, rng)}."


def _motion(facts: Facts, rng: np.random.Generator) -> str:
    if facts.evenness > 0.72:
        return _pick(rng, ("Its notes run on evenly", "The melody is an almost unbroken run of equal notes"))
    if facts.dotted > 0.3 and facts.tempo != "slow":
        return _pick(rng, ("Dotted rhythms give it a snap", "Long and short notes alternate in dotted rhythm"))
    if facts.steps > 0.7:
        return _pick(rng, ("The melody moves mostly by step", "The line goes mostly from one note to its neighbour"))
    if facts.steps < 0.45:
        wide = (
            "Wide intervals stretch the line"
            if facts.tempo == "slow"
            else "Wide intervals keep the line bounding about"
        )
        return _pick(rng, ("The melody is full of leaps", wide))
    return _pick(rng, ("Steps and leaps are mixed in equal measure", "The line mixes steps with leaps"))


def _span(facts: Facts) -> str:
    return next((words for limit, words in SPANS if facts.range <= limit), "two octaves or so")


def _beginning(facts: Facts, rng: np.random.Generator) -> str:
    if rng.random() < 0.4:
        return ""
    if facts.upbeat and rng.random() < 0.5:
        return "; it starts on an upbeat"
    return {"rises": "; the opening climbs", "falls": "; the opening falls"}.get(facts.opening, "")


def _source(piece: Piece, facts: Facts, rng: np.random.Generator) -> str:
    if piece.source == "score":
        return f"The score is marked {facts.mark}." if facts.mark and rng.random() < 0.7 else ""
    asked = f"The print asks for “{facts.mark}”." if facts.mark else ""
    if asked and rng.random() < 0.5:
        return asked
    return _pick(rng, SOURCES[piece.source])


def _a(noun: str, *, capital: bool = True) -> str:
    article = "an" if noun[0].lower() in "aeiou" else "a"
    return f"{article.capitalize() if capital else article} {noun}"
