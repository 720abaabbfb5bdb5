"""Sound files read safely: mono float32, only the window that is needed."""

import io
import math
import os
import wave
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from catalog.media import MediaError, Source, name_of, opened

__all__ = ["MAX_FRAMES", "Sound", "read_sound", "wav_bytes"]

MAX_FRAMES = 48_000 * 60 * 20
"""Samples that are held at most: 20 minutes at 48 kHz, 230 MB."""

MAX_RATE = 384_000
BLOCK_FRAMES = 1 << 16
ENOUGH = 0.95  # of what the header promises; an MP3's own count may be off by some frames
STREAMED_SIZES = (0, 0xFFFFFFFF)  # what a program writes into a RIFF header when it cannot know the size


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """Mono samples, float32 (n,), nominally within -1..1, with n > 0, at `rate` samples per second."""

    samples: NDArray[np.float32]
    rate: int

    def __post_init__(self) -> None:
        if self.samples.ndim != 1 or self.samples.dtype != np.float32 or not self.samples.size:
            raise ValueError(f"samples must be float32 (n,) with n > 0, not {self.samples.dtype} {self.samples.shape}.")
        if not 0 < self.rate <= MAX_RATE:
            raise ValueError(f"rate must be within 1..{MAX_RATE} Hz, not {self.rate}.")

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


def read_sound(source: Source, *, max_seconds: float | None = None) -> Sound:
    """Read a sound file; what it holds decides, not what it is called. Silence is a sound too.

    Args:
        source: a path, or a seekable binary file, which stays open.
        max_seconds: the longest window that is wanted; of a longer file its *middle* is read (openings and endings
            say least about a piece), and nothing else is decoded. None reads everything.

    Raises:
        MediaError: missing, empty, cut short, not a sound, or too long to be held (`MAX_FRAMES`).
    """
    name = name_of(source)
    with opened(source) as file:
        container = _aac_container(file)
        sound = _read_aac(file, container, name, max_seconds) if container else _read_plain(file, name, max_seconds)
    if not np.isfinite(sound.samples).all():
        raise MediaError(f"{name} holds samples that are not numbers.")
    return sound


def wav_bytes(sound: Sound) -> bytes:
    """The sound as a 16-bit mono WAV file; samples outside -1..1 are clipped."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(sound.rate)
        file.writeframes((np.clip(sound.samples, -1, 1) * 32767).round().astype("<i2").tobytes())
    return buffer.getvalue()


def _window(frames: int, rate: int, max_seconds: float | None, name: str) -> tuple[int, int]:
    """First frame and number of frames to read of a file of so many."""
    wanted = frames if max_seconds is None else min(frames, math.ceil(max_seconds * rate))
    if wanted > MAX_FRAMES:
        raise MediaError(f"{name} is too long to be read whole ({frames / rate / 60:.0f} minutes).")
    return (frames - wanted) // 2, wanted


def _read_plain(file: BinaryIO, name: str, max_seconds: float | None) -> Sound:
    """What libsndfile reads: WAV, AIFF, FLAC, Ogg Vorbis, Opus, MP3."""
    import soundfile

    _refuse_short_riff(file, name)
    try:
        with soundfile.SoundFile(file) as sound:
            if not 0 < sound.samplerate <= MAX_RATE:
                raise MediaError(f"{name} claims a sampling rate of {sound.samplerate} Hz.")
            start, wanted = _window(sound.frames, sound.samplerate, max_seconds, name)
            sound.seek(start)
            return Sound(_joined(_mono_blocks(sound, wanted), wanted, name), sound.samplerate)
    except soundfile.LibsndfileError as error:
        raise MediaError(f"{name} is not a sound file that can be read, or is damaged.") from error


def _mono_blocks(sound: Any, wanted: int) -> Iterator[NDArray[np.float32]]:
    """Mixed down block by block, so that many channels never stand in memory together."""
    while wanted > 0:
        block = sound.read(min(wanted, BLOCK_FRAMES), dtype="float32", always_2d=True)
        if not len(block):
            return
        wanted -= len(block)
        yield block.mean(axis=1)


def _refuse_short_riff(file: BinaryIO, name: str) -> None:
    """libsndfile takes a WAV file that was cut short for a shorter one."""
    head = file.read(8)
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    stated = int.from_bytes(head[4:], "little")
    if head[:4] == b"RIFF" and stated not in STREAMED_SIZES and size < ENOUGH * stated:
        raise MediaError(f"{name} is cut short: {size:,} of {stated + 8:,} bytes are there.")


def _joined(pieces: Iterable[NDArray[np.float32]], wanted: int, name: str) -> NDArray[np.float32]:
    samples = np.concatenate([np.zeros(0, np.float32), *pieces])[:wanted]
    if not samples.size:
        raise MediaError(f"{name} holds no sound that can be decoded.")
    if samples.size < ENOUGH * wanted:
        raise MediaError(f"{name} is cut short: {samples.size / wanted:.0%} of what it promises can be decoded.")
    return samples


def _aac_container(file: BinaryIO) -> str:
    """The container of AAC or ALAC that the first bytes announce ("mp4", "aac"), else ""."""
    head = file.read(12)
    file.seek(0)
    if head[4:8] == b"ftyp":
        return "mp4"
    return "aac" if head[:1] == b"\xff" and head[1:2] and head[1] & 0xF6 == 0xF0 else ""


def _read_aac(file: BinaryIO, container: str, name: str, max_seconds: float | None) -> Sound:
    try:
        import av
    except ImportError as error:
        raise MediaError(
            f'{name} is {container.upper()} sound, which needs PyAV: pip install "fairouz[m4a]".'
        ) from error
    try:
        # the format is named, not guessed: FFmpeg would also follow play lists to other files and hosts
        with av.open(file, format=container) as media:
            return _decoded(media, name, max_seconds)
    except av.FFmpegError as error:
        raise MediaError(f"{name} is not a sound file that can be read, or is damaged.") from error


def _decoded(media: Any, name: str, max_seconds: float | None) -> Sound:
    if not media.streams.audio:
        raise MediaError(f"{name} holds no sound.")
    stream = media.streams.audio[0]
    rate = stream.rate
    length = float(stream.duration * stream.time_base) if stream.duration else 0.0
    start, wanted = _window(int(length * rate), rate, max_seconds, name)
    if start:
        media.seek(int(start / rate / stream.time_base), stream=stream)
    return Sound(_joined(_mono_frames(media, stream, start, start + wanted), wanted, name), rate)


def _mono_frames(media: Any, stream: Any, start: int, end: int) -> Iterator[NDArray[np.float32]]:
    """Decoded frames between two sample numbers, mixed down."""
    from av import AudioResampler

    resampler = AudioResampler(format="fltp")
    for frame in media.decode(stream):
        first = round(float(frame.pts * frame.time_base) * stream.rate) if frame.pts is not None else start
        if first >= end:
            return
        for part in resampler.resample(frame):
            samples = part.to_ndarray().mean(axis=0)
            yield samples[max(0, start - first) : max(0, end - first)]
