"""The page: head, number, QR, foot, fonts, and the same bytes each time."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics

from tests.paper import samples
from workshop import paper
from workshop.paper import fonts, qr


def test_the_same_input_gives_the_same_bytes() -> None:
    assert samples.settlement_list() == samples.settlement_list()


def test_documents_made_at_once_do_not_disturb_each_other() -> None:
    sizes = [1, 40, 5, 30] * 3
    alone = {parts: samples.settlement_list(parts) for parts in set(sizes)}

    with ThreadPoolExecutor(6) as pool:
        together = list(pool.map(samples.settlement_list, sizes))

    assert together == [alone[parts] for parts in sizes]


@samples.needs_poppler
def test_every_font_is_embedded_and_carries_its_characters(tmp_path: Path) -> None:
    found = samples.fonts_of(samples.settlement_list(), tmp_path)

    # Columns: name, type, encoding, emb, sub, uni, object ID.
    assert found
    assert all("NotoSansSC" in columns[0] for columns in found)
    assert all(columns[-5:-2] == ["yes", "yes", "yes"] for columns in found)


@samples.needs_poppler
def test_text_can_be_selected_rare_names_included(tmp_path: Path) -> None:
    text = "\n".join(samples.pages_of(samples.settlement_list(), tmp_path))

    for words in ("深圳市䶮犇汽车销售服务有限公司", "0755-88886666", samples.RARE_NAME):
        assert words in text
    for words in ("JS20261123-0007", "粤B·D12345", "叁仟捌佰肆拾元整", "¥3,840.00", "左前门划痕"):
        assert words in text


@samples.needs_poppler
def test_every_page_says_which_of_how_many_it_is(tmp_path: Path) -> None:
    pages = samples.pages_of(samples.settlement_list(30), tmp_path)

    assert len(pages) == 2
    for number, text in enumerate(pages, start=1):
        # The text tool leaves out blanks between Chinese characters and digits.
        assert f"第{number}页/共2页" in text.replace(" ", "")
        assert "JS20261123-0007" in text


@samples.needs_poppler
def test_a_long_list_repeats_its_header_on_every_page(tmp_path: Path) -> None:
    pages = samples.pages_of(samples.settlement_list(90), tmp_path)

    assert len(pages) >= 3
    assert all("编码" in page for page in pages if "06L00" in page)


@samples.needs_poppler
@pytest.mark.parametrize("lines", range(18, 34))
def test_a_heading_never_stands_alone_at_the_foot_of_a_page(lines: int, tmp_path: Path) -> None:
    story = [
        paper.table(["行"], [[str(line)] for line in range(lines)]),
        paper.section("下一节"),
        paper.signatures(("签字处", None, "", ""), ("收银员", None, "", "")),
        paper.section("照片"),
        paper.pictures([(samples.picture(size=(40, 30)), "第一张照片")] * 9),
    ]

    pages = samples.pages_of(paper.document("结算", samples.HEAD, story), tmp_path)

    assert [page for page in pages if "下一节" in page and "签字处" in page]
    assert [page for page in pages if re.search("^照片", page, re.M) and "第一张照片" in page]


@samples.needs_poppler
@pytest.mark.parametrize("lines", range(28, 38))
def test_signatures_never_stand_alone_on_the_last_page(lines: int, tmp_path: Path) -> None:
    story = [
        paper.table(["行"], [[str(line)] for line in range(lines)]),
        paper.section("交还客户"),
        paper.facts([("车钥匙", "1")]),
        paper.signatures(("签字处", None, "", ""), ("收银员", None, "", "")),
    ]

    pages = samples.pages_of(paper.document("交车单", samples.HEAD, story), tmp_path)

    assert [page for page in pages if "车钥匙" in page and "签字处" in page]


@samples.needs_poppler
def test_markup_is_printed_as_it_was_typed(tmp_path: Path) -> None:
    story = [paper.note("压力 < 2.4 & <b>正常</b>\n第二行")]

    text = samples.pages_of(paper.document("单", samples.HEAD, story), tmp_path)[0]

    assert "压力 < 2.4 & <b>正常</b>" in text
    assert "第二行" in text


def test_a_row_longer_than_a_page_is_split() -> None:
    story = [paper.table(["备注"], [["客户对车辆外观要求较高,请注意防护。" * 300]])]

    assert paper.document("单", samples.HEAD, story).startswith(b"%PDF")


@samples.needs_poppler
def test_the_qr_is_drawn_at_the_right_of_the_head(tmp_path: Path) -> None:
    plain = samples.drawn(paper.document("单", samples.HEAD, []), tmp_path)
    coded = samples.drawn(
        paper.document("单", samples.HEAD, [], order_url=samples.ORDER_URL), tmp_path
    )

    corner = (int(plain.width * 0.8), 0, plain.width, int(plain.height * 0.11))
    assert _dark_share(plain.crop(corner)) < 0.01
    assert _dark_share(coded.crop(corner)) > 0.1


def _dark_share(image: samples.Image.Image) -> float:
    grey = image.convert("L").histogram()
    return sum(grey[:128]) / sum(grey)


def test_the_drawn_bars_are_the_dark_modules_of_the_code() -> None:
    code = qr.segno.make_qr(samples.ORDER_URL, error="m")
    dark = sum(sum(row) for row in code.matrix)
    side = 210.0

    bars = qr.drawing(samples.ORDER_URL, side).contents

    module = side / len(code.matrix)
    assert sum(bar.width for bar in bars) / module == pytest.approx(dark)
    assert min(bar.x for bar in bars) == 0
    assert max(bar.x + bar.width for bar in bars) == pytest.approx(side)


def test_the_language_and_the_title_stand_in_the_file() -> None:
    pdf = paper.document("Job card", samples.HEAD, [], number="RO1", language="en")

    assert b"/Lang (en)" in pdf
    assert b"Job card RO1" in pdf


def test_missing_fonts_are_told_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fonts, "FOLDERS", (tmp_path,))

    with pytest.raises(paper.FontsMissing, match=r"NotoSansSC-Bold\.ttf .* is missing"):
        fonts.font_path(fonts.BOLD)


def test_an_installed_program_has_its_fonts_inside_the_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "package"
    inside.mkdir()
    (inside / "NotoSansSC-Bold.ttf").touch()
    monkeypatch.setattr(fonts, "FOLDERS", (inside, tmp_path / "checkout"))

    assert fonts.font_path(fonts.BOLD).parent == inside


# What the font has none of, and what is printed instead.
RARE = {
    "㛃": "㛃",
    "龑": "龑",
    "é": "é",
    "Erdős Łódź": "Erdos Lódz",
    "𠮷": "〔U+20BB7〕",
    "王😀": "王〔U+1F600〕",
    "한": "〔U+D55C〕",
    "a\u200bb": "ab",
    "车\ufe0f": "车",
    "a\u2003b": "a b",
}


@samples.needs_poppler
@pytest.mark.parametrize(("typed", "printed"), RARE.items())
def test_no_character_is_an_empty_box(typed: str, printed: str, tmp_path: Path) -> None:
    story = [paper.facts([("姓名", f"[{typed}]")]), paper.note(f"[{typed}]")]
    data = paper.document(typed, samples.HEAD, story)
    text = "\n".join(samples.pages_of(data, tmp_path)).replace(" ", "")
    assert text.count(f"[{printed}]".replace(" ", "")) == 2


def test_the_font_is_asked_for_no_glyph_that_it_has_not() -> None:
    """Each character that reaches the font has a glyph, and its width is known."""
    fonts.register()
    font = pdfmetrics.getFont(fonts.REGULAR)
    known = font.face.charToGlyph
    for code in (*range(0x3000), *range(0x3400, 0x3500), *range(0xFE00, 0xFFFF), 0x20BB7, 0x1F600):
        printed = chr(code).translate(font.readable)
        assert all(ord(each) in known for each in printed), hex(code)
        assert font.stringWidth(chr(code), 10) == font.stringWidth(printed, 10)
