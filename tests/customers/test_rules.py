"""Plates, VINs, phone numbers, company codes and search initials: the examples of domain.md §7."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.customers import rules
from workshop.customers.rules import PlateKind, Severity
from workshop.errors import Invalid

FULL_WIDTH_PLATE = "粤\uff22\uff11\uff12\uff13\uff14\uff15"


@pytest.mark.parametrize(
    "typed",
    ["粤B12345", " 粤b 12345 ", "粤B·12345", "粤B-12345", "粤B•123 45", FULL_WIDTH_PLATE],
)
def test_a_plate_is_kept_in_one_way_of_writing(typed: str) -> None:
    assert rules.normalise_plate(typed) == "粤B12345"


@given(st.text(max_size=12))
def test_normalising_a_plate_twice_changes_nothing(typed: str) -> None:
    once = rules.normalise_plate(typed)

    assert rules.normalise_plate(once) == once


@pytest.mark.parametrize(
    ("plate", "kind"),
    [
        ("粤B12345", PlateKind.ORDINARY),
        ("京A0001学", PlateKind.ORDINARY),
        ("粤Z1234港", PlateKind.ORDINARY),
        ("粤Z1234澳", PlateKind.ORDINARY),
        ("粤BD12345", PlateKind.SMALL_NEW_ENERGY),
        ("粤BDA1234", PlateKind.SMALL_NEW_ENERGY),
        ("粤BF12345", PlateKind.SMALL_NEW_ENERGY),
        ("粤B12345D", PlateKind.LARGE_NEW_ENERGY),
        ("使014578", PlateKind.SPECIAL),
        ("224578使", PlateKind.SPECIAL),
        ("沪A1234领", PlateKind.SPECIAL),
        ("VA12345", PlateKind.SPECIAL),
        ("WJ京12345", PlateKind.SPECIAL),
        ("粤B临12345", PlateKind.SPECIAL),
        ("临粤B12345", PlateKind.SPECIAL),
        ("沪A1234试", PlateKind.SPECIAL),
        ("京X0001应急", PlateKind.SPECIAL),
        ("粤BF1234A", PlateKind.ODD),
        ("沪AO1234", PlateKind.ODD),
        ("粤B1234", PlateKind.ODD),
        ("B12345", PlateKind.ODD),
        ("", PlateKind.NONE),
        (" · ", PlateKind.NONE),
    ],
)
def test_every_form_of_plate_is_told_apart(plate: str, kind: PlateKind) -> None:
    assert rules.plate_kind(plate) is kind


@pytest.mark.parametrize(
    ("plate", "is_green"),
    [
        ("粤BD12345", True),
        ("粤B·D12345", True),
        ("粤B12345D", True),
        ("粤B12345", False),
        # Eight characters too, but painted otherwise.
        ("粤B1234应急", False),
        ("民航A12345", False),
        ("LVSHFFAL5DF123456", False),
    ],
)
def test_only_a_new_energy_plate_is_green(plate: str, is_green: bool) -> None:
    assert rules.is_green_plate(plate) is is_green


@pytest.mark.parametrize("plate", ["粤B12345", "粤BD12345", "粤B12345D", "224578使", "VA12345"])
def test_a_real_plate_brings_no_warning(plate: str) -> None:
    assert rules.plate_warning(plate) is None


@pytest.mark.parametrize("plate", ["粤BF1234A", "沪AO1234", "粤B1234"])
def test_an_odd_plate_brings_a_warning(plate: str) -> None:
    assert "unusual form" in (rules.plate_warning(plate) or "")


def test_a_car_without_a_plate_is_known_by_its_vin() -> None:
    assert "No plate yet" in (rules.plate_warning("") or "")


@given(st.text(max_size=12))
def test_whatever_is_typed_as_a_plate_never_blocks(typed: str) -> None:
    warning = rules.plate_warning(typed)

    assert warning is None or warning.endswith(".")


def test_every_kind_of_plate_has_a_name_for_people() -> None:
    assert len({kind.label for kind in PlateKind}) == len(PlateKind)


@pytest.mark.parametrize(
    ("plate", "shown"),
    [("粤b12345", "粤B·12345"), ("使014578", "使014578"), ("粤B", "粤B"), ("", "")],
)
def test_a_plate_is_shown_with_its_dot(plate: str, shown: str) -> None:
    assert rules.show_plate(plate) == shown


@pytest.mark.parametrize(
    "vin",
    [
        "LATPAB071W1005301",
        "1M8GDM9AXKP042788",
        "11111111111111111",
        "LVSHCAMB1KE100001",
        "LVSHCAMBXKE100014",
        "lvshcamb1 ke-100001",
    ],
)
def test_a_right_vin_has_no_fault(vin: str) -> None:
    assert rules.vin_fault(vin) is None


@pytest.mark.parametrize(
    ("vin", "severity", "words"),
    [
        ("LSVXZ60E0H2345678", Severity.ERROR, "check digit"),
        ("LVSHCAMB2KE100001", Severity.ERROR, "check digit"),
        ("LVSHCAMB1KE10000", Severity.ERROR, "17 characters"),
        ("LVSHCAMB1KE1O0001", Severity.ERROR, "I, O or Q"),
        ("WVWZZZ1KZ6W000001", Severity.WARNING, "check digit"),
        ("WVWZZZ1KZ6W00000I", Severity.WARNING, "I, O or Q"),
        ("JZX1000012345", Severity.WARNING, "17 characters"),
        ("LVSHCAMB1KE10000中", Severity.ERROR, "only letters and digits"),
        ("", Severity.ERROR, "only letters and digits"),
    ],
)
def test_a_wrong_vin_blocks_a_chinese_car_and_warns_for_an_import(
    vin: str, severity: Severity, words: str
) -> None:
    fault = rules.vin_fault(vin)

    assert fault is not None
    assert fault[0] is severity
    assert words in fault[1]


@given(place=st.integers(0, 16), sign=st.sampled_from("ABCDEFGHJKLMNPRSTUVWXYZ0123456789"))
def test_one_mistyped_character_shows_wherever_it_changes_the_sum(place: int, sign: str) -> None:
    right = "LVSHCAMB1KE100001"
    typed = right[:place] + sign + right[place + 1 :]

    values = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", "12345678123457923456789", strict=True))
    same = values.get(sign, sign) == values.get(right[place], right[place]) and place != 8
    assert (rules.vin_fault(typed) is None) == (same or typed == right)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13812345678", "13812345678"),
        ("138 1234 5678", "13812345678"),
        ("+86 138-1234-5678", "13812345678"),
        ("008613812345678", "13812345678"),
        ("\uff11\uff13\uff18\uff11\uff12\uff13\uff14\uff15\uff16\uff17\uff18", "13812345678"),
        ("19912345678", "19912345678"),
        ("0755-88886666", "075588886666"),
        ("(010) 6552 9988", "01065529988"),
        ("+86 755 8888 6666", "075588886666"),
        ("0750-1234567", "07501234567"),
        ("0755-88886666-801", "075588886666-801"),
        ("0755-88886666转801", "075588886666-801"),
        ("400-888-8888", "4008888888"),
        ("+852 9123 4567", "+85291234567"),
        ("00852 9123 4567", "+85291234567"),
    ],
)
def test_a_phone_number_is_kept_as_text_in_one_way(typed: str, kept: str) -> None:
    assert rules.normalise_phone(typed) == kept


@pytest.mark.parametrize(
    "typed", ["12812345678", "1381234567", "138123456789", "88886666", "abc", "0", "+", "95533-"]
)
def test_what_is_no_phone_number_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Invalid, match="is not a phone number") as refusal:
        rules.normalise_phone(typed, field="phone")

    assert refusal.value.field == "phone"


def test_a_missing_phone_number_is_asked_for() -> None:
    with pytest.raises(Invalid, match="Enter a phone number"):
        rules.normalise_phone("  ")


@given(st.integers(3_000_000_000, 9_999_999_999).map(lambda rest: f"1{rest}"))
def test_every_mobile_of_the_rule_is_kept_as_it_is(mobile: str) -> None:
    assert rules.normalise_phone(mobile) == mobile


@given(st.text(max_size=20))
def test_a_phone_number_is_either_kept_for_good_or_refused(typed: str) -> None:
    try:
        kept = rules.normalise_phone(typed)
    except Invalid:
        return

    assert rules.normalise_phone(kept) == kept
    assert set(kept) <= set("+-0123456789")


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("张伟", "zw"),
        ("曾小贤", "zxx"),
        ("单雄信", "sxx"),
        ("尉迟恭", "ycg"),
        ("欧阳锋", "oyf"),
        ("𬭎", "h"),
        ("阿依古丽·买买提", "ayglmmt"),
        ("John Smith", "js"),
        ("58同城", "58tc"),
        ("深圳顺丰物流有限公司", "szsfwlyxgs"),
        ("解放军总医院", "jfjzyy"),
        ("", ""),
    ],
)
def test_a_name_is_found_by_its_initials(name: str, initials: str) -> None:
    assert rules.pinyin_initials(name) == initials
