"""A shop comes from another system: its files are brought in place of the starter set."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import FilePayload, expect

from tests.e2e.front_door.first_car import ROTATION
from tests.e2e.front_door.walker import Walker
from tests.e2e.walk import car
from workshop.sheets.cells import DIGITS_LOST

PAST_WORK = "更换机油机滤"


@dataclass(frozen=True)
class File:
    """A file of the old system, and how many of its rows can be taken over."""

    kind: str
    heads: str
    rows: Sequence[Sequence[Any]]
    taken: int
    refused: dict[str, str] = field(default_factory=dict)

    @property
    def payload(self) -> FilePayload:
        """As old systems write it: GB18030, with a title above the heads and a total below."""
        text = io.StringIO()
        rows = csv.writer(text)
        rows.writerow(["示例汽修厂"])
        rows.writerow(self.heads.split())
        rows.writerows(self.rows)
        rows.writerow(["合计", len(self.rows)])
        data = text.getvalue().encode("gb18030")
        return {"name": f"{self.kind}.csv", "mimeType": "text/csv", "buffer": data}


CUSTOMERS = File(
    "Customers",
    "客户编号 姓名 手机号码",
    [
        ("K1", car.OWNER, f"+86 {car.PHONE}"),
        ("K2", "王芳", "139-0000-0002"),
        # A spreadsheet has lost its digits.
        ("K3", "赵强", "1.39E+10"),
    ],
    taken=2,
    refused={"赵强": "1.39E+10"},
)
VEHICLES = File(
    "Vehicles",
    "车牌号 客户编号 厂牌 车型 里程 燃料",
    [
        (car.PLATE.lower(), "K1", car.MAKE, car.MODEL, "4.8万", "汽油"),
        ("沪Ｂ·20002", "K2", "大众", "朗逸", "12,000公里", "汽油"),
    ],
    taken=2,
)
OPERATIONS = File(
    "Operations",
    "项目编码 项目名称 英文名称 工时",
    [("C-ROT", *ROTATION, "25分钟"), ("M-OIL", PAST_WORK, "", "0.5小时")],
    taken=2,
)
PARTS = File(
    "Parts",
    "配件编码 配件名称 进价 售价 库存 库位",
    [("WG-1001", "机油滤清器", "￥18.50", "35元", "12", "A-01-3")],
    taken=1,
)
HISTORY = File(
    "Past visits",
    "工单号 进厂日期 出厂日期 车牌号 里程 项目名称 数量 金额",
    [("RO-881", "2026年5月4日", "2026-05-04", car.PLATE, "46,000", PAST_WORK, "1", "¥320.00")],
    taken=1,
)


def bring(manager: Walker, file: File) -> None:
    """From the file to rows of the shop: its columns, its dry run, and taking over."""
    words, page = manager.words, manager.page
    manager.open(words("Import"))
    kind = page.locator(".import-kind").filter(has=page.get_by_text(words(file.kind), exact=True))
    manager.count.presses += 2
    kind.get_by_role("radio").check()
    page.get_by_label(words("File (.xlsx or .csv)"), exact=True).set_input_files(file.payload)
    manager.send(words("Look at the columns"))
    manager.reads("gb18030")
    manager.send(words("Check each row"))
    # It works in the background; the page loads itself again.
    manager.reads(words("%(count)s rows can be taken over", count=file.taken))
    for name, seen in file.refused.items():
        manager.count.presses += 1
        page.get_by_role("link", name=words("Cannot be taken")).click()
        row = page.get_by_role("row").filter(has_text=name)
        expect(row).to_contain_text(words(DIGITS_LOST, text=seen))
    manager.send(words("Take them over"))
    manager.reads(words("%(count)s rows were taken over", count=file.taken))


def take_back(manager: Walker) -> None:
    """The file that stands open is taken back as a whole."""
    words = manager.words
    manager.press(words("Take the import back"))
    manager.send(words("Take the import back"), manager.page.get_by_role("dialog"))
    manager.reads(words("taken back"))


def book(manager: Walker) -> None:
    """A customer calls whom the old system knew, with a car and a past."""
    words, page = manager.words, manager.page
    manager.open(words("Appointments"))
    manager.follow(words("New appointment"), page.locator(".page-actions"))
    manager.look_for(words("Who is calling, or which car?"), car.PHONE)
    manager.count.presses += 1
    page.locator(".booking-hit").filter(has_text=car.SHOWN).click()
    manager.write(words("Customer concern"), car.CONCERN)
    manager.look_for(words("Add an operation"), "C-ROT")
    manager.count.presses += 2
    rotation = words.either(*ROTATION)
    page.locator("#operation-results").get_by_role("button", name=rotation).click()
    expect(page.locator("#chosen")).to_contain_text(rotation)
    page.locator("label.booking-offer").first.click()
    manager.send(words("Book"))
    manager.reads(car.OWNER, car.CONCERN)


def see_the_past(manager: Walker) -> None:
    """The visit of the old system stands on the car's page."""
    words, page = manager.words, manager.page
    manager.open(words("Customers"))
    manager.count.presses += 1
    page.get_by_role("link", name=car.SHOWN).first.click()
    manager.reads(words("Visits in an old system"), "2026-05-04", PAST_WORK)


ALL = (CUSTOMERS, VEHICLES, OPERATIONS, PARTS, HISTORY)
