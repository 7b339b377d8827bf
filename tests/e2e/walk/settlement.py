"""Step 8: the bill, paid by two tenders, and printed with its amount in capitals."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from playwright.sync_api import expect

from tests.e2e.person import Person
from tests.e2e.walk import car, parts, quotation, repair

TOTAL, CAPITALS = "¥916.00", "玖佰壹拾陆元整"
BY_WECHAT, IN_CASH, CHANGE = "500", "¥416.00", "¥84.00"


def make_bill(cashier: Person) -> None:
    """Make the settlement list: what was authorised and used, labour and parts apart."""
    words, page = cashier.words, cashier.page
    cashier.open(words("Settlement"))
    row = page.get_by_role("row").filter(has_text=car.SHOWN)
    cashier.send(words("Make the settlement list"), row)
    labour = page.get_by_role("region", name=words("Labour charge"))
    cashier.reads(words.either(*quotation.PADS), words.either(*repair.FLUID), within=labour)
    used = page.get_by_role("region", name=words("Parts charge"))
    cashier.reads(words.either(*parts.PADS), words.either(*parts.FLUID), within=used)
    cashier.misses(words.either(*quotation.CABIN))
    cashier.reads(TOTAL, CAPITALS)


def take_money(cashier: Person) -> None:
    """One part by WeChat, the rest in cash with change."""
    words, page = cashier.words, cashier.page
    form = page.locator("#pay")
    cashier.choose(words("Paid by"), words("WeChat Pay"), form)
    cashier.write(words("Amount"), BY_WECHAT, form)
    cashier.send(words("Take the payment"), form)
    expect(page.locator(".balance")).to_contain_text(IN_CASH)
    cashier.choose(words("Paid by"), words("Cash"), form)
    cashier.write(words("Cash handed over"), "500", form)
    expect(form.locator("[data-change]")).to_have_text(CHANGE)
    cashier.send(words("Take the payment"), form)
    expect(page.locator(".balance")).to_contain_text(words("Paid"))
    payments = page.get_by_role("region", name=words("Payments"))
    cashier.reads(words("WeChat Pay"), words("Cash"), "¥500.00", IN_CASH, within=payments)


def read_list(cashier: Person, folder: Path) -> None:
    """Print the settlement list and read it."""
    paper = folder / "settlement.pdf"
    paper.write_bytes(cashier.pdf(cashier.words("Print the list")))
    reader = shutil.which("pdftotext")
    if reader is None:
        return
    command = [reader, "-layout", str(paper), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    for expected in (CAPITALS, "916.00", car.OWNER):
        assert expected in text
