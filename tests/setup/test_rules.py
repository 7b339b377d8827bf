"""What stops a car, sentence by sentence: each stands there until its fact is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from workshop.setup.gaps import rules
from workshop.setup.rules import Facts, Hand, Person, Work
from workshop.staff.permissions import PRESETS, RoleName

DAY = date(2026, 11, 23)
R = RoleName


def person(number: int, *roles: RoleName) -> Person:
    rights = frozenset(right for role in roles for right in PRESETS[role])
    return Person(number, f"员工{number}", frozenset(role.value for role in roles), rights)


MANAGER = person(1, R.SERVICE_MANAGER)
ADVISOR = person(2, R.SERVICE_ADVISOR)
TECHNICIAN = person(3, R.TECHNICIAN)
PADS = Work("B-PAD-F", 7, 2, ("lift",), "standard")
READY = Facts(
    day=DAY,
    is_ever_open=True,
    people=(MANAGER, ADVISOR, TECHNICIAN),
    hands=(Hand(3, {7: (2, DAY)}),),
    bay_kinds=frozenset({"lift"}),
    rates=frozenset({"standard"}),
    work=(PADS,),
)


def codes(facts: Facts) -> list[str]:
    return [each.what.code for each in rules.find_gaps(facts)]


def test_three_people_a_bay_a_rate_and_an_operation_are_enough() -> None:
    assert codes(READY) == []


def test_an_empty_shop_needs_these_and_says_them_in_the_order_of_the_steps() -> None:
    empty = Facts(day=DAY, is_ever_open=True, people=(MANAGER,))
    assert codes(empty) == ["no_advisor", "no_bay", "no_technician", "no_rate", "no_operation"]
    first = rules.find_gaps(empty)[3]
    assert str(first.what) == "There is no labour rate: quotations cannot be offered."


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"is_ever_open": False}, "never_open"),
        ({"people": (MANAGER, person(4, R.QUALITY_INSPECTOR), TECHNICIAN)}, "no_advisor"),
        ({"bay_kinds": frozenset()}, "no_bay"),
        ({"bay_kinds": frozenset({"paint"})}, "no_bay_kind"),
        ({"hands": ()}, "no_technician"),
        ({"hands": (Hand(3, {7: (2, None)}, has_shift=False),)}, "no_technician"),
        ({"hands": (Hand(3, {7: (1, None)}),)}, "no_skill"),
        ({"hands": (Hand(3, {7: (2, date(2026, 11, 22))}),)}, "no_skill"),
        ({"rates": frozenset()}, "no_rate"),
        ({"rates": frozenset({"warranty"})}, "no_such_rate"),
        ({"work": ()}, "no_operation"),
        ({"hands": (Hand(1, {7: (2, None)}),)}, "nobody_works"),
        ({"people": (person(1, R.SERVICE_MANAGER, R.SERVICE_ADVISOR), TECHNICIAN)}, None),
    ],
)
def test_each_fact_that_goes_brings_its_sentence(
    change: dict[str, object], code: str | None
) -> None:
    found = codes(replace(READY, **change))  # type: ignore[arg-type]
    expected = ["three_persons", "nobody_calls"] if code is None else [code]
    assert [each for each in found if each in expected] == expected


def test_two_persons_cannot_make_three_checks_and_a_third_can() -> None:
    both = person(1, R.SERVICE_MANAGER, R.SERVICE_ADVISOR)
    two = replace(READY, people=(both, TECHNICIAN))
    three = replace(two, people=(both, TECHNICIAN, person(4, R.QUALITY_INSPECTOR)))
    assert "three_persons" in codes(two)
    assert "three_persons" not in codes(three)


def test_the_only_advisor_does_not_call_the_own_customers() -> None:
    inspector = person(4, R.QUALITY_INSPECTOR)
    both = person(1, R.SERVICE_MANAGER, R.SERVICE_ADVISOR)
    alone = replace(READY, people=(both, TECHNICIAN, inspector))
    assert codes(alone) == ["nobody_calls"]
    helped = replace(alone, people=(*alone.people, person(5, R.CUSTOMER_RELATIONS)))
    assert codes(helped) == []


def test_operations_without_the_same_skill_share_one_sentence() -> None:
    more = (PADS, replace(PADS, code="C-SHOCK"), replace(PADS, code="X", level=3))
    found = rules.find_gaps(replace(READY, work=more, hands=(Hand(3, {}),)))
    told = [(each.what.values["level"], each.what.values["count"]) for each in found]
    assert told == [(2, 2), (3, 1)]


def test_what_stops_only_some_operations_is_told_apart() -> None:
    missing = replace(
        READY, hands=(Hand(3, {}),), bay_kinds=frozenset({"paint"}), rates=frozenset()
    )
    partial = {each.what.code: each.is_partial for each in rules.find_gaps(missing)}
    assert partial == {"no_skill": True, "no_bay_kind": True, "no_rate": False}


def test_kinds_without_a_part_are_told_once() -> None:
    class Kind:
        def __init__(self, code: str) -> None:
            self.code = code

    kinds = tuple((Kind(code), "M-OIL") for code in ("oil", "filter", "washer", "pads"))
    (found,) = rules.find_gaps(replace(READY, partless=kinds))
    assert found.is_partial
    assert found.what.values["count"] == 4
    assert [kind.code for kind in found.what.values["kinds"]] == ["oil", "filter", "washer"]
