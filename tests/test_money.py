"""Fen, rounding, what people type, and the Chinese capitals."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from workshop import money
from workshop.errors import Invalid

fens = st.integers(min_value=-(10**15), max_value=10**15)


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [
        (5, 2, 3),
        (-5, 2, -3),
        (4, 3, 1),
        (5, 3, 2),
        (-4, 3, -1),
        (0, 7, 0),
        (1, 2, 1),
        (149, 100, 1),
    ],
)
def test_a_half_is_rounded_away_from_zero(numerator: int, denominator: int, rounded: int) -> None:
    assert money.round_half_up(numerator, denominator) == rounded


@given(numerator=st.integers(), denominator=st.integers(min_value=1))
def test_rounding_is_never_off_by_more_than_a_half(numerator: int, denominator: int) -> None:
    rounded = money.round_half_up(numerator, denominator)

    off = abs(rounded) - abs(Fraction(numerator, denominator))
    assert Fraction(-1, 2) < off <= Fraction(1, 2)


@pytest.mark.parametrize("denominator", [0, -3])
def test_rounding_by_nothing_is_an_error_of_the_programmer(denominator: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        money.round_half_up(1, denominator)


def test_a_labour_line_costs_its_minutes_at_the_hourly_rate() -> None:
    assert money.labour_fen(90, 280_00) == 420_00
    assert money.labour_fen(20, 250_01) == 8334
    assert money.labour_fen(0, 280_00) == 0


def test_a_parts_line_may_be_four_and_a_half_litres() -> None:
    assert money.parts_fen(89_50, 4_500) == 402_75
    assert money.parts_fen(33, 500) == 17
    assert money.parts_fen(12_00, -2_000) == -24_00


def test_a_share_is_rounded_by_the_same_rule() -> None:
    assert money.share_fen(99_99, 1250) == 12_50
    assert money.share_fen(10_00, 0) == 0


def test_a_tax_included_price_contains_its_tax() -> None:
    assert money.tax_included(113_00, 1300) == 13_00
    assert money.tax_included(-113_00, 1300) == -13_00
    assert money.tax_included(100_00, 0) == 0


@given(
    lines=st.lists(st.tuples(st.integers(0, 10_000_00), st.integers(1, 20_000)), max_size=40),
    basis_points=st.sampled_from([0, 100, 300, 600, 1300]),
)
def test_a_total_is_the_sum_of_its_lines(lines: list[tuple[int, int]], basis_points: int) -> None:
    prices = [money.parts_fen(unit_fen, quantity) for unit_fen, quantity in lines]
    taxes = [money.tax_included(price, basis_points) for price in prices]

    # The exact sum differs from the sum of rounded lines by half a fen a line at most.
    exact = sum((Fraction(unit_fen * quantity, 1000) for unit_fen, quantity in lines), Fraction())
    assert abs(sum(prices) - exact) <= Fraction(len(lines), 2)
    assert all(0 <= tax <= price for tax, price in zip(taxes, prices, strict=True))


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("1,234.5", 123450),
        ("1234.50", 123450),
        ("¥1,234.50", 123450),
        ("\uffe5\uff11\uff0c\uff12\uff13\uff14\uff0e\uff15\uff10", 123450),
        (" 12 元 ", 1200),
        ("0.05", 5),
        (".5", 50),
        ("12.", 1200),
        ("12.500", 1250),
        ("-3", -300),
        ("-¥3.20", -320),
        ("¥-3.20", -320),
        ("−3.2", -320),
        ("9,999,999.99", 999_999_999),
    ],
)
def test_amounts_are_read_as_people_type_them(text: str, fen: int) -> None:
    assert money.fen_from_text(text) == fen


@pytest.mark.parametrize(
    "text", ["abc", "1,23", "1,2345", "12,34.5", "1.2.3", "--3", "-¥-3", ".", "¥", "一百", "1e3"]
)
def test_what_is_no_amount_is_refused_in_words(text: str) -> None:
    with pytest.raises(Invalid, match="is not an amount in yuan") as refusal:
        money.fen_from_text(text, field="price")

    assert refusal.value.field == "price"


def test_an_empty_amount_is_asked_for() -> None:
    with pytest.raises(Invalid, match="Enter an amount"):
        money.fen_from_text("   ")


def test_less_than_a_fen_is_refused() -> None:
    with pytest.raises(Invalid, match="at most two decimals"):
        money.fen_from_text("1.005")


def test_a_slip_of_the_hand_is_refused_as_too_large() -> None:
    with pytest.raises(Invalid, match="too large"):
        money.fen_from_text("10000000")


@pytest.mark.parametrize(
    ("fen", "shown"),
    [
        (123450, "¥1,234.50"),
        (0, "¥0.00"),
        (5, "¥0.05"),
        (-5, "-¥0.05"),
        (-123456789, "-¥1,234,567.89"),
    ],
)
def test_amounts_are_shown_with_separators_and_two_decimals(fen: int, shown: str) -> None:
    assert money.format_fen(fen) == shown


@given(fen=st.integers(-999_999_999, 999_999_999))
def test_what_is_shown_can_be_typed_again(fen: int) -> None:
    assert money.fen_from_text(money.format_fen(fen)) == fen


@pytest.mark.parametrize(
    ("yuan", "capitals"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("0.55", "伍角伍分"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("10.05", "壹拾元零伍分"),
        ("10.50", "壹拾元伍角整"),
        ("100", "壹佰元整"),
        ("1001", "壹仟零壹元整"),
        ("1010", "壹仟零壹拾元整"),
        ("1409.50", "壹仟肆佰零玖元伍角整"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("10000", "壹万元整"),
        ("10001", "壹万零壹元整"),
        ("100100", "壹拾万零壹佰元整"),
        ("101000", "壹拾万壹仟元整"),
        ("20050000", "贰仟零伍万元整"),
        ("100000000", "壹亿元整"),
        ("100000001", "壹亿零壹元整"),
        ("100010000", "壹亿零壹万元整"),
        ("110000000", "壹亿壹仟万元整"),
        ("1000000000000", "壹万亿元整"),
        ("1000000000001.10", "壹万亿零壹元壹角整"),
        ("-12.30", "负壹拾贰元叁角整"),
    ],
)
def test_amounts_are_written_in_chinese_capitals(yuan: str, capitals: str) -> None:
    assert money.in_capitals(int(Fraction(yuan) * 100)) == capitals


@given(fen=fens)
@example(10**14)
@example(100_100_100_05)
def test_an_independent_reader_gets_the_amount_back_from_the_capitals(fen: int) -> None:
    assert read_capitals(money.in_capitals(fen)) == fen


@given(fen=fens)
def test_capitals_never_repeat_and_never_end_open(fen: int) -> None:
    capitals = money.in_capitals(fen)

    assert "零零" not in capitals
    assert capitals[-1] in "整分"
    assert fen == 0 or not any(f"零{unit}" in capitals for unit in "元万亿拾佰仟角分")


@given(small=fens, large=fens)
def test_two_amounts_never_read_the_same(small: int, large: int) -> None:
    assert (money.in_capitals(small) == money.in_capitals(large)) == (small == large)


def read_capitals(words: str) -> int:
    """Read capitals back by adding up place values; it shares no code with the writer."""
    if words.startswith("负"):
        return -read_capitals(words[1:])
    yuan, _, rest = words.rpartition("元") if "元" in words else ("", "", words)
    total = 100 * _read_number(yuan)
    digit = 0
    for sign in rest:
        digit = "零壹贰叁肆伍陆柒捌玖".find(sign) if sign not in "角分整" else digit
        total += {"角": 10, "分": 1}.get(sign, 0) * digit
    return total


def _read_number(words: str) -> int:
    if "亿" in words:
        high, _, low = words.partition("亿")
        return _read_number(high) * 10**8 + _read_number(low)
    if "万" in words:
        high, _, low = words.partition("万")
        return _read_number(high) * 10**4 + _read_number(low)
    total = digit = 0
    for sign in words:
        if sign in "拾佰仟":
            total += digit * {"拾": 10, "佰": 100, "仟": 1000}[sign]
            digit = 0
        else:
            digit = "零壹贰叁肆伍陆柒捌玖".index(sign)
    return total + digit
