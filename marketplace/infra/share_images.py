"""The picture a chat shows under a shared link: a quiet card with a name, a price and a place.

WhatsApp shows a JPEG or PNG of about 1200 x 630 pixels and leaves out large or WebP ones, so every
product has one drawn for it, with its photo where it has one. Pure but for the font, which comes
with Pillow.
"""

import io
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from PIL import Image, ImageDraw, ImageFont, ImageOps

WIDTH, HEIGHT = 1200, 630
MOST_BYTES = 100 * 1024

# The colours of the style sheet (css/app.css: --paper, --line, --ink, --ink-soft, --sea, --act-ink)
_PAPER, _LINE, _INK = "#fbfaf7", "#dcd7ca", "#1d2a2e"
_SOFT, _SEA, _ACT = "#55646a", "#0f6b6b", "#96401b"
_MARGIN = 72
_PHOTO = HEIGHT  # a square at the left edge
_QUALITIES = (85, 75, 60, 45, 30, 15)
_LONGEST = 300  # characters of any text that are looked at
# Marks the font lacks, by what reads the same.
_LIKE = str.maketrans({"–": "-", "—": "-", "×": "x", "²": "2", "³": "3", "½": "1/2", "¼": "1/4"})
_MISSING = "\uffff"


@dataclass(frozen=True, slots=True)
class ShareCard:
    """What the picture says, in words everybody may read; `photo` is an encoded picture or b""."""

    name: str
    price: str
    producer: str
    place: str
    photo: bytes = b""


@lru_cache(maxsize=64)
def draw_share_image(card: ShareCard) -> bytes:
    """A JPEG of 1200 x 630 pixels, at most 100 KB. A photo that cannot be read is left out."""
    image = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    photo = _square(card.photo)
    left = _MARGIN
    if photo is not None:
        image.paste(photo, (0, 0))
        left = _PHOTO + 56
    _write(ImageDraw.Draw(image), card, left, large=photo is None)
    return _jpeg(image)


def _square(encoded: bytes) -> Image.Image | None:
    if not encoded:
        return None
    try:
        with Image.open(io.BytesIO(encoded), formats=("WEBP", "JPEG", "PNG")) as picture:
            return ImageOps.fit(picture.convert("RGB"), (_PHOTO, _PHOTO))
    except (OSError, ValueError, Image.DecompressionBombError):
        return None


def _write(draw: ImageDraw.ImageDraw, card: ShareCard, left: int, *, large: bool) -> None:
    width = WIDTH - _MARGIN - left
    name, lines = _fitted(shown(card.name) or "Temu Gerai", width, large=large)
    y: float = _MARGIN
    for line in lines:
        draw.text((left, y), line, _INK, font=name, stroke_width=0.6)
        y += name.size * 1.2
    price = _sized(shown(card.price), width, 58 if large else 46)
    draw.text((left, y + 22), _cut(shown(card.price), price, width), _ACT, font=price)

    _mark(draw, left, HEIGHT - _MARGIN)
    small = _font(32)
    y = HEIGHT - _MARGIN - 76
    for text in (shown(card.place), shown(card.producer)):
        y -= 44
        draw.text((left, y), _cut(text, small, width), _SOFT, font=small)
    draw.line((left, HEIGHT - _MARGIN - 58, left + width, HEIGHT - _MARGIN - 58), _LINE, 2)


def _fitted(text: str, width: int, *, large: bool) -> tuple[Any, list[str]]:
    """The largest type in which a name stands whole; the smallest cuts what is too long."""
    for size, most in ((76, 2), (64, 3), (54, 3)) if large else ((56, 3), (46, 4), (40, 5)):
        font = _font(size)
        lines = _wrapped(text, font, width)
        if len(lines) <= most:
            return font, lines
    rest = " ".join(lines[most - 1 :])
    return font, [*lines[: most - 1], _cut(rest, font, width)]


def _wrapped(text: str, font: Any, width: int) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and font.getlength(f"{lines[-1]} {word}") <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(_cut(word, font, width))
    return lines


def _cut(text: str, font: Any, width: int) -> str:
    if font.getlength(text) <= width:
        return text
    while text and font.getlength(f"{text}…") > width:
        text = text[:-1].rstrip()
    return f"{text}…"


def _sized(text: str, width: int, largest: int) -> Any:
    for size in range(largest, 30, -4):
        if _font(size).getlength(text) <= width:
            return _font(size)
    return _font(30)


def _mark(draw: ImageDraw.ImageDraw, left: int, bottom: int) -> None:
    """The awning of the site's sign, and its name."""
    top = bottom - 34
    draw.polygon([(left + 6, top), (left + 38, top), (left + 44, top + 13), (left, top + 13)], _SEA)
    for scallop in range(4):
        x = left + scallop * 11
        draw.pieslice((x, top + 6, x + 11, top + 20), 0, 180, _SEA)
    draw.rectangle((left + 6, top + 24, left + 16, bottom), _SEA)
    draw.rectangle((left + 28, top + 24, left + 38, bottom), _SEA)
    draw.text((left + 58, top - 4), "Temu Gerai", _SEA, font=_font(34), stroke_width=0.5)


def shown(text: str) -> str:
    """The text in letters the font has: accents taken off, signs it lacks left out."""
    plain = unicodedata.normalize("NFKD", text[:_LONGEST].translate(_LIKE))
    return " ".join("".join(filter(_has_glyph, plain)).split())


def _has_glyph(char: str) -> bool:
    return char.isspace() or (char.isprintable() and _drawn(char) != _drawn(_MISSING))


@lru_cache(maxsize=1_000)
def _drawn(char: str) -> bytes:
    return bytes(_font(20).getmask(char))


@lru_cache(maxsize=32)
def _font(size: int) -> Any:
    return ImageFont.load_default(size)


def _jpeg(image: Image.Image) -> bytes:
    encoded = b""
    for quality in _QUALITIES:
        target = io.BytesIO()
        image.save(target, "JPEG", quality=quality, optimize=True)
        encoded = target.getvalue()
        if len(encoded) <= MOST_BYTES:
            break
    return encoded
