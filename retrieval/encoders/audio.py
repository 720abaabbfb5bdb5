"""The default audio encoder: timbre, harmony and rhythm summed up in 128 numbers, by librosa."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from retrieval.encoders.base import BatchEncoder, Vectors, needed
from retrieval.encoders.waves import middle

if TYPE_CHECKING:
    from catalog.media.sound import Sound

__all__ = ["BLOCKS", "Block", "TimbreEncoder"]

Array = NDArray[Any]

RATE = 22_050
SHORTEST_SECONDS = 1.0
LOUDNESS = 0.1  # root mean square
HOP = 256
FFT = 2048
CHROMA_FFT, CHROMA_HOP = 8192, 2048
FLOOR = 1e-10
SOUNDING_DB = 50.0


class Block(NamedTuple):
    """Features that belong together: how many, their usual spread, and the share of squared distance they are to have.

    `spread` is the root of the summed variances of the raw features. It was measured over the bundled library's clips
    (`benchmarks/encoders.py audio` prints it) and stays as it is: a vector depends on its sound alone.
    """

    name: str
    size: int
    spread: float
    share: float


BLOCKS = (
    Block("envelope", 16, 42.0, 0.10),  # timbre: a quarter
    Block("envelope_change", 12, 16.0, 0.05),
    Block("contrast", 7, 8.4, 0.05),
    Block("brightness", 5, 1.2, 0.05),
    Block("scale", 12, 0.049, 0.10),  # harmony: a quarter
    Block("bass", 12, 0.107, 0.05),
    Block("mode", 6, 0.485, 0.10),
    Block("metre", 24, 0.43, 0.24),  # rhythm: a half
    Block("periods", 28, 0.47, 0.04),
    Block("tempo", 4, 1.03, 0.20),
    Block("accent", 2, 0.165, 0.02),
)

MULTIPLES = 24  # of the tatum
PERIODS = 0.15 * 2 ** (np.arange(28) / 6)  # seconds, up to 3.4
TYPICAL_TATUM = 0.2  # seconds, where nothing recurs

# Albrecht & Shanahan 2013, "The use of large corpora to train a new type of key-finding algorithm": the share of each
# degree in music in a major and in a minor key
MAJOR = np.array([0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081])
MINOR = np.array([0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052])


class TimbreEncoder(BatchEncoder):
    """Sounds as vectors, float32 (n, 128), to be compared by L2: eleven blocks of features, each at its own scale.

    Timbre: mean and spread of the cepstrum (`envelope`, without its loudness), spectral contrast, brightness.
    Harmony, from a chroma turned so that the likeliest tonic comes first, whatever the key: the degrees used (`scale`),
    the same in the low register (`bass`), and how major or minor they are (`mode`).
    Rhythm, from the autocorrelation of onsets: at multiples of the fastest regular step (`metre`, which tempo does not
    change), at absolute periods, the step, the beat and the rate of events (`tempo`), how marked they are (`accent`).

    Of a longer sound the middle minute counts. Loudness does not matter. Silence has a vector, the same for all silent
    sounds: no timbre, all degrees alike, nothing recurring. A sound shorter than a second is followed by silence.
    """

    key = "audio.librosa"
    revision = "1"
    modality = "audio"
    dim = sum(block.size for block in BLOCKS)
    takes = "sound"
    cost = "no model; about 0.15 s for a clip of 30 s on one processor core, and 2 s at first use"
    batch_size = 1

    def _vectors(self, batch: Sequence["Sound"]) -> Vectors:
        return np.stack([_vector(features(sound)) for sound in batch]).astype(np.float32)


def _vector(found: dict[str, Array]) -> Array:
    return np.concatenate([found[b.name] * (b.share**0.5 / b.spread) for b in BLOCKS])


def features(sound: "Sound") -> dict[str, Array]:
    """The raw features by block name, before they are weighed."""
    librosa = needed("librosa", extra="audio", by=TimbreEncoder.key)
    samples = _prepared(sound)
    power = np.abs(librosa.stft(samples, n_fft=FFT, hop_length=HOP)) ** 2
    return {**_timbre(power, librosa), **_harmony(samples, librosa), **_rhythm(power, librosa)}


def _prepared(sound: "Sound") -> NDArray[np.float32]:
    """The middle minute at one rate and one loudness, and never shorter than a second."""
    samples = middle(sound, RATE, extra="audio", by=TimbreEncoder.key)
    loudness = np.sqrt(np.mean(samples**2)) if len(samples) else 0.0
    samples = samples * (LOUDNESS / loudness) if loudness > 0 else samples
    return np.pad(samples, (0, max(0, int(SHORTEST_SECONDS * RATE) - len(samples)))).astype(np.float32)


# --- timbre ---------------------------------------------------------------------------------------------------------


def _timbre(power: Array, librosa: Any) -> dict[str, Array]:
    """Summed up over the frames that sound, so that pauses and padding do not count."""
    level = 10 * np.log10(power.sum(axis=0) + FLOOR)
    power = power[:, level > level.max() - SOUNDING_DB]
    mel = librosa.feature.melspectrogram(S=power, sr=RATE, n_mels=40)
    cepstrum = librosa.feature.mfcc(S=librosa.power_to_db(mel, amin=1e-6, top_db=None), n_mfcc=17)[1:]
    contrast = librosa.feature.spectral_contrast(S=np.sqrt(power), sr=RATE, n_fft=FFT)
    return {
        "envelope": cepstrum.mean(axis=1),
        "envelope_change": cepstrum[:12].std(axis=1),
        "contrast": contrast.mean(axis=1),
        "brightness": _brightness(power, librosa),
    }


def _brightness(power: Array, librosa: Any) -> Array:
    """Centroid and its spread, rolloff (octaves), flatness and its spread (powers of ten)."""
    amplitude = np.sqrt(power)
    centroid = np.log2(librosa.feature.spectral_centroid(S=amplitude, sr=RATE)[0] + 20)
    rolloff = np.log2(librosa.feature.spectral_rolloff(S=amplitude, sr=RATE)[0] + 20)
    flatness = np.log10(librosa.feature.spectral_flatness(S=amplitude)[0] + 1e-6)
    return np.array([centroid.mean(), centroid.std(), rolloff.mean(), flatness.mean(), flatness.std()])


# --- harmony --------------------------------------------------------------------------------------------------------


def _harmony(samples: Array, librosa: Any) -> dict[str, Array]:
    amplitude = np.abs(librosa.stft(samples, n_fft=CHROMA_FFT, hop_length=CHROMA_HOP))
    tuning = _tuning(amplitude, librosa)
    salience = _salience(amplitude)
    chroma, low = (_chroma(salience, librosa, tuning, octave) for octave in (4.5, 2.5))
    scale, bass = _unit_sum(chroma.sum(axis=1)), _unit_sum(low.sum(axis=1))
    tonic, fits = _key(scale + bass)
    scale = np.roll(scale, -tonic)
    return {"scale": scale, "bass": np.roll(bass, -tonic), "mode": _mode(scale, fits)}


def _tuning(amplitude: Array, librosa: Any) -> float:
    """Fractions of a semitone off 440 Hz, as records and old instruments are."""
    pitches, strengths = librosa.piptrack(S=amplitude, sr=RATE, n_fft=CHROMA_FFT)
    found = pitches > 0
    if not found.any():
        return 0.0
    return float(librosa.pitch_tuning(pitches[found & (strengths >= np.median(strengths[found]))]))


def _salience(amplitude: Array) -> Array:
    """How far loudness stands out over its surroundings of 110 Hz: soft tones count too, noise and timbre less."""
    from scipy.ndimage import uniform_filter1d

    loudness = np.log1p(10 * amplitude / (amplitude.mean() + FLOOR))
    return np.maximum(0, loudness - uniform_filter1d(loudness, 41, axis=0))


def _chroma(salience: Array, librosa: Any, tuning: float, octave: float) -> Array:
    """Salience by pitch class, (12, frames), from the register around an octave number."""
    bank = librosa.filters.chroma(sr=RATE, n_fft=CHROMA_FFT, tuning=tuning, ctroct=octave, octwidth=1.0)
    return bank @ salience


def _unit_sum(x: Array) -> Array:
    total = x.sum()
    return x / total if total > FLOOR else np.full(len(x), 1 / len(x))


def _key(profile: Array) -> tuple[int, Array]:
    """The likeliest tonic, and how well the best major and the best minor key fit (correlations)."""
    if np.ptp(profile) < 1e-9:
        return 0, np.zeros(2)
    fits = np.array(
        [[np.corrcoef(np.roll(key, shift), profile)[0, 1] for shift in range(12)] for key in (MAJOR, MINOR)]
    )
    return int(fits.max(axis=0).argmax()), fits.max(axis=1)


def _mode(profile: Array, fits: Array) -> Array:
    """Major against minor thirds, sixths and sevenths, the better key of either kind, its fit, and how even all is."""
    thirds, sixths, sevenths = (_contrast(profile[a], profile[b]) for a, b in ((4, 3), (9, 8), (11, 10)))
    evenness = -np.sum(profile * np.log2(profile + FLOOR)) / np.log2(12)
    return np.array([thirds, sixths, sevenths, 2 * (fits[0] - fits[1]), fits.max(), evenness])


def _contrast(a: float, b: float) -> float:
    return (a - b) / (a + b + 1e-3)


# --- rhythm ---------------------------------------------------------------------------------------------------------


def _rhythm(power: Array, librosa: Any) -> dict[str, Array]:
    onsets = _onsets(power, librosa)
    strength = onsets.sum(axis=0)
    overall, by_band = _self_similarity(strength[None]), _self_similarity(onsets)
    tatum = _tatum(overall)
    multiples = _at_multiples(by_band, tatum, np.arange(1, MULTIPLES + 1))
    pulse = [tatum, _beat(overall, tatum), _beat(by_band, tatum), 1 / (_onset_rate(strength) + 0.25)]
    return {
        "metre": multiples - multiples.mean(),
        "periods": np.interp(PERIODS, _seconds(by_band), by_band, right=0.0),
        "tempo": np.log2(pulse),
        "accent": np.array([multiples.max(), multiples.std()]),
    }


def _onsets(power: Array, librosa: Any) -> Array:
    """How much louder each of 40 mel bands grows within 23 ms, (40, frames): notes begin where it is large."""
    mel = librosa.feature.melspectrogram(S=power, sr=RATE, n_mels=40)
    loudness = np.log1p(100 * mel / (mel.mean() + FLOOR))
    return np.maximum(loudness[:, 2:] - loudness[:, :-2], 0)


def _self_similarity(bands: Array) -> Array:
    """Autocorrelation summed over bands, 1 at lag 0; what is played on other pitches counts as another event.

    Corrected for the shrinking overlap, and 0 where less than a third of the sound overlaps.
    """
    frames = bands.shape[1]
    spectrum = np.fft.rfft(bands - bands.mean(axis=1, keepdims=True), 2 * frames)
    found = np.fft.irfft((np.abs(spectrum) ** 2).sum(axis=0))[: frames * 2 // 3]
    if found[0] < FLOOR:
        return np.zeros(len(found))
    return found / found[0] * frames / (frames - np.arange(len(found)))


def _seconds(similarity: Array) -> Array:
    return np.arange(len(similarity)) * HOP / RATE


def _tatum(similarity: Array) -> float:
    """Seconds between the fastest regular events: the shortest lag whose peak is nearly as high as any."""
    lags = np.linspace(0.09, 0.5, 200)
    height = np.interp(lags, _seconds(similarity), similarity)
    peaks = np.flatnonzero((height[1:-1] > height[:-2]) & (height[1:-1] >= height[2:])) + 1
    if not peaks.size or height[peaks].max() <= 0:
        return TYPICAL_TATUM
    return float(lags[peaks[height[peaks] >= 0.7 * height[peaks].max()][0]])


def _at_multiples(similarity: Array, tatum: float, multiples: Array) -> Array:
    """The height near each multiple of the tatum (within 3 %, for tempo drifts): metre without tempo."""
    lags = tatum * multiples[:, None] * np.linspace(0.97, 1.03, 9)
    return np.interp(lags, _seconds(similarity), similarity, right=0.0).max(axis=1)


def _beat(similarity: Array, tatum: float) -> float:
    """Seconds of the multiple of the tatum that recurs most, near half a second preferred (as people tap)."""
    multiples = np.array([1, 2, 3, 4, 6, 8])
    liking = np.exp(-0.5 * np.log2(multiples * tatum / 0.5) ** 2)
    heights = np.maximum(_at_multiples(similarity, tatum, multiples), 0)
    return float(tatum * multiples[(heights * liking).argmax()])


def _onset_rate(strength: Array) -> float:
    """Events a second."""
    inner = strength[1:-1]
    peaks = (inner > strength[:-2]) & (inner >= strength[2:]) & (inner > strength.mean() + strength.std() / 2)
    return float(peaks.mean() * RATE / HOP)
