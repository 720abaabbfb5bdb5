"""Picture files: RGB, upright, over grey, and refused in one sentence."""

import io
import re
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from catalog.media import MediaError
from catalog.media.picture import read_picture
from tests.encoders.made import draw, encoded

KINDS = ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_read_as_rgb(kind):
    picture = read_picture(encoded(Image.new("RGB", (40, 30), (200, 100, 50)), kind))
    assert (picture.mode, picture.size) == ("RGB", (40, 30))
    assert all(abs(a - b) < 12 for a, b in zip(picture.getpixel((20, 15)), (200, 100, 50), strict=True))


def test_a_path_is_read_and_the_name_does_not_matter(tmp_path):
    path = tmp_path / "cover.gif"
    path.write_bytes(encoded(draw("sea", "disc"), "PNG").getvalue())
    assert read_picture(path).size == (320, 320)
    assert read_picture(str(path)).size == (320, 320)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_what_is_transparent_shows_neutral_grey(mode):
    clear = Image.new(mode, (8, 8), 0)
    assert read_picture(encoded(clear, "PNG")).getpixel((4, 4)) == (128, 128, 128)


def test_a_transparent_palette_colour_shows_neutral_grey():
    picture = Image.new("P", (8, 8), 0)
    picture.putpalette([255, 0, 0, 0, 255, 0])
    assert read_picture(encoded(picture, "PNG", transparency=0)).getpixel((4, 4)) == (128, 128, 128)


def test_half_transparent_white_is_half_way_to_grey():
    level = read_picture(encoded(Image.new("RGBA", (8, 8), (255, 255, 255, 128)), "PNG")).getpixel((4, 4))[0]
    assert level == pytest.approx((255 + 128) / 2, abs=2)


@pytest.mark.parametrize("mode", ["1", "L", "CMYK", "P"])
def test_other_colour_modes_become_rgb(mode):
    file = encoded(Image.new(mode, (8, 8)), "JPEG" if mode == "CMYK" else "PNG")
    assert read_picture(file).mode == "RGB"


def test_sixteen_bits_are_scaled_not_clipped():
    level = read_picture(encoded(Image.new("I;16", (8, 8), 32768), "PNG")).getpixel((4, 4))[0]
    assert level == pytest.approx(128, abs=1)


def test_exif_orientation_is_obeyed():
    picture = Image.new("RGB", (40, 20), (0, 0, 255))
    picture.paste((255, 0, 0), (0, 0, 20, 20))
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned a quarter clockwise
    turned = read_picture(encoded(picture, "JPEG", exif=exif, quality=95))
    assert turned.size == (20, 40)
    assert turned.getpixel((10, 5))[0] > 200 > 50 > turned.getpixel((10, 35))[0]


def test_an_open_file_stays_open():
    file = encoded(draw("fire", "disc"), "PNG")
    read_picture(file)
    assert not file.closed
    assert read_picture(file).size == (320, 320)


def bomb(width: int, height: int) -> bytes:
    """A PNG header that announces a large picture."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("side", [8_000, 10_000, 60_000])
def test_a_bomb_is_refused_before_it_is_decoded(side):
    with pytest.raises(MediaError, match="too large"):
        read_picture(io.BytesIO(bomb(side, side)))


def test_the_limit_is_the_callers():
    file = encoded(Image.new("RGB", (100, 100)), "PNG")
    assert read_picture(file, max_pixels=10_000).size == (100, 100)
    with pytest.raises(MediaError, match="too large"):
        read_picture(file, max_pixels=9_999)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_picture_that_was_cut_short_is_refused(kind):
    whole = encoded(draw("wood", "stripes"), kind).getvalue()
    with pytest.raises(MediaError, match=r"cut short|known kind"):
        read_picture(io.BytesIO(whole[: len(whole) // 2]))


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "empty"),
        (b"hello" * 50, "known kind"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "known kind"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "known kind"),
    ],
)
def test_what_is_no_picture_is_refused_by_name(tmp_path, content, word):
    path = tmp_path / "cover.jpg"
    path.write_bytes(content)
    with pytest.raises(MediaError) as error:
        read_picture(path)
    assert re.fullmatch(r"cover\.jpg [^\n]+[.]", str(error.value))
    assert word in str(error.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(MediaError, match="cannot be opened"):
        read_picture(tmp_path / "absent.png")


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_damage_anywhere_gives_a_picture_or_a_media_error(data):
    content = bytearray(encoded(draw("sea", "corner", size=48), data.draw(st.sampled_from(KINDS))).getvalue())
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        picture = read_picture(io.BytesIO(bytes(content)), max_pixels=100_000)
    except MediaError:
        return
    assert picture.mode == "RGB"
