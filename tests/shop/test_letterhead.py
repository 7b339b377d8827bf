"""The head of the shop's papers: lines, logo, sheet, and what stands on the paper."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from PIL import Image

from tests.databases import Database
from tests.factories import make_branch, make_user
from tests.shop.factories import make_logo
from workshop import paper
from workshop.errors import Conflict, Invalid, NotAllowed
from workshop.shop import branches, letterhead
from workshop.shop.letterhead import Look
from workshop.shop.models import HeadLine, PaperSize
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.web import versions

SignIn = Callable[[User], FlaskClient]
CODE = "91350100M000100Y43"


@pytest.fixture
def manager(database: Database) -> User:
    return make_user(RoleName.SERVICE_MANAGER)


def test_a_shop_that_changed_nothing_has_the_usual_head(manager: User) -> None:
    branch = make_branch()
    branch.address, branch.complaint_phone = "杨高中路 2088 号", "021-50001299"
    head = letterhead.head_of(branch, str)
    assert head == paper.ShopHead("浦东店", "杨高中路 2088 号", "021-50001234")
    handed_over = letterhead.head_of(branch, str, HeadLine.COMPLAINT_PHONE)
    assert handed_over.more == ("Complaints: 021-50001299",)


def test_the_head_shows_what_was_chosen_and_leaves_out_what_is_empty(
    manager: User, at: datetime
) -> None:
    # given
    branch = make_branch()
    branch.licence_no, branch.credit_code = "粤深备2026-001", CODE
    lines = (HeadLine.PHONE, HeadLine.LICENCE_NO, HeadLine.CREDIT_CODE, HeadLine.TAX_NO)
    look = Look(PaperSize.LETTER, lines, " 明码实价 ", "谢谢惠顾")
    # when
    letterhead.change(branch, look, by=manager, at=at)
    letterhead.set_logo(branch, make_logo(), by=manager, at=at)
    # then
    head = letterhead.head_of(branch, str)
    assert (head.address, head.phone) == ("", "021-50001234")
    assert head.more == (f"Filing number 粤深备2026-001  ·  Credit code {CODE}",)
    assert (head.slogan, head.foot, head.sheet) == ("明码实价", "谢谢惠顾", "letter")
    made = paper.document("Sample", head, [])
    assert re.search(rb"/MediaBox \[ ?0 0 612 792 ?\]", made)
    assert b"/Subtype /Image" in made


def test_a_logo_is_made_again_and_small(manager: User, at: datetime) -> None:
    branch = make_branch()
    kept = letterhead.set_logo(branch, make_logo((3000, 900), "JPEG"), by=manager, at=at)
    assert kept.logo is not None
    with Image.open(io.BytesIO(kept.logo)) as made:
        assert (made.format, made.size) == ("PNG", (1000, 300))


@pytest.mark.parametrize(
    "data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"\x89PNG\r\n\x1a\nbroken"]
)
def test_what_is_no_picture_is_refused(manager: User, at: datetime, data: bytes) -> None:
    with pytest.raises(Invalid):
        letterhead.set_logo(make_branch(), data, by=manager, at=at)
    with pytest.raises(Invalid):
        letterhead.set_logo(make_branch(), b"x" * (5 * 2**20 + 1), by=manager, at=at)


def test_only_who_manages_the_shop_changes_the_head_and_nobody_over_another(
    manager: User, at: datetime
) -> None:
    branch, advisor = make_branch(), make_user(RoleName.SERVICE_ADVISOR)
    with pytest.raises(NotAllowed):
        letterhead.change(branch, Look(), by=advisor, at=at)
    with pytest.raises(NotAllowed):
        letterhead.set_logo(branch, make_logo(), by=advisor, at=at)
    seen = versions.mark(letterhead.state_of(letterhead.look_of(branch)))
    letterhead.change(branch, Look(slogan="一"), seen=seen, by=manager, at=at)
    with pytest.raises(Conflict):
        letterhead.change(branch, Look(slogan="二"), seen=seen, by=manager, at=at)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (CODE[:-1], "The credit code has 17 characters; it must have 18."),
        ("91350100I000100Y43", "I never stands in a credit code: it has no I, O, S, V and Z."),
        ("91350100M000100Y44", "The last character does not fit the others"),
    ],
)
def test_a_wrong_credit_code_is_told_in_words(
    manager: User, at: datetime, code: str, words: str
) -> None:
    branch = make_branch()
    values = replace(branches.particulars_of(branch), credit_code=code)
    with pytest.raises(Invalid) as refused:
        branches.change_particulars(branch, values, by=manager, at=at)
    assert words in str(refused.value)
    good = replace(values, credit_code=f" {CODE.lower()} ")
    branches.change_particulars(branch, good, by=manager, at=at)
    assert branch.credit_code == CODE


def test_the_page_of_the_papers(manager: User, sign_in: SignIn) -> None:
    # given
    manager.locale = "en"
    desk = sign_in(manager)
    page = desk.get("/shop/papers").text
    assert "No logo yet: the name stands alone." in page
    found = re.search(r'name="head-seen"[^>]*value="(\w+)"', page)
    assert found is not None
    # when
    head = {"head-lines": ["phone", "credit_code"], "head-slogan": "Honest", "head-foot": ""}
    desk.post("/shop/papers", data=head | {"head-paper_size": "letter", "head-seen": found[1]})
    sent = {"logo-logo": (io.BytesIO(make_logo()), "logo.png")}
    assert desk.post("/shop/papers/logo", data=sent).status_code == 302
    # then
    page = desk.get("/shop/papers").text
    assert 'src="/shop/papers/logo.png"' in page
    assert 'value="Honest"' in page
    assert desk.get("/shop/papers/logo.png").mimetype == "image/png"
    assert desk.get("/shop/papers/sample").data.startswith(b"%PDF-")
    # when
    wrong = {"logo-logo": (io.BytesIO(b"GIF89a"), "logo.gif")}
    assert desk.post("/shop/papers/logo", data=wrong).status_code == 422
    assert desk.post("/shop/papers/logo", data={}).status_code == 422
    desk.post("/shop/papers/logo/off")
    assert desk.get("/shop/papers/logo.png").status_code == 404
