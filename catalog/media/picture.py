"""Picture files read safely: RGB, upright, of bounded size."""

from typing import TYPE_CHECKING

from catalog.media import MediaError, Source, name_of, opened

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["MAX_PIXELS", "read_picture"]

MAX_PIXELS = 50_000_000
NEUTRAL = (128, 128, 128)  # shows through where a picture is transparent
# the formats that covers come in; others (EPS, say) would start programs or have had a bad record
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")


def read_picture(source: Source, *, max_pixels: int = MAX_PIXELS) -> "Image":
    """Read a picture as RGB, turned as its EXIF orientation says, transparent parts over neutral grey.

    Args:
        source: a path, or a seekable binary file, which stays open.
        max_pixels: a picture whose header announces more is refused before anything is decoded.

    Raises:
        MediaError: missing, empty, cut short, not a picture in one of `FORMATS`, or too large.
    """
    from PIL import Image, UnidentifiedImageError

    name = name_of(source)
    too_large = MediaError(f"{name} is too large: a picture may have {max_pixels / 1e6:g} megapixels.")
    with opened(source) as file:
        try:
            with Image.open(file, formats=FORMATS) as picture:
                if picture.width * picture.height > max_pixels:
                    raise too_large
                return _upright_rgb(picture)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise too_large from error
        except UnidentifiedImageError as error:
            raise MediaError(f"{name} is not a picture of a known kind ({', '.join(FORMATS)}).") from error
        except MediaError:
            raise
        except (OSError, SyntaxError, ValueError, EOFError) as error:  # what Pillow's decoders raise on damage
            raise MediaError(f"{name} is a damaged or cut short picture.") from error


def _upright_rgb(picture: "Image") -> "Image":
    from PIL import Image, ImageOps

    picture.load()
    picture = ImageOps.exif_transpose(picture)
    if picture.mode.startswith("I;16"):
        picture = picture.point(lambda value: value / 256).convert("L")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    rgba = picture.convert("RGBA")
    ground = Image.new("RGBA", rgba.size, (*NEUTRAL, 255))
    return Image.alpha_composite(ground, rgba).convert("RGB")
