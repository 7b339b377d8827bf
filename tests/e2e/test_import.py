"""A list of an old system in a real browser: looked at, answered, taken over, and taken back."""

from __future__ import annotations

import pytest
from playwright.sync_api import FilePayload, expect

from tests.e2e.cast import Cast
from tests.e2e.open_shop import OpenShop

pytestmark = [
    pytest.mark.browser,
    # Flask-Compress leaves the closing of a static file to the garbage collector.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
LIST = (
    "客户编号,姓名,手机,地址\n"
    "K1,张伟,13800138001,张杨路1号\nK2,李娜,1.38E+10,\nK3,王芳,13800138001,\n"
)
OLD = FilePayload(name="旧客户表.csv", mimeType="text/csv", buffer=LIST.encode("gb18030"))


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_a_manager_brings_customers_and_takes_them_back(
    cast: Cast, open_shop: OpenShop, locale: str
) -> None:
    manager, words = cast["manager"], cast.words
    # when the file is brought
    manager.go("/setup/imports")
    manager.page.get_by_label(words("File (.xlsx or .csv)")).set_input_files(OLD)
    manager.send(words("Look at the columns"))
    manager.reads("旧客户表.csv", "gb18030", "13800138001")
    # when it is checked
    manager.send(words("Check each row"))
    manager.reads(words("One number, two names"))
    manager.reads(words("%(count)s rows can be taken over", count=1))
    # when the doubtful one is left out
    manager.page.get_by_label(words("Leave the row out")).check()
    manager.send(words("Answer for all"))
    # then the refused one says why
    manager.page.get_by_role("link", name=words("Cannot be taken")).click()
    manager.reads("1.38E+10")
    # when what can be taken is taken
    manager.send(words("Take them over"))
    manager.reads(words("%(count)s rows were taken over", count=1))
    manager.go("/customers?q=13800138001")
    manager.reads("张伟")
    # when it is taken back
    manager.page.go_back()
    manager.button(words("Take the import back")).click()
    manager.page.locator("[data-confirmed]").click()
    expect(manager.page.get_by_text(words("taken back")).first).to_be_visible()
    manager.go("/customers?q=13800138001")
    expect(manager.page.get_by_text("张伟")).to_have_count(0)
