"""The instruments: additive synthesis in numpy, one tone at a time.

A tone is a sum of sinusoids whose levels follow simple models of the instrument: a string plucked at a point p of its
length lacks the partials that have a node there (sin(n·pi·p)/n); stiff strings and bars are inharmonic
(f_n = n·f·sqrt(1 + B·n²)); high partials die sooner; a clarinet's even partials are weak; a body adds fixed resonances.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["RATE", "TIMBRES", "Timbre", "drum", "tone"]

RATE = 24_000
CEILING = 0.44 * RATE  # no partial above this, so that nothing folds back

Samples = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Timbre:
    """How an instrument sounds.

    `decay` is the time (s) in which a middle C fades by 60 dB, 0 for sustained sounds; `damping` how much sooner high
    partials go; `attack` and `release` in seconds; `vibrato` in cents at `rate` Hz; `breath` the level of noise; `detune`
    the cents between two strings or reeds of one note; `body` resonances as (Hz, octaves wide, gain).
    """

    label: str
    partials: int
    tilt: float
    even: float = 1.0
    pluck: float = 0.0
    stiffness: float = 0.0
    ratios: tuple[float, ...] = ()
    decay: float = 0.0
    damping: float = 0.5
    attack: float = 0.004
    release: float = 0.08
    vibrato: float = 0.0
    rate: float = 5.4
    breath: float = 0.0
    detune: float = 0.0
    body: tuple[tuple[float, float, float], ...] = ()
    low: int = 48
    high: int = 88


VIOLIN_BODY = ((290.0, 0.25, 1.6), (480.0, 0.3, 1.4), (1100.0, 0.6, 0.6), (2600.0, 0.5, 1.3))

TIMBRES = {
    "harp": Timbre("harp", 18, 1.1, pluck=0.37, decay=3.2, damping=0.55, release=0.9, low=45, high=91),
    "guitar": Timbre(
        "guitar",
        22,
        0.9,
        pluck=0.19,
        decay=2.4,
        damping=0.75,
        release=0.25,
        body=((105, 0.4, 1.0), (210, 0.4, 0.7)),
        low=40,
    ),
    "dulcimer": Timbre(
        "hammered dulcimer", 20, 0.75, pluck=0.12, decay=2.0, damping=0.5, release=0.8, detune=5, low=50
    ),
    "music box": Timbre(
        "music box", 4, 1.4, ratios=(1.0, 3.0, 6.27, 9.1), decay=2.6, damping=0.9, release=1.4, low=67, high=100
    ),
    "fortepiano": Timbre(
        "fortepiano",
        20,
        1.15,
        pluck=0.13,
        stiffness=3e-4,
        decay=2.8,
        damping=0.6,
        release=0.14,
        detune=2,
        low=36,
        high=91,
    ),
    "fiddle": Timbre(
        "fiddle",
        26,
        1.0,
        attack=0.045,
        release=0.09,
        vibrato=14,
        breath=0.012,
        detune=4,
        body=VIOLIN_BODY,
        low=55,
        high=91,
    ),
    "flute": Timbre("flute", 8, 1.9, attack=0.05, release=0.08, vibrato=9, rate=4.9, breath=0.035, low=60, high=93),
    "whistle": Timbre(
        "whistle", 5, 2.4, attack=0.022, release=0.05, vibrato=6, rate=5.8, breath=0.02, low=72, high=100
    ),
    "clarinet": Timbre(
        "clarinet", 20, 1.05, even=0.12, attack=0.03, release=0.07, vibrato=2, breath=0.008, low=50, high=88
    ),
    "concertina": Timbre(
        "concertina",
        24,
        0.85,
        even=0.8,
        attack=0.016,
        release=0.05,
        detune=7,
        body=((1300, 0.8, 0.9),),
        low=48,
        high=91,
    ),
    "reed organ": Timbre(
        "reed organ", 18, 1.2, attack=0.06, release=0.14, vibrato=3, rate=3.6, detune=3, low=36, high=91
    ),
}


def tone(timbre: Timbre, pitch: int, seconds: float, velocity: float, rng: np.random.Generator) -> Samples:
    """One note, float64 (n,), its ringing or release included.

    Args:
        pitch: MIDI number.
        seconds: how long it is held.
        velocity: 0..1; louder is brighter too.
    """
    frequency = 440.0 * 2 ** ((pitch - 69) / 12)
    n = int((seconds + timbre.release) * RATE) + 1
    time = np.arange(n) / RATE
    ratios, levels = _spectrum(timbre, frequency, velocity)
    offsets = (-timbre.detune / 2, timbre.detune / 2) if timbre.detune else (0.0,)
    sound = sum(_strings(timbre, frequency * 2 ** (o / 1200), time, ratios, levels, rng) for o in offsets)
    if timbre.breath:
        sound = sound + timbre.breath * _breath(n, frequency, rng)
    return velocity * sound * _envelope(timbre, time, seconds)


def _spectrum(timbre: Timbre, frequency: float, velocity: float) -> tuple[Samples, Samples]:
    """Frequency ratios and levels of the partials, the levels' power summing to one."""
    number = np.arange(1, timbre.partials + 1)
    ratios = np.array(timbre.ratios) if timbre.ratios else number * np.sqrt(1 + timbre.stiffness * number**2)
    levels = number ** -(timbre.tilt + 0.5 * (1 - velocity))
    if timbre.pluck:
        levels = levels * np.abs(np.sin(np.pi * number * timbre.pluck)) + 1e-4
    levels[1::2] *= timbre.even
    for centre, width, gain in timbre.body:
        levels = levels * (1 + gain * np.exp(-((np.log2(ratios * frequency / centre) / width) ** 2)))
    audible = ratios * frequency < CEILING
    return ratios[audible], levels[audible] / np.sqrt((levels[audible] ** 2).sum())


def _strings(
    timbre: Timbre, frequency: float, time: Samples, ratios: Samples, levels: Samples, rng: np.random.Generator
) -> Samples:
    """The partials of one string, pipe or reed, each with its own fading."""
    phase = 2 * np.pi * frequency * time
    if timbre.vibrato:
        depth = (2 ** (timbre.vibrato / 1200) - 1) * np.clip((time - 0.12) / 0.25, 0, 1)
        turns = timbre.rate * rng.uniform(0.93, 1.07)
        phase = phase + frequency / turns * depth * (1 - np.cos(2 * np.pi * turns * time))
    starts = rng.uniform(0, 2 * np.pi, len(ratios))  # all at zero would add up to a spike
    if timbre.stiffness or timbre.ratios:
        return _inharmonic(timbre, frequency, time, phase + starts[0], ratios, levels)
    # partial n + 1 is partial n turned once more and damped once more: one multiplication each instead of a sine
    fading = 6.9 / (timbre.decay * (261.6 / frequency) ** 0.45) if timbre.decay else 0.0
    turn = np.exp(1j * phase - fading * timbre.damping * time)
    partial, sound = np.exp(1j * phase - fading * time), np.zeros(len(time))
    for level, start in zip(levels, starts, strict=True):
        sound += level * (np.cos(start) * partial.imag + np.sin(start) * partial.real)
        partial *= turn
    return sound


def _inharmonic(
    timbre: Timbre, frequency: float, time: Samples, phase: Samples, ratios: Samples, levels: Samples
) -> Samples:
    """The partials of a stiff string or a bar, which fade."""
    fading = 6.9 / (timbre.decay * (261.6 / frequency) ** 0.45)
    rates = fading * (1 + timbre.damping * (ratios - 1))
    partials = zip(ratios, levels, rates, strict=True)
    return sum((level * np.sin(r * phase) * np.exp(-rate * time) for r, level, rate in partials), np.zeros(len(time)))


def _breath(n: int, frequency: float, rng: np.random.Generator) -> Samples:
    """Noise around the note and above: what bow and breath add."""
    spectrum = np.fft.rfft(rng.standard_normal(n))
    bins = np.maximum(np.fft.rfftfreq(n, 1 / RATE), 1.0)
    spectrum *= np.exp(-((np.log2(bins / (2.5 * frequency)) / 1.3) ** 2))
    noise = np.fft.irfft(spectrum, n)
    return noise / (np.std(noise) + 1e-9)


def _envelope(timbre: Timbre, time: Samples, seconds: float) -> Samples:
    """Rise, and fall after the note is let go; sustained notes swell a little."""
    rise = np.sin(np.pi / 2 * np.clip(time / timbre.attack, 0, 1)) ** 2
    fall = np.cos(np.pi / 2 * np.clip((time - seconds) / timbre.release, 0, 1)) ** 2
    if timbre.decay:
        return rise * fall
    swell = 0.86 + 0.14 * np.sin(np.pi * np.clip(time / max(seconds, 0.2), 0, 1))
    return rise * fall * swell


def drum(velocity: float, rng: np.random.Generator) -> Samples:
    """One soft stroke on a frame drum, float64 (n,)."""
    time = np.arange(int(0.32 * RATE)) / RATE
    skin = np.sin(2 * np.pi * (72 * time + 1.6 * (1 - np.exp(-time / 0.03)))) * np.exp(-time / 0.075)
    stick = rng.standard_normal(len(time)) * np.exp(-time / 0.012) * 0.10
    return velocity * (skin + stick) * np.clip(time / 0.002, 0, 1)
