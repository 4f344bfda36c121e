"""Pictures: checked, stripped of all metadata by re-encoding, and stored in several widths under their hash."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.utils.translation import gettext as _
from PIL import ExifTags, Image, ImageCms
from PIL.JpegImagePlugin import JpegImageFile

FORMATS = ["JPEG", "PNG", "WEBP", "GIF"]
MAX_BYTES = 20_000_000
MAX_PIXELS = 25_000_000  # a decoder may need 17 bytes of memory for each
MAX_JPEG_PIXELS = 60_000_000  # these are decoded at a fraction of their size
MAX_WIDTH = 2400  # pixels of what is kept
MAX_HEIGHT = 4 * MAX_WIDTH  # a long chart stays readable
WIDTHS = (480, 960, 1600)  # pixels of the renditions
QUALITY = 82

HASH_LENGTH = 32  # hex digits
NAME = re.compile(r"[0-9a-f]{32}(?:-[0-9]{3,4})?\.webp")
SRGB = ImageCms.createProfile("sRGB")
UPRIGHT = {  # by the orientation that a camera notes
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class MediaError(ValueError):
    """A file that is not taken. The message is for the person who uploaded it."""


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """Fields of posts.models.Media."""

    name: str
    width: int  # pixels
    height: int  # pixels
    widths: list[int]  # pixels


def storage() -> Storage:
    return default_storage


def store(file: IO[bytes]) -> StoredPicture:
    """Keep a picture and its renditions as WebP. The same picture gets the same name.

    Raises MediaError for what is too large, or no picture of a known format, or broken.
    """
    data = read(file)
    return keep(content_name(data), opened(data))


def read(file: IO[bytes]) -> bytes:
    """Raises MediaError."""
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise MediaError(_("The file is larger than %(size)d MB.") % {"size": MAX_BYTES // 1_000_000})
    return data


def content_name(data: bytes) -> str:
    """The name under which a picture is kept, known before it is decoded."""
    return f"{sha256(data).hexdigest()[:HASH_LENGTH]}.webp"


def rendition_name(name: str, width: int) -> str:
    return f"{name.removesuffix('.webp')}-{width}.webp"


def whole_name(name: str) -> str:
    """The name of the picture that this is, or is a rendition of."""
    return f"{name[:HASH_LENGTH]}.webp"


def opened(data: bytes) -> Image.Image:
    """The first frame, upright, as bare sRGB pixels, not larger than is kept. Raises MediaError."""
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as picture:
            if picture.width * picture.height > max_pixels(picture):
                raise Image.DecompressionBombError
            return bare(picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise MediaError(_("The picture has too many pixels. Please make it smaller.")) from error
    except Exception as error:  # whatever Pillow's decoders stumble over, the file is at fault
        raise MediaError(_("This is not a JPEG, PNG, WebP or GIF picture, or it is broken.")) from error


def max_pixels(picture: Image.Image) -> int:
    return MAX_JPEG_PIXELS if isinstance(picture, JpegImageFile) else MAX_PIXELS


def bare(picture: Image.Image) -> Image.Image:
    """Shrunk before anything else is done with it, so that a large picture takes little memory."""
    orientation = picture.getexif().get(ExifTags.Base.Orientation)
    size = kept_size(*picture.size, on_its_side=orientation in {5, 6, 7, 8})
    picture.draft(None, size)
    if picture.mode.startswith("I"):  # sixteen bits a pixel, grey
        picture = picture.point(lambda value: value / 257).convert("L")
    if picture.mode not in {"RGB", "RGBA", "L", "CMYK"}:
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.thumbnail(size)
    picture = in_srgb(picture)
    if orientation in UPRIGHT:
        picture = picture.transpose(UPRIGHT[orientation])
    picture.info.clear()
    return picture


def kept_size(width: int, height: int, *, on_its_side: bool) -> tuple[int, int]:
    most = (MAX_HEIGHT, MAX_WIDTH) if on_its_side else (MAX_WIDTH, MAX_HEIGHT)
    scale = min(1, most[0] / width, most[1] / height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def in_srgb(picture: Image.Image) -> Image.Image:
    """The colours as the picture's own profile means them, for the profile is metadata and goes."""
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    if profile := picture.info.get("icc_profile"):
        try:
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            return ImageCms.profileToProfile(picture, own, SRGB, outputMode=mode) or picture
        except (ImageCms.PyCMSError, OSError):
            pass  # a profile that does not fit says nothing
    return picture.convert(mode)


def keep(name: str, picture: Image.Image) -> StoredPicture:
    """Store a picture that was opened here, and its renditions."""
    widths = [width for width in WIDTHS if width < picture.width]
    save(name, picture)
    for width in widths:
        height = max(1, round(picture.height * width / picture.width))
        save(rendition_name(name, width), picture.resize((width, height)))
    return StoredPicture(name, picture.width, picture.height, widths)


def save(name: str, picture: Image.Image) -> None:
    """Also takes the place of a file that was left unfinished."""
    encoded = BytesIO()
    picture.save(encoded, "WEBP", quality=QUALITY, method=4)
    storage().delete(name)
    storage().save(name, ContentFile(encoded.getvalue()))


def remove(name: str, widths: Iterable[int]) -> None:
    """Delete a picture's files."""
    for file in [name, *(rendition_name(name, width) for width in widths)]:
        storage().delete(file)


def open_file(name: str) -> IO[bytes]:
    """Raises FileNotFoundError, also for any name that we never give."""
    if not NAME.fullmatch(name):
        raise FileNotFoundError(name)
    return storage().open(name)
