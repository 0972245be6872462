"""The picture under a shared link: small enough to be shown, and whole whatever it says."""

import io
import random

import pytest
from PIL import Image

from marketplace.infra.share_images import ShareCard, draw_share_image, shown


def card(**given: object) -> ShareCard:
    said = {
        "name": "Kemplang panggang tenggiri 250 g",
        "price": "Rp21.000 / bungkus",
        "producer": "Dapur Cinta",
        "place": "Kota Pangkalpinang",
        **given,
    }
    return ShareCard(**said)  # type: ignore[arg-type]


def noise() -> bytes:
    """The busiest photo there can be."""
    picture = Image.frombytes("RGB", (640, 640), random.Random(1).randbytes(640 * 640 * 3))
    target = io.BytesIO()
    picture.save(target, "WEBP", quality=70)
    return target.getvalue()


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"photo": noise()},
        {"photo": b"not a picture"},
        {"name": "Kerupuk " * 60, "producer": "Usaha " * 60, "photo": noise()},
        {"name": "W" * 10_000},
        {"name": "\u202e日本 😀", "price": "", "producer": "", "place": ""},
    ],
)
def test_every_card_is_a_small_jpeg_of_the_size_chats_show(said: dict[str, object]) -> None:
    data = draw_share_image(card(**said))
    assert len(data) <= 100 * 1024
    with Image.open(io.BytesIO(data)) as picture:
        picture.load()
        assert (picture.format, picture.size) == ("JPEG", (1200, 630))


def test_a_photo_stands_at_the_left() -> None:
    target = io.BytesIO()
    Image.new("RGB", (320, 640), (200, 30, 30)).save(target, "WEBP")
    with Image.open(io.BytesIO(draw_share_image(card(photo=target.getvalue())))) as picture:
        red, green, _blue = picture.getpixel((300, 300))  # type: ignore[misc]
    assert red > 150 > 80 > green


def test_signs_the_font_lacks_are_written_plainly_or_left_out() -> None:
    assert shown("Rempeyek – isi 6×½ \U0001f600 à la ñ") == "Rempeyek - isi 6x1/2 a la n"
