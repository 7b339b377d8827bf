"""The building blocks: what they show and where."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.platypus import Flowable

from tests.paper import samples
from workshop import paper


def text_of(folder: Path, *story: Flowable) -> str:
    pages = samples.pages_of(paper.document("单", samples.HEAD, story), folder)
    return "\n".join(pages)


def test_columns_share_the_text_width() -> None:
    widths = paper.column_widths(3, (1, 2, 1))

    assert widths[1] == pytest.approx(2 * widths[0])
    assert sum(widths) < paper.TEXT_WIDTH


@samples.needs_poppler
def test_a_missing_fact_is_shown_as_a_dash(tmp_path: Path) -> None:
    text = text_of(tmp_path, paper.facts([("合格证", ""), ("里程", "48 210 km")], in_a_row=1))

    assert "合格证" in text
    assert "–" in text
    assert "48 210 km" in text


@samples.needs_poppler
def test_an_empty_list_says_so(tmp_path: Path) -> None:
    text = text_of(tmp_path, paper.table(["外加工", "金额"], [], "lr", empty="无"))

    assert "无" in text


@samples.needs_poppler
def test_amounts_end_at_one_edge(tmp_path: Path) -> None:
    rows = [["一", "1.00"], ["二", "12,345.00"]]

    lines = text_of(tmp_path, paper.table(["项目", "金额"], rows, "lr")).splitlines()

    ends = {len(line.rstrip()) for line in lines if line.rstrip().endswith(".00")}
    assert len(ends) == 1


@samples.needs_poppler
def test_sums_stand_with_the_amount_in_capitals(tmp_path: Path) -> None:
    text = text_of(
        tmp_path, paper.totals([("工时费", "10.00"), ("实收", "¥10.00")], ("大写", "壹拾元整"))
    )

    assert text.index("工时费") < text.index("壹拾元整")
    assert "¥10.00" in text


@samples.needs_poppler
def test_a_checklist_shows_words_and_remarks(tmp_path: Path) -> None:
    items = [
        paper.CheckItem(f"检查点{mark.value}", mark, "剩余 2.4 mm" if number == 2 else "")
        for number, mark in enumerate(paper.Mark)
    ]

    text = text_of(tmp_path, paper.checklist(items, in_a_row=3))

    assert all(f"检查点{mark.value}" in text for mark in paper.Mark)
    assert "剩余 2.4 mm" in text


@samples.needs_poppler
def test_marks_are_drawn_each_in_its_own_way(tmp_path: Path) -> None:
    pages = [
        samples.drawn(
            paper.document("单", samples.HEAD, [paper.checklist([paper.CheckItem("点", mark)])]),
            tmp_path,
        ).convert("L")
        for mark in paper.Mark
    ]

    # Grey print must tell them apart, so colour is taken out.
    assert len({page.tobytes() for page in pages}) == len(paper.Mark)


@samples.needs_poppler
def test_a_signature_stands_over_its_name_and_time(tmp_path: Path) -> None:
    text = text_of(
        tmp_path, paper.signature_box("客户签字", samples.picture(), "李四", "2026-11-23 16:40")
    )

    assert text.index("客户签字") < text.index("李四")
    assert "2026-11-23 16:40" in text


@samples.needs_poppler
def test_blocks_stand_side_by_side(tmp_path: Path) -> None:
    left, right = paper.column_widths(2)

    text = text_of(
        tmp_path,
        paper.columns(
            paper.facts([("客户", "李四")], 1, width=left),
            paper.facts([("工位", "B3")], 1, width=right),
        ),
    )

    assert any("李四" in line and "B3" in line for line in text.splitlines())


@samples.needs_poppler
def test_a_display_is_read_from_far_away(tmp_path: Path) -> None:
    assert "粤B·D12345" in text_of(tmp_path, paper.display("粤B·D12345", "篮 07"))


def test_blocks_without_content_take_no_room() -> None:
    story = [paper.checklist([]), paper.pictures([]), paper.facts([]), paper.gap()]

    assert paper.document("单", samples.HEAD, story).startswith(b"%PDF")


def test_a_picture_keeps_its_proportions() -> None:
    box = paper.signature_box("签字", samples.picture(size=(400, 100)), width=200)

    image = box._cellvalues[1][0]
    assert image.drawWidth == pytest.approx(4 * image.drawHeight)
    assert image.drawWidth < 200


@samples.needs_poppler
def test_parts_kept_together_stand_on_one_page(tmp_path: Path) -> None:
    filler = paper.table(["行"], [[str(line)] for line in range(27)])
    kept = paper.together(paper.note("头"), paper.gap(40), paper.note("尾"))

    pages = samples.pages_of(paper.document("单", samples.HEAD, [filler, kept]), tmp_path)

    assert ["头" in page for page in pages] == ["尾" in page for page in pages]
