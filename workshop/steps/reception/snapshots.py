"""What each section of the reception holds, as people see it: to notice that a page was stale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workshop.errors import N_
from workshop.orders.models import RepairOrder
from workshop.steps.reception.checks import CarCheck, Judgement, PayWay, from_plain
from workshop.steps.reception.models import Walkaround
from workshop.steps.reception.rules import BoardItem, OldParts, Paper, Question, WarningLamp
from workshop.web.versions import State, Unit, mark, quantity


def interview(answers: Mapping[Question, str], finding: str) -> State:
    """The concern interview and the advisor's own finding."""
    said = {question.label: answers.get(question, "").strip() for question in Question}
    return {N_("Advisor's finding"): finding.strip(), **said}


def gauges(
    mileage_km: int | None,
    energy_percent: int | None,
    replaced: bool,
    lamps: Iterable[WarningLamp],
    note: str,
    ev_km: int | None = None,
) -> State:
    """The dashboard."""
    return {
        N_("Mileage"): quantity(mileage_km, Unit.KM),
        N_("Kilometres by battery"): quantity(ev_km, Unit.KM),
        N_("Fuel or charge level (percent)"): quantity(energy_percent, Unit.PERCENT),
        N_("Odometer replaced"): replaced,
        N_("Warning lamps that are lit"): _in_order(WarningLamp, lamps),
        N_("About the lamps"): note.strip(),
    }


def items(keys: int, papers: Iterable[Paper], things: Iterable[BoardItem], note: str) -> State:
    """Keys, papers, and what stays in the car."""
    return {
        N_("Keys received"): keys,
        N_("Papers received"): _in_order(Paper, papers),
        N_("In the car and its boot"): _in_order(BoardItem, things),
        N_("Other things"): note.strip(),
    }


def wishes(
    stays: bool | None,
    old_parts: OldParts | None,
    wash_wanted: bool,
    road_test_wanted: bool,
    pay_way: PayWay | None,
) -> State:
    """Waiting or leaving, old parts, wash, road test, payment."""
    return {
        N_("Waits here"): stays,
        N_("Replaced parts"): old_parts,
        N_("Wash the car before the handover"): wash_wanted,
        N_("Road test together with the customer"): road_test_wanted,
        N_("Means to pay by"): pay_way,
    }


def checks(judged: Mapping[CarCheck, Judgement], note: str) -> State:
    """The checks at the car."""
    shown: State = {
        check.label: (judged[check].grade, judged[check].measure) if check in judged else None
        for check in CarCheck
    }
    return {**shown, N_("About the checks"): note.strip()}


def interview_now(walkaround: Walkaround) -> State:
    """The interview as it is kept."""
    kept = {Question(name): answer for name, answer in walkaround.interview.items()}
    return interview(kept, walkaround.finding)


def gauges_now(order: RepairOrder, walkaround: Walkaround) -> State:
    """The dashboard as it is kept."""
    return gauges(
        order.mileage_km,
        order.energy_percent,
        walkaround.odometer_replaced,
        [WarningLamp(lamp) for lamp in walkaround.lamps],
        walkaround.lamps_note,
        order.ev_km,
    )


def items_now(walkaround: Walkaround) -> State:
    """Keys, papers and things as they are kept."""
    return items(
        walkaround.keys,
        [Paper(paper) for paper in walkaround.papers],
        [BoardItem(item) for item in walkaround.items],
        walkaround.items_note,
    )


def wishes_now(order: RepairOrder, walkaround: Walkaround) -> State:
    """The wishes as they are kept."""
    return wishes(
        order.stays,
        walkaround.old_parts,
        walkaround.wash_wanted,
        walkaround.road_test_wanted,
        walkaround.pay_way,
    )


def checks_now(walkaround: Walkaround) -> State:
    """The checks as they are kept."""
    return checks(from_plain(walkaround.checks), walkaround.checks_note)


def marks(order: RepairOrder, walkaround: Walkaround) -> dict[str, str]:
    """The mark of each section as it is kept, by the section's name."""
    return {
        "interview": mark(interview_now(walkaround)),
        "gauges": mark(gauges_now(order, walkaround)),
        "items": mark(items_now(walkaround)),
        "checks": mark(checks_now(walkaround)),
        "wishes": mark(wishes_now(order, walkaround)),
    }


def _in_order(kind: type, chosen: Iterable[object]) -> list[object]:
    members = set(chosen)
    return [each for each in kind if each in members]  # type: ignore[attr-defined]  # An enum.
