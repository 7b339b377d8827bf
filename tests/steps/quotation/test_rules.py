"""What lines add up to."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from workshop.steps.quotation import rules

AMOUNTS = st.builds(
    rules.Amount,
    payer=st.sampled_from(["customer", "warranty", "goodwill"]),
    kind=st.sampled_from(["labour", "part", "sublet", "other"]),
    total_fen=st.integers(0, 10**7),
    discount_fen=st.integers(0, 10**5),
    tax_basis_points=st.sampled_from([0, 100, 600, 1300]),
)


@given(st.lists(AMOUNTS))
def test_the_total_is_the_sum_of_its_lines_by_kind_and_by_payer(
    amounts: list[rules.Amount],
) -> None:
    totals = rules.add_up(amounts)
    assert totals.total_fen == sum(amount.total_fen for amount in amounts)
    assert totals.total_fen == totals.labour_fen + totals.parts_fen + totals.other_fen
    assert totals.total_fen == sum(totals.by_payer.values())
    assert 0 <= totals.tax_fen <= totals.total_fen


def test_labour_is_book_time_at_a_rate_and_parts_are_pieces_at_a_price() -> None:
    assert rules.gross_fen("labour", 24_000, 1000, 50) == 20_000
    assert rules.gross_fen("part", 9_800, 4_500, 0) == 44_100
