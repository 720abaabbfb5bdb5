"""Plays a tune: 16 seconds of mono sound at 24 kHz, whole bars, levelled and softly faded.

Deterministic: everything that is drawn (who plays, the small unevenness of timing and touch) comes from the piece's id.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import count

import numpy as np
from numpy.typing import NDArray

from catalog.bundled.arrange import Arrangement, arrange, chords
from catalog.bundled.instruments import RATE, TIMBRES, Timbre, drum, tone
from catalog.bundled.notes import Note, Tune, seed_of

__all__ = ["RATE", "SECONDS", "loudness", "play"]

SECONDS = 16.0
LAST = 15.0  # seconds in which the music must have come to a bar line
EARLIEST = 13.2  # a bar line before this is too early: then it ends at a beat
LEVEL = -20.0  # LUFS
PEAK, KNEE = 0.66, 0.42  # -3.6 dBFS, for the codec may add two; peaks are rounded off from the knee on
LEAD_IN = 0.03  # seconds of silence, for the codec smears a sudden start
SWING = {"hornpipe": 0.58, "clog": 0.6}

Samples = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Event:
    """A tone in seconds: when, how long, which pitch and voice, how loud (0..1)."""

    start: float
    length: float
    pitch: int
    voice: int
    velocity: float


def play(identity: str, tune: Tune, form: str = "", arrangement: Arrangement | None = None) -> NDArray[np.float32]:
    """The clip of a piece: float32 (384000,), within ±PEAK, about -20 LUFS.

    Args:
        identity: the piece's id; the same id and tune give the same sound.
        form: the kind of tune; hornpipes and clogs swing.
    """
    who = arrangement or arrange(identity, tune)
    until = _end(tune)
    events = list(_events(identity, tune, until, SWING.get(form, 0.5)))
    dry = _render(identity, who, events)
    dry += _backing(identity, who, tune, until)
    return _finished(_in_room(dry)).astype(np.float32)


def _end(tune: Tune) -> float:
    """Where the clip ends, in quarter notes from its first note: a bar line, or failing that a beat."""
    first, limit = tune.notes[0].start, LAST / tune.seconds_per_quarter
    step, offset = tune.metre.bar, tune.bars[0] - first
    end = offset + step * np.floor((limit - offset) / step)
    if end * tune.seconds_per_quarter >= EARLIEST:
        return float(end)
    beat = tune.metre.pulse
    return float(offset + beat * np.floor((limit - offset) / beat))


def _unrolled(tune: Tune, until: float) -> Iterator[Note]:
    """Notes from the first on, begun again from the top as often as needed; starts count from the first note."""
    first, period = tune.notes[0].start, tune.bars[-1] - tune.bars[0]
    for turn in count():
        shift = turn * period - first
        if shift + first >= until:
            return
        for note in tune.shifted(shift):
            if note.start < until - 0.01:
                yield note


def _events(identity: str, tune: Tune, until: float, swing: float) -> Iterator[Event]:
    """Notes as played: accents by metre, graces stolen from the beat, a hair's breadth of unevenness."""
    rng, offset, per = seed_of("touch", identity), tune.bars[0] - tune.notes[0].start, tune.seconds_per_quarter
    graces = 0
    for note in _unrolled(tune, until):
        late, touch = rng.normal(0, 0.006), rng.normal(0, 0.04)
        if note.grace:
            graces += 1
            yield Event(_seconds(note.start, per, swing) + 0.055 * (graces - 1), 0.06, note.pitch, note.voice, 0.5)
            continue
        start, end = (_seconds(q, per, swing) for q in (note.start, min(note.start + note.length, until)))
        start = max(0.0, start + late + 0.055 * graces)
        graces = 0
        velocity = np.clip(0.50 + _accent(tune, note.start - offset) + touch, 0.3, 1.0)
        yield Event(start, max(0.05, 0.94 * (end - start)), note.pitch, note.voice, float(velocity))


def _seconds(position: float, per_quarter: float, swing: float) -> float:
    """Time of a position; with swing the first of two eighths takes that share of the quarter."""
    whole, part = divmod(position, 1.0)
    if swing != 0.5:
        part = part * 2 * swing if part < 0.5 else swing + (part - 0.5) * 2 * (1 - swing)
    return (whole + part) * per_quarter


def _accent(tune: Tune, position: float) -> float:
    """How much louder a position of the bar is: most on the first beat, some on the others, least between them."""
    inside = position % tune.metre.bar
    if min(inside, tune.metre.bar - inside) < 0.02:
        return 0.40
    beat = inside % tune.metre.pulse
    return 0.17 if min(beat, tune.metre.pulse - beat) < 0.02 else 0.0


def _render(identity: str, who: Arrangement, events: list[Event]) -> Samples:
    """The tune itself, in the octave that suits the instrument."""
    timbre, rng = TIMBRES[who.lead], seed_of("tones", identity)
    voices = {event.voice for event in events}
    shift = _octave(timbre, [event.pitch for event in events]) if len(voices) == 1 else 0
    out = np.zeros(int(SECONDS * RATE))
    for event in events:
        louder = 1.15 if event.voice == 0 else 0.85
        sound = tone(timbre, event.pitch + shift, event.length, event.velocity, rng) * _balance(event.pitch + shift)
        _add(out, event.start, sound * louder)
    return out


def _balance(pitch: int) -> float:
    """Low notes need more power to be heard as loud: 1.5 dB an octave around middle C's octave."""
    return float(2 ** ((66 - pitch) / 48))


def _octave(timbre: Timbre, pitches: list[int]) -> int:
    """The shift by octaves, the smallest one, that brings most notes within the instrument's range."""
    low, high = np.percentile(pitches, [3, 97])
    for shift in (0, 12, -12, 24, -24):
        if low + shift >= timbre.low - 1 and high + shift <= timbre.high:
            return shift
    return 12 if np.median(pitches) < timbre.low else 0


def _backing(identity: str, who: Arrangement, tune: Tune, until: float) -> Samples:
    rng, out = seed_of("backing", identity), np.zeros(int(SECONDS * RATE))
    if who.backing == "drone":
        _drone(out, tune, until, rng)
    elif who.backing == "drum":
        _drumming(out, tune, until, rng)
    elif who.backing == "chords":
        _strumming(out, TIMBRES[who.helper], tune, until, rng)
    return out


def _drone(out: Samples, tune: Tune, until: float, rng: np.random.Generator) -> None:
    """Tonic and fifth, low and quiet, for as long as the tune lasts."""
    root = 48 + (tune.key.tonic - 48) % 12 - (12 if tune.key.tonic > 7 else 0)
    for pitch, level in ((root, 0.30), (root + 7, 0.20)):
        sound = tone(TIMBRES["reed organ"], pitch, until * tune.seconds_per_quarter, 0.7, rng) * level
        _add(out, 0.0, sound * np.minimum(1, np.arange(len(sound)) / (0.3 * RATE)))


def _drumming(out: Samples, tune: Tune, until: float, rng: np.random.Generator) -> None:
    """A stroke on each beat, in compound time a light one before the next."""
    metre, offset = tune.metre, tune.bars[0] - tune.notes[0].start
    strokes = [(0.0, 0.0)] + ([(metre.pulse * 2 / 3, -0.3)] if metre.compound else [])
    position = offset
    while position < until - 0.01:
        for after, softer in strokes:
            level = 0.42 + softer + _accent(tune, position - offset)
            if after == 0.0 or position + after < until:
                stroke = drum(level * rng.uniform(0.9, 1.0), rng)
                _add(out, max(0.0, (position + after) * tune.seconds_per_quarter + rng.normal(0, 0.005)), stroke)
        position += metre.pulse


def _strumming(out: Samples, timbre: Timbre, tune: Tune, until: float, rng: np.random.Generator) -> None:
    """Bass on the first beat of each chord, the chord lightly on the others (halfway through if there is no other)."""
    harmony, first = list(chords(tune)), tune.notes[0].start
    period = tune.bars[-1] - tune.bars[0]
    for turn in count():
        for start, span, classes in harmony:
            position = start - first + turn * period
            if position >= until - 0.01:
                return
            bass = 40 + (classes[0] - 40) % 12
            _strike(out, timbre, tune, position, (bass,), span, 0.55, rng)
            beats = (
                np.arange(tune.metre.pulse, span - 0.01, tune.metre.pulse) if span > tune.metre.pulse else [span / 2]
            )
            for beat in beats:
                if position + beat < until - 0.01:
                    upper = tuple(52 + (pitch_class - 52) % 12 for pitch_class in classes)
                    _strike(out, timbre, tune, position + float(beat), upper, span - float(beat), 0.26, rng)


def _strike(
    out: Samples,
    timbre: Timbre,
    tune: Tune,
    position: float,
    pitches: tuple[int, ...],
    span: float,
    level: float,
    rng: np.random.Generator,
) -> None:
    start = max(0.0, position * tune.seconds_per_quarter + rng.normal(0, 0.006))
    for index, pitch in enumerate(sorted(pitches)):
        held = min(1.6, span * tune.seconds_per_quarter)
        _add(out, start + 0.012 * index, tone(timbre, pitch, held, 0.6, rng) * level)


def _add(out: Samples, start: float, sound: Samples) -> None:
    at = int((start + LEAD_IN) * RATE)
    end = min(len(out), at + len(sound))
    if end > at:
        out[at:end] += sound[: end - at]


def _in_room(dry: Samples) -> Samples:
    """The sound in a small, friendly room."""
    size = len(dry) + len(_room()) - 1
    wet = np.fft.irfft(np.fft.rfft(dry, size) * np.fft.rfft(_room(), size), size)[: len(dry)]
    return dry + 0.16 * wet


@cache
def _room() -> Samples:
    """An impulse response: noise that fades within 0.9 s, duller as it fades, after 14 ms; its energy is one."""
    time = np.arange(int(0.9 * RATE)) / RATE
    rng = seed_of("room")
    bright, dull = rng.standard_normal(len(time)), np.convolve(rng.standard_normal(len(time)), np.ones(9) / 3, "same")
    late = np.exp(-time / 0.13) * (bright * np.exp(-time / 0.06) + dull)
    late[: int(0.014 * RATE)] = 0
    return late / np.sqrt((late**2).sum())


def _finished(sound: Samples) -> Samples:
    """Levelled, peaks rounded off, faded in over 15 ms and out over the last 1.1 s."""
    time = np.arange(len(sound)) / RATE
    sound = sound * np.clip(time / 0.015, 0, 1) * np.cos(np.pi / 2 * np.clip((time - SECONDS + 1.1) / 1.1, 0, 1)) ** 2
    for _ in range(3):  # rounding peaks lowers the level a little: level again
        sound = _rounded(sound * 10 ** ((LEVEL - loudness(sound)) / 20))
    return sound


def _rounded(sound: Samples) -> Samples:
    """Nothing is changed below KNEE; above, the rest is squeezed towards PEAK."""
    size, room = np.abs(sound), PEAK - KNEE
    return np.where(size <= KNEE, sound, np.sign(sound) * (KNEE + room * np.tanh((size - KNEE) / room)))


def loudness(sound: NDArray[np.floating], rate: int = RATE) -> float:
    """Programme loudness in LUFS of mono samples (n,): K-weighting and gating of ITU-R BS.1770-4, on 400 ms blocks.

    The weighting's two filters are applied as their magnitude response over the whole sound (its phase does not matter
    for a level), so that no filter design for this sample rate is needed.

    Raises:
        ValueError: shorter than one block.
    """
    block, hop = int(0.4 * rate), int(0.1 * rate)
    if len(sound) < block:
        raise ValueError("loudness needs at least 0.4 s of sound.")
    weighted = np.fft.irfft(
        np.fft.rfft(sound) * _k_weight(np.fft.rfftfreq(len(sound), 1 / rate).astype(np.float64)), len(sound)
    )
    starts = range(0, len(sound) - block + 1, hop)
    power = np.array([np.mean(weighted[at : at + block] ** 2) for at in starts]) + 1e-12
    loud = power[-0.691 + 10 * np.log10(power) > -70]
    if not len(loud):
        return -70.0
    gate = 10 * np.log10(loud.mean()) - 10
    return float(-0.691 + 10 * np.log10(loud[10 * np.log10(loud) > gate].mean()))


def _k_weight(frequency: Samples) -> Samples:
    """Magnitude of BS.1770's shelf and high-pass (coefficients given there for 48 kHz) at these frequencies (Hz)."""
    z = np.exp(-2j * np.pi * np.minimum(frequency, 24_000) / 48_000)
    shelf = (1.53512485958697 - 2.69169618940638 * z + 1.19839281085285 * z**2) / (
        1 - 1.69065929318241 * z + 0.73248077421585 * z**2
    )
    high = (1 - 2 * z + z**2) / (1 - 1.99004745483398 * z + 0.99007225036621 * z**2)
    return np.abs(shelf * high)
