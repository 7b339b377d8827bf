"""Signatures as the pad sends them."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence

from PIL import Image, ImageDraw

NAME = ((50, 150), (180, 40), (230, 150), (330, 50), (380, 160), (500, 60))


def png(points: Sequence[tuple[int, int]] = NAME, size: tuple[int, int] = (600, 200)) -> bytes:
    """A stroke through these points on a pad of 600 × 200; none for an empty pad."""
    pad = Image.new("RGBA", size, (0, 0, 0, 0))
    if len(points) == 1:
        ((x, y),) = points
        ImageDraw.Draw(pad).ellipse((x - 1, y - 1, x + 2, y + 2), fill="#10182a")
    elif points:
        ImageDraw.Draw(pad).line(list(points), fill="#10182a", width=3)
    out = io.BytesIO()
    pad.save(out, "PNG")
    return out.getvalue()


def data_url(png_bytes: bytes | None = None) -> str:
    """What the form carries."""
    return "data:image/png;base64," + base64.b64encode(png_bytes or png()).decode()
