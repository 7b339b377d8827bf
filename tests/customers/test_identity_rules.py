"""The identity desk's one decision, tried with all that plate, VIN, phone and name may be."""

from __future__ import annotations

import itertools

import pytest

from workshop.customers.identity import rules
from workshop.customers.identity.rules import Car, CarAnswer, Found, Person, PersonAnswer, Said

C, P = CarAnswer, PersonAnswer
WANG = Person(1, "王伟", "13800000001")
LI = Person(2, "李雷", "13800000002")
A = Car(11, "粤B00001", "VINA", WANG)
B = Car(12, "粤B00002", "VINB", LI)
A_NO_VIN = Car(11, "粤B00001", None, WANG)
B_NO_PLATE = Car(12, None, "VINB", LI)

# (plate typed, VIN typed, car with the plate, car with the VIN) → what is asked, or what is plain.
_CARS = {
    ("", "VINX", None, None): C.NEW,
    ("粤B99999", "", None, None): C.NEW,
    ("粤B99999", "VINX", None, None): C.NEW,
    ("粤B00001", "", A, None): C.KNOWN,
    ("", "VINA", None, A): C.KNOWN,
    ("粤B00001", "VINA", A, A): C.KNOWN,
    ("粤B00001", "VINX", A_NO_VIN, None): C.KNOWN,
    ("粤B99999", "VINB", None, B_NO_PLATE): C.KNOWN,
    ("粤B00001", "VINX", A, None): {C.PLATE_MOVED, C.BY_PLATE, C.CORRECT_VIN, C.ANOTHER_CAR},
    ("粤B99999", "VINB", None, B): {C.NEW_PLATE, C.BY_VIN, C.CORRECT_PLATE, C.ANOTHER_CAR},
    ("粤B00001", "VINB", A, B): {C.PLATE_MOVED, C.BY_PLATE, C.BY_VIN},
    ("粤B00001", "VINB", A_NO_VIN, B_NO_PLATE): {C.PLATE_MOVED, C.BY_PLATE, C.BY_VIN},
}


@pytest.mark.parametrize("case", _CARS, ids=lambda case: f"{case[0]}-{case[1]}-{case[2] and 1}")
def test_the_car_is_plain_or_asked_about(case: tuple[str, str, Car | None, Car | None]) -> None:
    plate, vin, by_plate, by_vin = case
    decision = rules.decide(Said(plate, vin), Found(by_plate, by_vin))
    wanted = _CARS[case]
    if isinstance(wanted, set):
        assert {each.answer for each in decision.about_car} == wanted
        assert decision.car is None
    else:
        assert decision.car is not None
        assert decision.car.answer is wanted
        assert not decision.about_car


# (name typed, phone typed, who has that phone) → what is asked of the owner 王伟.
_OWNERS = {
    ("", "", ()): P.KNOWN,
    ("王伟", "", ()): P.KNOWN,
    ("", WANG.phone, (WANG,)): P.KNOWN,
    ("王伟", WANG.phone, (WANG,)): P.KNOWN,
    ("汪伟", WANG.phone, (WANG,)): {P.BRINGS, P.NEW_OWNER, P.CORRECT, P.AS_RECORDED},
    ("王伟", "13899999999", ()): {P.BRINGS, P.NEW_OWNER, P.CORRECT, P.AS_RECORDED},
    ("韩梅", "", ()): {P.BRINGS, P.CORRECT, P.AS_RECORDED},
    ("", "13899999999", ()): {P.BRINGS, P.CORRECT, P.AS_RECORDED},
    ("韩梅", "13899999999", ()): {P.BRINGS, P.NEW_OWNER, P.AS_RECORDED},
    ("李雷", LI.phone, (LI,)): {P.BRINGS, P.NEW_OWNER, P.AS_RECORDED},
    ("韩梅", LI.phone, (LI,)): {P.BRINGS, P.NEW_OWNER, P.AS_RECORDED},
}


@pytest.mark.parametrize("case", _OWNERS, ids=str)
def test_the_owner_is_plain_or_asked_about(case: tuple[str, str, tuple[Person, ...]]) -> None:
    name, phone, known = case
    said = Said("粤B00001", "", name, phone)
    decision = rules.decide(said, Found(A, None, known))
    _check(decision, _OWNERS[case])


_NEW_CARS = {
    ("韩梅", "13899999999", ()): P.NEW,
    ("李雷", LI.phone, (LI,)): P.KNOWN,
    ("", LI.phone, (LI,)): {P.SAME},
    ("韩梅", LI.phone, (LI,)): {P.SAME, P.CORRECT, P.ANOTHER},
    ("李雷", "13899999999", ()): P.NEW,
    ("", "", ()): P.NEW,
}


@pytest.mark.parametrize("case", _NEW_CARS, ids=str)
def test_who_owns_a_new_car(case: tuple[str, str, tuple[Person, ...]]) -> None:
    name, phone, known = case
    decision = rules.decide(Said("粤B99999", "", name, phone), Found(None, None, known))
    _check(decision, _NEW_CARS[case])


def _check(decision: rules.Decision, wanted: object) -> None:
    if isinstance(wanted, set):
        assert {each.answer for each in decision.about_person} == wanted
        assert not decision.is_clear
    else:
        assert decision.person is not None
        assert decision.person.answer is wanted


def test_whatever_is_typed_some_answer_makes_it_clear_and_none_is_guessed() -> None:
    """All combinations: what disagrees is always asked, and each answer leads to an end."""
    plates = (("", None), ("粤B99999", None), ("粤B00001", A), ("粤B00001", A_NO_VIN))
    vins = (("", None), ("VINX", None), ("VINA", A), ("VINB", B), ("VINB", B_NO_PLATE))
    people = (("", "", ()), ("王伟", "", ()), ("韩梅", "1", ()), ("李雷", LI.phone, (LI,)))
    tried = 0
    for (plate, by_plate), (vin, by_vin), who in itertools.product(plates, vins, people):
        if by_plate is A_NO_VIN and by_vin is A:
            continue
        said, found = Said(plate, vin, *who[:2]), Found(by_plate, by_vin, who[2])
        for car in rules.decide(said, found).about_car or [None]:
            asked = rules.decide(said, found, car.code if car else "")
            assert asked.car is not None
            for person in asked.about_person or [None]:
                code = person.code if person else ""
                assert rules.decide(said, found, car.code if car else "", code).is_clear
                tried += 1
    assert tried > 150


def test_an_answer_is_worth_nothing_in_view_of_other_facts() -> None:
    said = Said("粤B99999", "VINB")
    answer = rules.decide(said, Found(None, B)).about_car[0]
    changed = Car(B.id, "粤B55555", B.vin, B.owner)
    assert rules.decide(said, Found(None, B), answer.code).car == answer
    assert rules.decide(said, Found(None, changed), answer.code).car is None


def test_who_moves_the_plate_to_a_new_car_and_names_nobody_keeps_it() -> None:
    said, found = Said("粤B00001", "VINX"), Found(A, None)
    moved = rules.decide(said, found).about_car[0]
    assert moved.answer is C.PLATE_MOVED
    decision = rules.decide(said, found, moved.code)
    assert decision.person is not None
    assert decision.person.target == WANG.id
