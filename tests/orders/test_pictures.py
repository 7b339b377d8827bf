"""A signature is a picture in which somebody has drawn a name."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageDraw

from tests import ink
from workshop.errors import Invalid
from workshop.orders import pictures

HARDLY = {
    "an empty pad": ink.png(()),
    "a dot": ink.png(((300, 100),)),
    "a dash": ink.png(((200, 100), (260, 100))),
    "a level line": ink.png(((20, 100), (580, 100))),
    "a plumb line": ink.png(((300, 10), (300, 190))),
    "a tick": ink.png(((300, 100), (305, 106), (315, 90))),
}


@pytest.mark.parametrize("name", HARDLY)
def test_what_nobody_has_drawn_is_no_signature(name: str) -> None:
    with pytest.raises(Invalid, match="hardly a signature"):
        pictures.clean(HARDLY[name], is_signature=True)


@pytest.mark.parametrize("shade", ["white", "black", "#00000000", "#10182a08"])
def test_a_picture_of_one_colour_is_no_signature(shade: str) -> None:
    out = io.BytesIO()
    Image.new("RGBA", (600, 200), shade).save(out, "PNG")
    with pytest.raises(Invalid, match="hardly a signature"):
        pictures.clean(out.getvalue(), is_signature=True)


@pytest.mark.parametrize(
    "points",
    [ink.NAME, ((100, 80), (130, 120), (160, 80), (190, 120), (220, 80)), [(60, 90), (180, 130)]],
    ids=["a name", "small letters", "a slanting stroke"],
)
def test_a_drawn_name_is_a_signature(points: list[tuple[int, int]]) -> None:
    data, mime = pictures.clean(ink.png(points), is_signature=True)
    assert mime == "image/png"
    assert data


def test_a_typed_name_is_drawn_as_ink_too() -> None:
    pad = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    ImageDraw.Draw(pad).text((200, 60), "Wang", fill="#10182a", font_size=84)
    out = io.BytesIO()
    pad.save(out, "PNG")
    assert pictures.clean(out.getvalue(), is_signature=True)


@pytest.mark.parametrize("is_signature", [True, False])
def test_a_broken_picture_is_refused_in_words(is_signature: bool) -> None:
    whole = ink.png()
    for data in (b"", b"%PDF-1.7", whole[:40], whole[:200], whole[:16] + b"\xff" * 64):
        with pytest.raises(Invalid) as caught:
            pictures.clean(data, is_signature=is_signature)
        assert caught.value.field == ("signature" if is_signature else "photo")


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_unpacked() -> None:
    out = io.BytesIO()
    Image.new("1", (30_000, 2_500)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(Invalid, match="too many pixels"):
        pictures.clean(out.getvalue())
