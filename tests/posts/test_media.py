"""Pictures: only what can be re-encoded is taken, and nothing but its pixels is kept."""

import random
import struct
import zlib
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.test import Client
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from posts import media
from posts.media import MAX_BYTES, MediaError, content_name, keep, opened, store
from tests.factories import make_image_bytes, make_media

SECRET = b"37.566N 126.978E"


def picture_file(picture: Image.Image, kind: str = "PNG", **options: object) -> BytesIO:
    file = BytesIO()
    picture.save(file, kind, **options)
    return BytesIO(file.getvalue())


def stored_files() -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in Path(settings.MEDIA_ROOT).glob("*")}


def test_a_picture_is_kept_as_webp_in_several_widths() -> None:
    stored = store(BytesIO(make_image_bytes("JPEG", (2000, 1000))))
    assert (stored.width, stored.height, stored.widths) == (2000, 1000, [480, 960, 1600])
    sizes = {name: Image.open(BytesIO(data)).size for name, data in stored_files().items()}
    stem = stored.name.removesuffix(".webp")
    assert sizes == {
        stored.name: (2000, 1000),
        f"{stem}-480.webp": (480, 240),
        f"{stem}-960.webp": (960, 480),
        f"{stem}-1600.webp": (1600, 800),
    }


def test_a_small_picture_needs_no_renditions() -> None:
    assert store(BytesIO(make_image_bytes(size=(480, 300)))).widths == []
    assert len(stored_files()) == 1


@pytest.mark.parametrize(
    ("size", "kept"),
    [((4800, 3200), (2400, 1600)), ((1200, 12000), (960, 9600)), ((20000, 2), (2400, 1)), ((1, 19000), (1, 9600))],
)
def test_a_large_picture_is_kept_smaller(size: tuple[int, int], kept: tuple[int, int]) -> None:
    stored = store(BytesIO(make_image_bytes(size=size)))
    assert (stored.width, stored.height) == kept


@pytest.mark.parametrize(
    ("kind", "mode"),
    [("JPEG", mode) for mode in ("RGB", "L", "CMYK")]
    + [("PNG", mode) for mode in ("RGB", "RGBA", "L", "LA", "P", "1", "I;16")]
    + [("WEBP", mode) for mode in ("RGB", "RGBA")]
    + [("GIF", mode) for mode in ("L", "P", "1")],
)
def test_every_kind_of_pixel_is_shown_as_it_was(kind: str, mode: str) -> None:
    source = Image.linear_gradient("L").resize((64, 64))
    if mode == "I;16":
        source = source.convert("I").point(lambda value: value * 257).convert(mode)
    elif mode != "L":
        source = source.convert("RGB").convert(mode)
    file = picture_file(source, kind)
    kept = opened(file.read())
    assert kept.mode in {"RGB", "RGBA"}
    dark, light = (kept.convert("L").resize((1, 2), Image.Resampling.BOX).getpixel((0, row)) for row in (0, 1))
    assert 50 < dark < 78
    assert 178 < light < 204


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "LA"), ("WEBP", "RGBA")])
def test_transparency_is_kept(kind: str, mode: str) -> None:
    kept = opened(picture_file(Image.new("RGBA", (8, 8), (200, 0, 0, 0)).convert(mode), kind).read())
    assert kept.mode == "RGBA"
    assert kept.getpixel((4, 4))[3] == 0


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_stands_upright(orientation: int) -> None:
    upright = Image.new("RGB", (40, 20), "black")
    upright.paste("red", (0, 0, 20, 10))
    undo = {5: 5, 6: 8, 7: 7, 8: 6}.get(orientation, orientation)
    lying = upright.transpose(media.UPRIGHT[undo]) if undo > 1 else upright
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    kept = opened(picture_file(lying, "PNG", exif=exif).read())
    assert kept.size == (40, 20)
    assert kept.getpixel((5, 5)) == (255, 0, 0)
    assert kept.getpixel((35, 15)) == (0, 0, 0)


def test_colours_are_kept_when_their_profile_goes() -> None:
    """In a profile with its green and blue exchanged, green means blue."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    green, blue = profile.index(b"gXYZ", 128), profile.index(b"bXYZ", 128)
    profile[green : green + 4], profile[blue : blue + 4] = b"bXYZ", b"gXYZ"
    file = picture_file(Image.new("RGB", (8, 8), (0, 255, 0)), "PNG", icc_profile=bytes(profile))
    kept = opened(file.read())
    red, green, blue = kept.getpixel((4, 4))
    assert blue > 200 > green
    assert "icc_profile" not in kept.info


def test_a_profile_that_makes_no_sense_is_disregarded() -> None:
    file = picture_file(Image.new("RGB", (8, 8), (0, 255, 0)), "PNG", icc_profile=b"nonsense" * 40)
    assert opened(file.read()).getpixel((4, 4)) == (0, 255, 0)


def secretive(kind: str) -> bytes:
    """A picture with the same secret in every place that its format has for metadata."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = SECRET.decode()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSMapDatum] = SECRET.decode()
    text = PngImagePlugin.PngInfo()
    for add in (text.add_text, text.add_itxt):
        add("Comment", SECRET.decode())
    options: dict[str, dict[str, object]] = {
        "JPEG": {"comment": SECRET, "xmp": b"<x>" + SECRET + b"</x>"},
        "PNG": {"pnginfo": text},
        "WEBP": {"xmp": b"<x>" + SECRET + b"</x>"},
        "GIF": {"comment": SECRET},
    }
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    picture = Image.new("RGB", (600, 400), "teal")
    return picture_file(
        picture, kind, **({} if kind == "GIF" else {"exif": exif, "icc_profile": bytes(profile)}), **options[kind]
    ).read()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_nothing_but_the_pixels_is_kept(kind: str) -> None:
    original = secretive(kind)
    assert SECRET in original
    store(BytesIO(original + SECRET))
    assert len(stored_files()) == 2
    for data in stored_files().values():
        assert SECRET not in data
        assert b"ICCP" not in data
        assert b"EXIF" not in data
        with Image.open(BytesIO(data)) as picture:
            assert not picture.getexif()
            assert set(picture.info) <= {"loop", "background", "timestamp", "duration"}


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_a_moving_picture_the_first_frame_is_kept(kind: str) -> None:
    frames = [Image.new("RGB", (40, 30), colour) for colour in ("red", "blue", "green")]
    kept = opened(picture_file(frames[0], kind, save_all=True, append_images=frames[1:]).read())
    assert kept.getpixel((20, 15))[:3] == pytest.approx((255, 0, 0), abs=3)
    assert getattr(kept, "n_frames", 1) == 1


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"hello",
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        b"\x89PNG\r\n\x1a\n",
        b"GIF89a",
        make_image_bytes("JPEG", (200, 200))[:400],
        make_image_bytes("BMP"),
        make_image_bytes("TIFF"),
        make_image_bytes("PDF"),
    ],
    ids=["empty", "text", "svg", "only the head of a PNG", "only the head of a GIF", "cut off", "BMP", "TIFF", "PDF"],
)
def test_what_is_no_whole_picture_of_the_known_formats_is_refused(data: bytes) -> None:
    with pytest.raises(MediaError, match="not a JPEG, PNG, WebP or GIF"):
        store(BytesIO(data))
    assert stored_files() == {}


def test_a_name_does_not_make_a_picture() -> None:
    file = BytesIO(b"<?php phpinfo(); ?>")
    file.name = "picture.png"
    with pytest.raises(MediaError):
        store(file)


def png_bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that claims to be large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(10**6)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(5001, 5000), (9600, 9600), (20_000, 20_000), (2**31 - 1, 1), (2**31 - 1, 2**31 - 1)])
def test_too_many_pixels_are_refused_before_they_are_decoded(size: tuple[int, int], monkeypatch) -> None:
    monkeypatch.setattr(media, "bare", lambda picture: pytest.fail("decoded"))
    with pytest.raises(MediaError, match="too many pixels"):
        store(BytesIO(png_bomb(*size)))


def test_a_jpeg_may_be_larger_for_it_is_decoded_at_a_fraction_of_its_size(monkeypatch) -> None:
    shrunk = []
    thumbnail = Image.Image.thumbnail
    monkeypatch.setattr(Image.Image, "thumbnail", lambda self, size: (shrunk.append(self.size), thumbnail(self, size)))
    opened(make_image_bytes("JPEG", (7200, 4800)))
    assert shrunk == [(3600, 2400)] or shrunk == [(2700, 1800)]
    with pytest.raises(MediaError, match="too many pixels"):
        opened(make_image_bytes("JPEG", (7800, 7800)))


def test_a_file_of_too_many_bytes_is_refused() -> None:
    with pytest.raises(MediaError, match="larger than 20 MB"):
        store(BytesIO(make_image_bytes() + bytes(MAX_BYTES)))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_a_damaged_file_is_refused_or_read_but_never_breaks_anything(kind: str) -> None:
    whole = secretive(kind)
    chance = random.Random(kind)  # noqa: S311  only to break files
    for _attempt in range(60):
        damaged = bytearray(whole)
        for _byte in range(chance.randint(1, 12)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        with suppress(MediaError):
            opened(bytes(damaged[: chance.randrange(len(damaged))] if chance.random() < 0.3 else damaged))


def test_the_same_picture_is_kept_once() -> None:
    data = make_image_bytes(size=(700, 400))
    assert store(BytesIO(data)) == store(BytesIO(data))
    assert len(stored_files()) == 2


def test_a_file_left_unfinished_is_written_anew() -> None:
    data = make_image_bytes()
    default_storage.save(content_name(data), BytesIO(b"half a fi"))
    stored = store(BytesIO(data))
    assert list(stored_files()) == [stored.name]
    assert stored_files()[stored.name][8:12] == b"WEBP"


def test_names_say_nothing_of_the_file(client: Client) -> None:
    stored = keep(content_name(b"x"), opened(make_image_bytes(size=(700, 500))))
    assert media.NAME.fullmatch(stored.name)
    assert media.NAME.fullmatch(media.rendition_name(stored.name, 480))


@pytest.mark.django_db
def test_a_picture_is_served_for_ever_and_nothing_in_it_can_run(client: Client) -> None:
    picture = make_media()
    for address in (picture.url, picture.thumbnail):
        answer = client.get(address)
        assert answer.status_code == 200
        assert b"".join(answer)[8:12] == b"WEBP"
        assert answer["Content-Type"] == "image/webp"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert not answer.cookies


@pytest.mark.django_db
def test_a_picture_is_served_for_head_and_whole_for_a_range(client: Client) -> None:
    picture = make_media()
    head, part = client.head(picture.url), client.get(picture.url, headers={"range": "bytes=0-9"})
    assert (head.status_code, part.status_code) == (200, 200)
    assert b"".join(head) == b""
    assert int(head["Content-Length"]) == len(b"".join(part)) > 10


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    [
        "..",
        ".",
        "%2e%2e",
        "..%2f..%2fmanage.py",
        "%2fetc%2fpasswd",
        "%00",
        "x%00.webp",
        "..%5c..%5cx",
        "x" * 5000,
        "note.txt",
    ]
    + [
        "0" * 32,
        "0" * 32 + ".webp",
        "0" * 32 + ".php",
        "0" * 32 + "-480.webp",
        "0" * 32 + ".webp%0a",
        "/",
        "CON",
        "한글.webp",
    ],
)
def test_no_other_name_is_served(client: Client, name: str) -> None:
    default_storage.save("note.txt", BytesIO(b"not a picture"))
    assert client.get(f"/media/{name}").status_code == 404


@pytest.mark.django_db
def test_the_addresses_of_a_picture() -> None:
    picture = make_media(make_image_bytes(size=(1200, 600)))
    stem = picture.url.removesuffix(".webp")
    assert picture.srcset == f"{stem}-480.webp 480w, {stem}-960.webp 960w, {picture.url} 1200w"
    assert picture.thumbnail == f"{stem}-480.webp"
    small = make_media(make_image_bytes(size=(100, 60)))
    assert (small.srcset, small.thumbnail) == ("", small.url)
