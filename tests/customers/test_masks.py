"""What strangers may see of a plate or a phone number."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.customers import masks, rules

serials = st.text(alphabet="1239A", min_size=5, max_size=6)
screens = st.lists(serials.map(lambda serial: f"粤B{serial}"), min_size=1, max_size=8, unique=True)


@pytest.mark.parametrize(
    ("plate", "masked"),
    [
        ("粤B12345", "粤B·12•••5"),
        ("粤BD12345", "粤B·D1•••5"),
        ("粤Z1234港", "粤Z·12•••港"),
        ("使014578", "使0•••8"),
        ("粤B123", "粤B·•••3"),
        ("粤B12", "粤B·•••"),
        ("", "•••"),
    ],
)
def test_a_public_screen_shows_part_of_a_plate(plate: str, masked: str) -> None:
    assert masks.mask_plate(plate) == masked


def test_other_characters_can_be_shown_instead() -> None:
    assert masks.mask_plate("粤B12345", revealed=(0, 3)) == "粤B·•••345"


def test_more_than_all_but_two_characters_are_never_shown() -> None:
    with pytest.raises(ValueError, match="hides at least two"):
        masks.mask_plate("粤B12345", revealed=(3, 1))


def test_two_cars_that_look_alike_are_told_apart_on_one_screen() -> None:
    shown = masks.mask_plates(["粤B12345", "粤B12355", "粤B98765"])

    assert shown == {
        "粤B12345": "粤B·1•••45",
        "粤B12355": "粤B·1•••55",
        "粤B98765": "粤B·98•••5",
    }


def test_a_ticket_helps_where_no_mask_does() -> None:
    shown = masks.mask_plates(["粤B1", "粤B2", ""], tickets={"粤B1": "A07", "": "A09"})

    assert shown == {"粤B1": "粤B·••• #A07", "粤B2": "粤B·••• #2", "": "#A09"}


@given(screens)
def test_every_mask_on_a_screen_is_its_own(plates: list[str]) -> None:
    shown = masks.mask_plates(plates)

    assert list(shown) == plates
    assert len(set(shown.values())) == len(plates)


@given(screens)
def test_no_owner_can_take_the_mask_of_another_car_for_his_own(plates: list[str]) -> None:
    for plate, masked in masks.mask_plates(plates).items():
        if "#" not in masked:
            front, end = masked.split("•••")
            fitting = [
                other
                for other in map(rules.show_plate, plates)
                if other.startswith(front) and other.endswith(end)
            ]
            assert fitting == [rules.show_plate(plate)]


@given(screens)
def test_a_screen_never_carries_a_full_plate(plates: list[str]) -> None:
    for plate, masked in masks.mask_plates(plates).items():
        revealed = masked.partition(" #")[0].replace("•", "").replace("·", "")
        assert len(revealed) <= len(plate) - 2


@pytest.mark.parametrize(
    ("phone", "masked"),
    [
        ("13812345678", "138****5678"),
        ("075588886666", "075****6666"),
        ("075588886666-801", "075****6666"),
        ("+85291234567", "+85****4567"),
        ("4008888888", "40****88"),
        ("12345", "****"),
        ("", "****"),
    ],
)
def test_a_phone_number_is_hidden_in_its_middle(phone: str, masked: str) -> None:
    assert masks.mask_phone(phone) == masked
