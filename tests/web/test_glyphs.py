"""Characters cut out of the font that papers are printed with, drawn by another program."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageStat

from workshop.config import resource_folder
from workshop.web import glyphs

FONT = resource_folder("static") / "vendor" / "pdf-fonts" / "NotoSansSC-Regular.ttf"
SIZE = 120


@pytest.fixture(scope="module")
def whole() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(FONT), SIZE)


def cut(characters: str) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(io.BytesIO(glyphs.cut(FONT, characters)), SIZE)


def draw(font: ImageFont.FreeTypeFont, text: str) -> Image.Image:
    picture = Image.new("L", (SIZE * 2, SIZE * 2))
    ImageDraw.Draw(picture).text((SIZE // 2, SIZE // 4), text, font=font, fill=255)
    return picture


@pytest.mark.parametrize("character", ["车", "鑫", "国", "W", "8", "，", "齉"])
def test_a_character_looks_and_runs_as_in_the_whole_font(
    character: str, whole: ImageFont.FreeTypeFont
) -> None:
    part = cut(f"一{character}丁")

    unlike = ImageChops.difference(draw(part, character), draw(whole, character))

    assert ImageStat.Stat(draw(part, character)).sum[0] > 0
    # The coarser grid moves an edge by half a step: under half a pixel at this size.
    assert ImageStat.Stat(unlike).sum[0] < 0.25 * ImageStat.Stat(draw(whole, character)).sum[0]
    assert part.getlength(character) == pytest.approx(whole.getlength(character), abs=1)


def test_what_was_not_asked_for_and_what_the_font_does_not_have_is_blank() -> None:
    part = cut("车\U0010fffd😀")

    assert not draw(part, "险").getbbox()
    assert not draw(part, "😀").getbbox()
    assert draw(part, "车").getbbox()
