"""Photos and scans as they leave a phone, made small and safe to serve.

Nothing of the uploaded file survives but its pixels: re-encoding removes EXIF with its GPS
position, comments, colour profiles, and whatever was appended to look like another type.
"""

import io
import threading
from dataclasses import dataclass

from PIL import Image, ImageOps

from marketplace.core.errors import InvalidInput
from marketplace.core.text import N_

MEGABYTE = 1 << 20
MOST_BYTES = 10 * MEGABYTE
MOST_PIXELS = 25_000_000
PHOTO_BYTES = 30 * 1024  # the page budget, experience.md section 9
LARGE, SMALL, SCAN = 640, 320, 1800  # pixels on the longer side

EMPTY = N_("The file is empty")
TOO_BIG = N_("The file is too big: at most %(most)s MB")
NOT_A_PHOTO = N_("This is not a photo: send a JPEG, PNG or WebP picture")
NOT_A_SCAN = N_("Send the paper as a PDF, or as a JPEG, PNG or WebP photo")
IPHONE = N_("This is an iPhone HEIC photo: choose JPEG (Most Compatible) in the camera settings")
TOO_MANY_PIXELS = N_("The photo has too many pixels: at most 25 megapixels")
DAMAGED = N_("The photo is damaged: take or save it again")

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
_QUALITIES = (70, 60, 50, 40, 30)
_WHITE = (255, 255, 255)
# A progressive JPEG of a few kilobytes can hold thousands of passes over all its pixels.
_MOST_SCANS = 100
# A full-size picture takes about 100 MB while it is decoded.
_AT_ONCE = threading.BoundedSemaphore(2)


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo in the two sizes pages use; `width` and `height` are of the larger, in pixels."""

    webp_640: bytes
    webp_320: bytes
    width: int
    height: int


def prepare_photo(data: bytes) -> Photo:
    """Turn an uploaded picture upright, shrink it and encode it as WebP, 30 KB each if possible.

    Of an animation the first frame is taken. Raises InvalidInput for what is no picture, is over
    10 MB or over 25 megapixels (read from the header, before anything is decoded).
    """
    with _AT_ONCE:
        large = _upright(data, LARGE, otherwise=NOT_A_PHOTO)
        small = large.copy()
        small.thumbnail((SMALL, SMALL))
        encoded, (width, height) = _within_budget(large)
        return Photo(encoded, _within_budget(small)[0], width, height)


def prepare_scan(data: bytes) -> tuple[str, bytes]:
    """Return the media type and bytes of a paper's scan: a PDF as it is, a picture re-encoded.

    A PDF is only recognised, not opened: it must be served as an attachment with `nosniff`.
    """
    _check_size(data)
    if data.startswith(b"%PDF-"):
        return "application/pdf", data
    with _AT_ONCE:
        return "image/webp", _webp(_upright(data, SCAN, otherwise=NOT_A_SCAN), 75)


def _check_size(data: bytes) -> None:
    if not data:
        raise InvalidInput(EMPTY)
    if len(data) > MOST_BYTES:
        raise InvalidInput(TOO_BIG, most=MOST_BYTES // MEGABYTE)


def _upright(data: bytes, longest: int, *, otherwise: str) -> Image.Image:
    """The first frame as a new RGB image, turned by its EXIF, at most `longest` on a side."""
    _check_size(data)
    if data[4:8] == b"ftyp" and data[8:12] in {b"heic", b"heix", b"hevc", b"mif1", b"msf1"}:
        raise InvalidInput(IPHONE)
    try:
        picture = Image.open(io.BytesIO(data), formats=_FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise InvalidInput(TOO_MANY_PIXELS) from error
    except Exception as error:  # decoders raise anything at all on hostile bytes
        raise InvalidInput(otherwise) from error
    with picture:
        if picture.width * picture.height > MOST_PIXELS:
            raise InvalidInput(TOO_MANY_PIXELS)
        if picture.format == "JPEG" and data.count(b"\xff\xda") > _MOST_SCANS:
            raise InvalidInput(DAMAGED)
        try:
            return _shrunk(picture, longest)
        except Exception as error:  # as above: truncated, lying or hostile content
            raise InvalidInput(DAMAGED) from error


def _shrunk(picture: Image.Image, longest: int) -> Image.Image:
    # A JPEG is decoded at a fraction of its size where that is enough.
    picture.draft("RGB", (longest * 2, longest * 2))
    has_alpha = picture.has_transparency_data
    turned = ImageOps.exif_transpose(picture).convert("RGBA" if has_alpha else "RGB")
    turned.thumbnail((longest, longest), reducing_gap=2.0)
    # A new image: its pixels are all it has in common with the uploaded one.
    fresh = Image.new("RGB", turned.size, _WHITE)
    fresh.paste(turned, mask=turned if has_alpha else None)
    return fresh


def _within_budget(image: Image.Image) -> tuple[bytes, tuple[int, int]]:
    """The best quality that fits the page budget; a very busy picture is made smaller as well."""
    for quality in _QUALITIES:
        encoded = _webp(image, quality)
        if len(encoded) <= PHOTO_BYTES:
            return encoded, image.size
    if max(image.size) <= SMALL // 2:
        return encoded, image.size
    smaller = image.copy()
    smaller.thumbnail((image.width * 3 // 4, image.height * 3 // 4))
    return _within_budget(smaller)


def _webp(image: Image.Image, quality: int) -> bytes:
    target = io.BytesIO()
    image.save(target, "WEBP", quality=quality, method=4)
    return target.getvalue()
