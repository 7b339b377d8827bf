from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.errors import Invalid, RuleBroken
from workshop.steps.settlement import rules
from workshop.steps.settlement.rules import Account, Amount, Tender


@given(st.lists(st.integers(0, 5_000_000), min_size=1, max_size=40), st.integers(0, 10_000))
def test_a_discount_is_parted_to_the_fen_and_no_line_falls_below_zero(
    amounts: list[int], basis_points: int
) -> None:
    discount = sum(amounts) * basis_points // 10_000
    parts = rules.spread(discount, amounts)
    assert sum(parts) == discount
    assert all(0 <= part <= amount for part, amount in zip(parts, amounts, strict=True))


def test_sums_keep_labour_parts_and_payers_apart() -> None:
    sums = rules.add_up(
        [
            Amount("customer", "labour", 24_000, 1_000, 23_000, 2_646),
            Amount("customer", "part", 38_000, 0, 38_000, 4_372),
            Amount("warranty", "labour", 10_000, 0, 10_000, 1_150),
            Amount("internal", "sublet", 5_000, 0, 5_000, 575),
        ]
    )
    assert (sums.labour_fen, sums.parts_fen, sums.other_fen) == (34_000, 38_000, 5_000)
    assert sums.total_fen == 76_000 == 34_000 + 38_000 + 5_000 - sums.discount_fen
    assert sums.by_payer == {"customer": 61_000, "warranty": 10_000, "internal": 5_000}
    assert sums.by_account[Account.MANUFACTURER] == 10_000
    assert sums.net_fen + sums.tax_fen == sums.total_fen


def test_a_discount_lowers_and_never_raises() -> None:
    rules.check_discount(0, 62_000)
    rules.check_discount(62_000, 62_000)
    with pytest.raises(Invalid):
        rules.check_discount(62_001, 62_000)
    with pytest.raises(RuleBroken, match=r"¥620\.01") as refused:
        rules.check_discount(-1, 62_000)
    assert refused.value.code == "over_authorised"


def test_less_of_a_part_used_is_billed_by_its_share() -> None:
    assert rules.billed_fen(38_000, 2000, 2000) == 38_000
    assert rules.billed_fen(38_000, 2000, 1000) == 19_000
    assert rules.billed_fen(10_001, 2000, 1000) == 5_001


def test_more_than_the_balance_is_no_payment_but_change() -> None:
    rules.check_payment(62_000, 62_000)
    with pytest.raises(RuleBroken, match=r"¥620\.00"):
        rules.check_payment(62_001, 62_000)
    for nothing in (0, -5):
        with pytest.raises(Invalid):
            rules.check_payment(nothing, 62_000)


def test_a_refund_gives_back_no_more_than_came() -> None:
    rules.check_refund(500, 500)
    with pytest.raises(RuleBroken):
        rules.check_refund(501, 500)


def test_every_tender_pays_one_account() -> None:
    assert Tender.INSURER.account is Account.INSURER
    assert Tender.MANUFACTURER.account is Account.MANUFACTURER
    assert all(tender.account is Account.CUSTOMER for tender in rules.CUSTOMER_TENDERS)
    assert len(rules.CUSTOMER_TENDERS) == len(Tender) - 2
