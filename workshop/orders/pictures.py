"""Pictures that people send: drawn again, so that nothing hidden in the file is kept.

A signature is a picture in which somebody has drawn: an empty pad, a dot or a dash proves nothing.
"""

from __future__ import annotations

import io

from PIL import Image, ImageOps, UnidentifiedImageError

from workshop.errors import N_, Invalid

MOST_BYTES = 12 * 1024 * 1024
MOST_PIXELS = 60_000_000
_LONGEST_SIDE = 1600

# A pad is 600 wide and its pen under 3 wide; any picture is measured at that width.
_PAD_WIDTH = 600
LEAST_INK = 250
"""Pixels of ink on the pad: a stroke of about a hundred."""
LEAST_WIDE, LEAST_HIGH = 36, 9
"""How far the ink reaches: a short name in small letters does."""
_MOST_INKED = 0.5
_DARK = 150


def clean(data: bytes, *, is_signature: bool = False) -> tuple[bytes, str]:
    """The picture upright, small enough and without what its file tells besides; its type.

    Raises Invalid when it is too large or no picture, and for a signature that is none.
    """
    field = "signature" if is_signature else "photo"
    if len(data) > MOST_BYTES:
        raise Invalid(N_("The picture is larger than 12 MB."), field=field, code="too_large")
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "WEBP")) as opened:
            if opened.width * opened.height > MOST_PIXELS:
                raise Invalid(N_("The picture has too many pixels."), field=field)
            image = ImageOps.exif_transpose(opened)
            image.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
            return _drawn(image, is_signature)
    except _UNREADABLE as error:
        message = N_("This file is not a picture we can read. Use JPEG, PNG or WebP.")
        raise Invalid(message, field=field) from error


# What the library says of files that are broken on purpose.
_UNREADABLE = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)


def _drawn(image: Image.Image, is_signature: bool) -> tuple[bytes, str]:
    out = io.BytesIO()
    if is_signature:
        ink = image.convert("RGBA")
        _require_ink(ink)
        ink.save(out, "PNG", optimize=True)
        return out.getvalue(), "image/png"
    image.convert("RGB").save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue(), "image/jpeg"


def _require_ink(image: Image.Image) -> None:
    if not has_enough_ink(image):
        raise Invalid(
            N_("This is hardly a signature yet. Draw the whole name, or type it."),
            field="signature",
            code="no_ink",
        )


def has_enough_ink(image: Image.Image) -> bool:
    """Whether somebody has drawn a name on the pad, as far as a program can tell."""
    height = max(1, round(image.height * _PAD_WIDTH / image.width))
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image)
    gray = paper.convert("L").resize((_PAD_WIDTH, min(height, 2 * _PAD_WIDTH)))
    dark = gray.point(lambda shade: 255 if shade < _DARK else 0)
    reach = dark.getbbox()
    if reach is None:
        return False
    count = dark.histogram()[255]
    wide, high = reach[2] - reach[0], reach[3] - reach[1]
    is_name = count >= LEAST_INK and wide >= LEAST_WIDE and high >= LEAST_HIGH
    return is_name and count <= _MOST_INKED * gray.width * gray.height
