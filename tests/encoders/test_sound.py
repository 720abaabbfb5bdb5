"""Sound files: what can be read is read alike whatever its kind, and what cannot is refused in one sentence."""

import io
import re
import struct
import sys
import wave

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.media import MediaError
from catalog.media.sound import Sound, read_sound, wav_bytes
from tests.encoders.made import noise, silence

soundfile = pytest.importorskip("soundfile", reason="needs the extra [audio]")

KINDS = [("WAV", "PCM_16"), ("FLAC", "PCM_16"), ("AIFF", "PCM_16"), ("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", None)]


def written(samples: np.ndarray, kind: str, subtype: str | None = None, rate: int = 48_000) -> io.BytesIO:
    file = io.BytesIO()
    soundfile.write(file, samples, rate, format=kind, subtype=subtype)
    return file


def tone(seconds: float, pitch: float = 440.0, rate: int = 48_000) -> np.ndarray:
    return (0.4 * np.sin(2 * np.pi * pitch * np.arange(int(seconds * rate)) / rate)).astype(np.float32)


def one_sentence(error: pytest.ExceptionInfo[MediaError]) -> str:
    text = str(error.value)
    assert re.fullmatch(r"[^\n]+[.]", text)
    return text


@pytest.mark.parametrize(("kind", "subtype"), KINDS)
def test_every_kind_gives_mono_float_samples(kind, subtype):
    sound = read_sound(written(np.stack([tone(2), np.zeros_like(tone(2))], axis=1), kind, subtype))
    assert (sound.rate, sound.samples.dtype, sound.samples.ndim) == (48_000, np.float32, 1)
    assert sound.seconds == pytest.approx(2, abs=0.1)
    assert sound.samples.std() == pytest.approx(0.2 / np.sqrt(2), rel=0.05)  # the mean of a tone and silence


@pytest.mark.parametrize(("kind", "subtype"), KINDS)
def test_of_a_long_sound_the_middle_is_read(kind, subtype):
    parts = np.concatenate([tone(4, 300), tone(2, 1000), tone(4, 3000)])
    sound = read_sound(written(parts, kind, subtype), max_seconds=1.0)
    assert sound.seconds == pytest.approx(1.0, abs=0.01)
    spectrum = np.abs(np.fft.rfft(sound.samples))
    assert spectrum.argmax() * sound.rate / len(sound.samples) == pytest.approx(1000, abs=5)


def test_the_name_of_a_file_does_not_matter(tmp_path):
    path = tmp_path / "really a wav.mp3"
    path.write_bytes(written(tone(1), "WAV").getvalue())
    assert read_sound(path).seconds == 1
    assert read_sound(str(path)).seconds == 1


def test_silence_is_a_sound():
    sound = read_sound(written(np.zeros(48_000, np.float32), "FLAC"))
    assert not sound.samples.any()


def test_an_open_file_stays_open():
    file = written(tone(1), "WAV")
    read_sound(file)
    assert not file.closed
    assert read_sound(file).seconds == 1


@pytest.mark.parametrize(("kind", "subtype"), [("WAV", "PCM_16"), ("FLAC", "PCM_16"), ("OGG", "VORBIS"), ("MP3", None)])
def test_a_file_that_was_cut_short_is_refused(kind, subtype):
    whole = written(tone(5), kind, subtype).getvalue()
    with pytest.raises(MediaError) as error:
        read_sound(io.BytesIO(whole[: len(whole) // 2]))
    assert re.search("cut short|damaged|no sound", one_sentence(error))


def test_a_wav_file_written_to_a_pipe_is_not_taken_for_one_cut_short():
    data = bytearray(written(tone(1), "WAV").getvalue())
    data[4:8] = struct.pack("<I", 0xFFFFFFFF)
    assert read_sound(io.BytesIO(bytes(data))).seconds == 1


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"not a sound at all" * 100, "not a sound"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 200, "not a sound"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "cut short"),
        (b"\xff\xfb\x90\x00" + b"\0" * 50, "not a sound"),
    ],
)
def test_what_is_no_sound_is_refused_by_name(tmp_path, content, word):
    path = tmp_path / "song.mp3"
    path.write_bytes(content)
    with pytest.raises(MediaError) as error:
        read_sound(path)
    assert "song.mp3" in one_sentence(error)
    assert word in str(error.value)
    assert str(tmp_path) not in str(error.value)


def test_a_sound_without_samples_is_refused():
    with pytest.raises(MediaError, match="no sound"):
        read_sound(written(np.zeros(0, np.float32), "WAV"))


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    for path in (tmp_path / "absent.wav", tmp_path):
        with pytest.raises(MediaError, match="cannot be opened"):
            read_sound(path)


def test_hours_of_sound_are_read_in_part_only():
    file = written(np.zeros(8000 * 3600 * 3, np.uint8).astype(np.int16), "FLAC", rate=8000)  # three hours
    assert read_sound(file, max_seconds=30).seconds == 30
    with pytest.raises(MediaError, match="180 minutes"):
        read_sound(file)


def test_samples_that_are_not_numbers_are_refused():
    samples = tone(1)
    samples[100] = np.nan
    with pytest.raises(MediaError, match="not numbers"):
        read_sound(written(samples, "WAV", "FLOAT"))


def m4a(samples: np.ndarray, rate: int = 44_100) -> io.BytesIO:
    av = pytest.importorskip("av", reason="needs the extra [m4a]")
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=rate, layout="mono")
        frame = av.AudioFrame.from_ndarray(samples[None], format="fltp", layout="mono")
        frame.rate = rate
        for packet in (*stream.encode(frame), *stream.encode(None)):
            container.mux(packet)
    return file


def test_m4a_is_read_and_windowed():
    file = m4a(np.concatenate([tone(4, 300, 44_100), tone(2, 1000, 44_100), tone(4, 3000, 44_100)]))
    assert read_sound(file).seconds == pytest.approx(10, abs=0.1)
    middle = read_sound(file, max_seconds=1)
    assert middle.seconds == pytest.approx(1, abs=0.01)
    assert np.abs(np.fft.rfft(middle.samples)).argmax() == pytest.approx(1000, abs=5)


def test_a_damaged_m4a_is_refused():
    data = m4a(tone(3, rate=44_100)).getvalue()
    with pytest.raises(MediaError, match="damaged"):
        read_sound(io.BytesIO(data[: len(data) // 2]))


def test_without_pyav_m4a_is_refused_with_the_way_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(MediaError) as error:
        read_sound(io.BytesIO(b"\0\0\0\x20ftypM4A " + bytes(100)))
    assert "fairouz[m4a]" in one_sentence(error)


def test_wav_bytes_are_a_wav_file_of_the_same_sound():
    sound = Sound(tone(1), 48_000)
    with wave.open(io.BytesIO(wav_bytes(sound))) as file:
        assert (file.getnchannels(), file.getframerate(), file.getnframes()) == (1, 48_000, 48_000)
    again = read_sound(io.BytesIO(wav_bytes(sound)))
    np.testing.assert_allclose(again.samples, sound.samples, atol=1e-4)


def test_wav_bytes_clip_what_is_too_loud():
    again = read_sound(io.BytesIO(wav_bytes(Sound(np.array([5, -5, 0.5], np.float32), 8000))))
    np.testing.assert_allclose(again.samples, [1, -1, 0.5], atol=1e-3)


@pytest.mark.parametrize(
    ("samples", "rate"),
    [
        (np.zeros((2, 3), np.float32), 8000),
        (np.zeros(3), 8000),
        (np.zeros(0, np.float32), 8000),
        (np.zeros(3, np.float32), 0),
    ],
)
def test_a_sound_is_checked_when_it_is_made(samples, rate):
    with pytest.raises(ValueError, match=r"samples must|rate must"):
        Sound(samples, rate)


def test_seconds_follow_from_samples_and_rate():
    assert silence(1.5, rate=8000).seconds == 1.5
    assert noise(2).seconds == 2


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_anywhere_gives_a_sound_or_a_media_error(data):
    kind, subtype = data.draw(st.sampled_from(KINDS))
    content = bytearray(written(tone(0.3), kind, subtype).getvalue())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(1, len(content))) :]
    try:
        sound = read_sound(io.BytesIO(bytes(content)), max_seconds=1)
    except MediaError:
        return
    assert np.isfinite(sound.samples).all()
    assert 0 < sound.seconds <= 1.01
