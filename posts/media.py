"""Pictures: checked, stripped of all metadata by re-encoding, and stored in several widths under their hash."""

from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import IO

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, default_storage
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ["JPEG", "PNG", "WEBP", "GIF"]
MAX_BYTES = 20_000_000
MAX_PIXELS = 50_000_000
MAX_WIDTH = 2400  # pixels of what is kept
WIDTHS = (480, 960, 1600)  # pixels of the renditions
QUALITY = 82


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


def content_type(name: str) -> str:
    return "image/webp" if name.endswith(".webp") else "application/octet-stream"


def store(file: IO[bytes]) -> StoredPicture:
    """Keep a picture and its renditions as WebP. The same picture gets the same name.

    Raises MediaError for what is too large, or no picture of a known format, or broken.
    """
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise MediaError(_("The file is larger than %(size)d MB.") % {"size": MAX_BYTES // 1_000_000})
    picture = opened(data)
    picture.thumbnail((MAX_WIDTH, MAX_WIDTH * 4))
    digest = sha256(data).hexdigest()[:32]
    widths = [width for width in WIDTHS if width < picture.width]
    save(f"{digest}.webp", picture)
    for width in widths:
        save(f"{digest}-{width}.webp", picture.resize((width, round(picture.height * width / picture.width))))
    return StoredPicture(f"{digest}.webp", picture.width, picture.height, widths)


def opened(data: bytes) -> Image.Image:
    """The first frame, upright, as bare pixels. Raises MediaError."""
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise MediaError(
                    _("The picture has more than %(count)d million pixels.") % {"count": MAX_PIXELS // 10**6}
                )
            upright = ImageOps.exif_transpose(picture)
            bare = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        if isinstance(error, MediaError):
            raise
        raise MediaError(_("This is not a JPEG, PNG, WebP or GIF picture, or it is broken.")) from error
    bare.info.clear()
    return bare


def save(name: str, picture: Image.Image) -> None:
    if storage().exists(name):
        return
    encoded = BytesIO()
    picture.save(encoded, "WEBP", quality=QUALITY, method=4)
    storage().save(name, ContentFile(encoded.getvalue()))
