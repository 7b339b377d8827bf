"""A settlement list as the steps print it, and small pictures to put on paper."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import pytest
from PIL import Image
from reportlab.platypus import Flowable

from workshop import paper

HEAD = paper.ShopHead(
    "深圳市䶮犇汽车销售服务有限公司",
    "深圳市龙华区民治街道梅龙路 1208 号",
    "0755-88886666",
    ("开户行 中国银行深圳民治支行",),
)
RARE_NAME = "龑𬭎喆"
ORDER_URL = "https://shop.example/t/Xy7fQ2kLmN8pRs4tUv6wZa"

needs_poppler = pytest.mark.usefixtures("poppler")


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 100)) -> bytes:
    """A plain picture, as a signature or a photo."""
    out = io.BytesIO()
    Image.new("RGB", size, (40, 60, 90)).save(out, kind)
    return out.getvalue()


def settlement_story(parts: int = 30) -> list[Flowable]:
    """Everything a settlement list carries, with enough parts for two pages."""
    rows = [(f"06L{number:04}", "空调滤清器(活性炭)", "1", "128.00") for number in range(parts)]
    return [
        paper.facts([("托修方", RARE_NAME), ("车牌号码", "粤B·D12345"), ("备注", "")]),
        paper.section("维修配件"),
        paper.table(
            ["编码", "名称", "数量", "金额"],
            rows,
            "llrr",
            [2, 6, 1, 2],
            foot=("", "合计", "", "3,840.00"),
        ),
        paper.section("费用合计"),
        paper.totals([("材料费", "3,840.00"), ("实收", "¥3,840.00")], ("大写", "叁仟捌佰肆拾元整")),
        paper.checklist([paper.CheckItem("旧件已由托修方回收", paper.Mark.DONE)]),
        paper.note("重复维修", alert=True),
        paper.pictures([(picture("JPEG", (64, 48)), "左前门划痕")]),
        paper.signatures(
            ("托修方签字", picture(), RARE_NAME, "2026-11-23 16:40"), ("收银员", None, "", "")
        ),
    ]


def settlement_list(parts: int = 30) -> bytes:
    """The settlement list as a PDF."""
    return paper.document(
        "维修费用结算清单",
        HEAD,
        settlement_story(parts),
        number="JS20261123-0007",
        subtitle="第 1 版",
        order_url=ORDER_URL,
        qr_note="扫码查看工单",
        page_of="第 %(page)s 页 / 共 %(pages)s 页",
    )


def pages_of(pdf: bytes, folder: Path) -> list[str]:
    """Return the text of each page as a reader would select it."""
    text = _poppler(["pdftotext", "-layout", "-enc", "UTF-8"], pdf, folder, "-")
    return text.split("\f")[:-1]


def fonts_of(pdf: bytes, folder: Path) -> list[list[str]]:
    """Return the columns of pdffonts for each font of the document."""
    return [line.split() for line in _poppler(["pdffonts"], pdf, folder).splitlines()[2:]]


def drawn(pdf: bytes, folder: Path) -> Image.Image:
    """Return the first page as a picture."""
    _poppler(["pdftoppm", "-r", "60", "-png", "-singlefile"], pdf, folder, str(folder / "page"))
    with Image.open(folder / "page.png") as page:
        return page.copy()


def _poppler(command: list[str], pdf: bytes, folder: Path, *after: str) -> str:
    path = folder / "document.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(
        [*command, str(path), *after], check=True, capture_output=True, encoding="utf-8"
    )
    return done.stdout
