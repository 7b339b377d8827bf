"""What suppliers hold for old parts, what is sent back to them, and what they credit."""

from __future__ import annotations

import pytest

from tests.databases import Database
from tests.factories import AT, make_branch, make_part, make_user
from tests.stock.factories import TODAY, make_supplier
from workshop.errors import Invalid, NotAllowed, RuleBroken
from workshop.staff.permissions import RoleName
from workshop.stock.cores import queries, service
from workshop.stock.models import Part
from workshop.stock.receipts import service as receipts
from workshop.stock.receipts.models import GoodsReceipt
from workshop.stock.receipts.service import Delivery


def take_in(part: Part, milli: int, core_fen: int | None = None) -> GoodsReceipt:
    delivery = Delivery(make_supplier().name, "DN-1", 20_000, core_fen=core_fen)
    by = make_user(RoleName.PARTS_CLERK)
    return receipts.take_in(part, make_branch(), milli, delivery, today=TODAY, by=by, at=AT)


def held(branch_id: int) -> list[tuple[int, int]]:
    return [(each.milli, each.fen) for each in queries.list_held(branch_id)]


def test_what_was_paid_at_goods_in_is_held_until_old_parts_are_sent(database: Database) -> None:
    # given
    part, plain, branch = make_part(core_deposit_fen=30_000), make_part(), make_branch()
    supplier, clerk = make_supplier(), make_user(RoleName.PARTS_CLERK)
    take_in(plain, 5_000)
    take_in(part, 2_000)
    take_in(part, 1_000, 28_000)
    take_in(part, 1_000, 0)
    wrong = take_in(part, 1_000)
    receipts.correct(wrong, 0, "没有来", by=clerk, at=AT)
    assert held(branch.id) == [(3_000, 88_000)]
    # when
    with pytest.raises(RuleBroken, match="for 3 件 of"):
        service.send(branch.id, supplier, part, 4_000, "RN-1", by=clerk, at=AT)
    with pytest.raises(Invalid, match="return note"):
        service.send(branch.id, supplier, part, 1_000, " ", by=clerk, at=AT)
    sent = service.send(branch.id, supplier, part, 1_000, "RN-1", by=clerk, at=AT)
    # then
    assert sent.due_fen == 29_333
    assert held(branch.id) == [(2_000, 58_667)]
    # when
    service.withdraw(sent, by=clerk, at=AT)
    assert held(branch.id) == [(3_000, 88_000)]
    service.send(branch.id, supplier, part, 3_000, "RN-2", by=clerk, at=AT)
    assert not held(branch.id)
    # A retired part's deposits are still asked back.
    assert [each.document for each in queries.list_shipments(branch.id)] == ["RN-2"]


def test_a_supplier_credits_all_or_less_for_a_reason(database: Database) -> None:
    part, branch, boss = (
        make_part(core_deposit_fen=30_000),
        make_branch(),
        make_user(RoleName.SERVICE_MANAGER),
    )
    take_in(part, 1_000)
    sent = service.send(branch.id, make_supplier(), part, 1_000, "RN-1", by=boss, at=AT)
    with pytest.raises(NotAllowed):
        service.credit(sent, 30_000, "CN-1", by=make_user(RoleName.CASHIER), at=AT)
    with pytest.raises(Invalid, match="Between nothing"):
        service.credit(sent, 30_001, "CN-1", by=boss, at=AT)
    with pytest.raises(Invalid, match="credit note"):
        service.credit(sent, 30_000, "", by=boss, at=AT)
    with pytest.raises(Invalid, match="gives less"):
        service.credit(sent, 20_000, "CN-1", by=boss, at=AT)
    service.credit(sent, 20_000, "CN-1", "壳体破裂", by=boss, at=AT)
    with pytest.raises(RuleBroken, match="answered already"):
        service.credit(sent, 30_000, "CN-2", by=boss, at=AT)
    with pytest.raises(RuleBroken, match="Take the credit back first"):
        service.withdraw(sent, by=boss, at=AT)
    service.take_credit_back(sent, by=boss, at=AT)
    assert sent.is_waiting
    with pytest.raises(RuleBroken, match="Nothing is credited"):
        service.take_credit_back(sent, by=boss, at=AT)
