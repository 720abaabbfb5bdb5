"""What every encoder of sound does first."""

import numpy as np
from numpy.typing import NDArray

from catalog.media.sound import Sound
from retrieval.encoders.base import needed

__all__ = ["WINDOW_SECONDS", "middle"]

WINDOW_SECONDS = 60


def middle(sound: Sound, rate: int, *, extra: str, by: str) -> NDArray[np.float64]:
    """The middle `WINDOW_SECONDS` of a sound (all of a shorter one) at another sampling rate, float64 (n,).

    Raises:
        EncoderUnavailable: the resampler is not installed.
    """
    soxr = needed("soxr", extra=extra, by=by)
    longest = WINDOW_SECONDS * sound.rate
    start = max(0, (len(sound.samples) - longest) // 2)
    samples = sound.samples[start : start + longest].astype(np.float64)  # whose squares cannot overflow
    return soxr.resample(samples, sound.rate, rate)
