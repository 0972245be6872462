"""Photos: upright, small, without the place they were taken; hostile files refused."""

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from marketplace.core.errors import InvalidInput
from marketplace.infra import images
from marketplace.infra.images import PHOTO_BYTES, prepare_photo, prepare_scan


def encoded(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **options)
    return target.getvalue()


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def halves(width: int = 1600, height: int = 1200) -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", (width, height), "red")
    ImageDraw.Draw(picture).rectangle((width // 2, 0, width, height), fill="blue")
    return picture


def with_gps(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "KAMERA-RAHASIA"
    exif.get_ifd(0x8825)[1] = "S"
    exif.get_ifd(0x8825)[2] = (2.0, 7.0, 45.0)
    return exif


def png_header(width: int, height: int) -> bytes:
    """A PNG that declares a size and holds nothing."""
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    idat = b"IDAT" + zlib.compress(b"")
    tail = struct.pack(">I", len(idat) - 4) + idat + struct.pack(">I", zlib.crc32(idat))
    return b"\x89PNG\r\n\x1a\n" + chunk + tail


def refusal(data: bytes) -> str:
    with pytest.raises(InvalidInput) as refused:
        prepare_photo(data)
    assert str(refused.value)
    return refused.value.msgid


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_photo_comes_out_in_two_small_sizes(kind: str) -> None:
    photo = prepare_photo(encoded(halves(), kind))
    large, small = opened(photo.webp_640), opened(photo.webp_320)
    assert (large.format, large.size, small.size) == ("WEBP", (640, 480), (320, 240))
    assert (photo.width, photo.height) == (640, 480)
    assert max(len(photo.webp_640), len(photo.webp_320)) <= PHOTO_BYTES


def test_a_small_photo_is_not_blown_up() -> None:
    photo = prepare_photo(encoded(halves(200, 100)))
    assert opened(photo.webp_640).size == (200, 100)


def test_a_photo_taken_sideways_is_turned_upright() -> None:
    photo = prepare_photo(encoded(halves(), exif=with_gps(orientation=6)))
    upright = opened(photo.webp_640).convert("RGB")
    assert upright.size == (480, 640)
    top, bottom = upright.getpixel((240, 40)), upright.getpixel((240, 600))
    assert isinstance(top, tuple)
    assert isinstance(bottom, tuple)
    assert top[0] > 200 > top[2]  # red was on the left, a quarter turn brings it to the top
    assert bottom[2] > 200 > bottom[0]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_the_place_a_photo_was_taken_is_gone(kind: str) -> None:
    source = encoded(halves(), kind, exif=with_gps(), icc_profile=b"profil" * 20)
    assert b"KAMERA-RAHASIA" in source
    assert opened(source).getexif().get_ifd(0x8825)
    photo = prepare_photo(source)
    for data in (photo.webp_640, photo.webp_320, prepare_scan(source)[1]):
        assert b"RAHASIA" not in data
        assert b"EXIF" not in data
        assert not opened(data).getexif()
        assert "icc_profile" not in opened(data).info


def test_what_is_appended_to_a_photo_is_gone() -> None:
    script = b"<script>alert(1)</script>"
    photo = prepare_photo(encoded(halves(), "GIF", comment=script) + script)
    assert b"script" not in photo.webp_640 + photo.webp_320


def test_a_busy_photo_is_kept_within_the_budget() -> None:
    noise = Image.effect_noise((1600, 1600), 120).convert("RGB")
    photo = prepare_photo(encoded(noise))
    assert len(photo.webp_640) <= PHOTO_BYTES
    assert len(photo.webp_320) <= PHOTO_BYTES
    assert opened(photo.webp_640).size == (photo.width, photo.height)


def test_see_through_parts_become_white() -> None:
    glass = Image.new("RGBA", (300, 300), (255, 0, 0, 0))
    pixel = opened(prepare_photo(encoded(glass, "PNG")).webp_640).convert("RGB").getpixel((9, 9))
    assert isinstance(pixel, tuple)
    assert min(pixel) > 250


def test_of_an_animation_the_first_frame_is_taken() -> None:
    second = Image.new("RGB", (1600, 1200), "lime")
    moving = encoded(halves(), "GIF", save_all=True, append_images=[second])
    still = opened(prepare_photo(moving).webp_640)
    assert getattr(still, "n_frames", 1) == 1
    pixel = still.convert("RGB").getpixel((40, 240))
    assert isinstance(pixel, tuple)
    assert pixel[0] > 200


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "I;16", "CMYK"])
def test_every_kind_of_pixel_is_understood(mode: str) -> None:
    kind = "JPEG" if mode == "CMYK" else "PNG"
    assert prepare_photo(encoded(Image.new(mode, (50, 50)), kind)).width == 50


@pytest.mark.parametrize("side", [5_001, 9_000, 13_000, 20_000, 2**31 - 1])
def test_a_photo_of_too_many_pixels_is_refused_from_its_header(side: int) -> None:
    assert refusal(png_header(side, side)) == images.TOO_MANY_PIXELS


def test_a_narrow_photo_within_the_limit_is_read() -> None:
    assert prepare_photo(encoded(Image.new("L", (10_000, 3)), "PNG")).height == 1


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", images.EMPTY),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", images.NOT_A_PHOTO),
        (b"<html><img src=x onerror=alert(1)>", images.NOT_A_PHOTO),
        (b"%PDF-1.7", images.NOT_A_PHOTO),
        (b"PK\x03\x04", images.NOT_A_PHOTO),
        (b"BM" + bytes(100), images.NOT_A_PHOTO),
        (b"%!PS-Adobe-3.0 EPSF-3.0", images.NOT_A_PHOTO),
        (bytes(24) + bytes(100), images.NOT_A_PHOTO),
        (b"\x00\x00\x00\x18ftypheic" + bytes(50), images.IPHONE),
        (b"x" * (images.MOST_BYTES + 1), images.TOO_BIG),
    ],
)
def test_what_is_no_photo_is_refused_with_a_reason(data: bytes, reason: str) -> None:
    assert refusal(data) == reason


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_cut_off_photo_is_refused(kind: str) -> None:
    whole = encoded(Image.effect_noise((300, 300), 90).convert("RGB"), kind)
    assert refusal(whole[: len(whole) // 2]) in {images.DAMAGED, images.NOT_A_PHOTO}


def test_a_photo_of_endless_passes_is_refused_undecoded() -> None:
    whole = encoded(halves(), "JPEG", progressive=True)
    start, end = whole.rindex(b"\xff\xda"), whole.rindex(b"\xff\xd9")
    assert refusal(whole[:end] + whole[start:end] * 200 + whole[end:]) == images.DAMAGED


def test_a_scan_is_a_pdf_as_it_is_or_a_picture_made_new() -> None:
    pdf = b"%PDF-1.7\n...\n%%EOF"
    assert prepare_scan(pdf) == ("application/pdf", pdf)
    media_type, data = prepare_scan(encoded(halves(4000, 3000)))
    assert media_type == "image/webp"
    assert opened(data).size == (1800, 1350)
    for other in (b"<html>%PDF-", b"MZ", b" %PDF-1.7"):
        with pytest.raises(InvalidInput) as refused:
            prepare_scan(other)
        assert refused.value.msgid == images.NOT_A_SCAN
    with pytest.raises(InvalidInput, match="too big"):
        prepare_scan(b"%PDF-" + bytes(images.MOST_BYTES))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_photo_with_any_byte_changed_is_a_photo_or_a_refusal(data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["JPEG", "PNG", "WEBP", "GIF"]))
    whole = bytearray(encoded(halves(64, 48), kind))
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=6)):
        whole[at] = data.draw(st.integers(0, 255))
    try:
        photo = prepare_photo(bytes(whole))
    except InvalidInput:
        return
    assert opened(photo.webp_640).size == (photo.width, photo.height)
