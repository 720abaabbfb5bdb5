"""Clips on disk: the same bytes for the same sound, and still a sound for whoever decodes them."""

import numpy as np
import pytest

from catalog.bundled.instruments import RATE
from catalog.bundled.make import write_clip
from catalog.bundled.notes import seed_of
from catalog.bundled.ogg import with_serial
from catalog.media.sound import read_sound

SOUND = (0.1 * seed_of("clip").standard_normal(2 * RATE)).astype(np.float32)


def written(path):
    write_clip(path, SOUND)
    return path.read_bytes()


def test_the_same_sound_gives_the_same_bytes(tmp_path):
    (tmp_path / "again").mkdir()
    assert written(tmp_path / "one.opus") == written(tmp_path / "again" / "one.opus")
    assert written(tmp_path / "one.opus") != written(tmp_path / "two.opus")  # another id, another serial number


def test_a_clip_decodes_to_what_was_written(tmp_path):
    """A decoder drops every page whose checksum is wrong."""
    written(tmp_path / "one.opus")
    sound = read_sound(tmp_path / "one.opus")
    assert (sound.rate, len(sound.samples)) == (RATE, len(SOUND))
    assert np.std(sound.samples) == pytest.approx(np.std(SOUND), rel=0.3)


def test_every_page_gets_the_serial_number(tmp_path):
    data = with_serial(written(tmp_path / "one.opus"), 0x01020304)
    starts = [at for at in range(len(data)) if data[at : at + 5] == b"OggS\0"]
    assert len(starts) >= 3
    assert {data[at + 14 : at + 18] for at in starts} == {b"\x04\x03\x02\x01"}


@pytest.mark.parametrize("broken", [b"RIFF" + bytes(60), b"Ogg", lambda data: data[:-1], lambda data: data[5:]])
def test_what_is_not_an_ogg_stream_is_refused(tmp_path, broken):
    data = broken(written(tmp_path / "one.opus")) if callable(broken) else broken
    with pytest.raises(ValueError, match="no whole Ogg page"):
        with_serial(data, 1)
