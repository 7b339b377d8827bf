"""The sections of an order's reception: one form, one service call, one commit each."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from workshop.customers.models import EnergyType
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.reception import (
    condition,
    forms,
    gauge_forms,
    queries,
    repeat,
    walkaround,
)
from workshop.steps.reception.blueprint import bp
from workshop.steps.reception.car import forms as car_forms
from workshop.steps.reception.checks import PayWay
from workshop.steps.reception.rules import BoardItem, CoverKind, OldParts, Paper, WarningLamp
from workshop.steps.reception.sections import page as section_page


@bp.post("/orders/<no>/reception/correction")
@requires(Permission.RECEIVE)
def correct_concern(no: str) -> ResponseReturnValue:
    """Append what the customer added to the concern."""
    form = forms.CorrectionForm(prefix="correction")
    return section_page.save(
        no,
        "concern",
        form,
        "correction_form",
        lambda order, at: walkaround.correct_concern(order, form.words.data or "", by=me(), at=at),
    )


@bp.post("/orders/<no>/reception/interview")
@requires(Permission.RECEIVE)
def save_interview(no: str) -> ResponseReturnValue:
    """Keep the interview and the finding."""
    form = forms.InterviewForm(prefix="interview")
    return section_page.save(
        no,
        "concern",
        form,
        "interview_form",
        lambda order, at: walkaround.record_interview(
            order,
            form.answers(),
            form.finding.data or "",
            seen=form.seen.data,
            by=me(),
            at=at,
        ),
    )


@bp.post("/orders/<no>/reception/gauges")
@requires(Permission.RECEIVE)
def save_gauges(no: str) -> ResponseReturnValue:
    """Keep the odometer, the level and the lamps."""
    form = gauge_forms.GaugesForm(prefix="gauges")
    return section_page.save(
        no,
        "gauges",
        form,
        "gauges_form",
        lambda order, at: walkaround.record_gauges(
            order,
            form.mileage_km.data or 0,
            form.level(order.vehicle.energy is EnergyType.ELECTRIC),
            ev_km=form.ev_km.data,
            odometer_replaced=form.odometer_replaced.data,
            correction_reason=form.correction_reason.data or "",
            lamps=forms.members(WarningLamp, form.lamps.data),
            lamps_note=form.lamps_note.data or "",
            seen=form.seen.data,
            by=me(),
            at=at,
        ),
    )


@bp.post("/orders/<no>/reception/covers")
@requires(Permission.RECEIVE)
def fit_cover(no: str) -> ResponseReturnValue:
    """Note one protective cover."""
    kind = section_page.member(CoverKind, "kind")
    fitted = section_page.is_on("on")
    return section_page.do(
        no,
        "covers",
        lambda order, at: walkaround.fit_cover(order, kind, fitted, by=me(), at=at),
    )


@bp.post("/orders/<no>/reception/valuables/asked")
@requires(Permission.RECEIVE)
def ask_for_valuables(no: str) -> ResponseReturnValue:
    """The customer was asked."""
    return section_page.do(
        no,
        "valuables",
        lambda order, at: walkaround.ask_for_valuables(order, by=me(), at=at),
    )


@bp.post("/orders/<no>/reception/valuables")
@requires(Permission.RECEIVE)
def add_valuable(no: str) -> ResponseReturnValue:
    """Note something of value."""
    form = forms.ValuableForm(prefix="valuable")
    return section_page.save(
        no,
        "valuables",
        form,
        "valuable_form",
        lambda order, at: walkaround.add_valuable(
            order,
            form.title.data or "",
            form.kept.data == "yes",
            place=form.place.data or "",
            by=me(),
            at=at,
        ),
    )


@bp.post("/orders/<no>/reception/valuables/<int:valuable_id>/remove")
@requires(Permission.RECEIVE)
def remove_valuable(no: str, valuable_id: int) -> ResponseReturnValue:
    """Take a valuable off the list."""
    return section_page.do(
        no,
        "valuables",
        lambda order, at: walkaround.remove_valuable(
            order, queries.get_valuable(order, valuable_id), by=me(), at=at
        ),
    )


@bp.post("/orders/<no>/reception/items")
@requires(Permission.RECEIVE)
def save_items(no: str) -> ResponseReturnValue:
    """Keep what stays in the car, keys and papers."""
    form = forms.ItemsForm(prefix="items")
    return section_page.save(
        no,
        "items",
        form,
        "items_form",
        lambda order, at: walkaround.record_items(
            order,
            items=forms.members(BoardItem, form.items.data),
            items_note=form.items_note.data or "",
            keys=form.keys.data or 0,
            papers=forms.members(Paper, form.papers.data),
            seen=form.seen.data,
            by=me(),
            at=at,
        ),
    )


@bp.post("/orders/<no>/reception/checks")
@requires(Permission.RECEIVE)
def save_checks(no: str) -> ResponseReturnValue:
    """Keep how the checks at the car came out."""
    form = forms.ChecksForm(prefix="checks")
    return section_page.save(
        no,
        "checks",
        form,
        "checks_form",
        lambda order, at: condition.record_checks(
            order,
            form.judged(),
            form.note.data or "",
            seen=form.seen.data,
            by=me(),
            at=at,
        ),
    )


@bp.post("/orders/<no>/reception/wishes")
@requires(Permission.RECEIVE)
def save_wishes(no: str) -> ResponseReturnValue:
    """Keep whether the customer waits, and what is wished about old parts, wash and payment."""
    form = forms.WishesForm(prefix="wishes")
    return section_page.save(
        no,
        "wishes",
        form,
        "wishes_form",
        lambda order, at: walkaround.record_wishes(
            order,
            stays=form.stays.answer,
            old_parts=OldParts(form.old_parts.data) if form.old_parts.data else None,
            wash_wanted=form.wash_wanted.data,
            road_test_wanted=form.road_test_wanted.data,
            pay_way=PayWay(form.pay_way.data) if form.pay_way.data else None,
            seen=form.seen.data,
            by=me(),
            at=at,
        ),
    )


@bp.post("/orders/<no>/reception/vin")
@requires(Permission.RECEIVE)
def save_vin(no: str) -> ResponseReturnValue:
    """Keep the VIN that was read at the car, or why it cannot be."""
    form = forms.VinForm(prefix="vin")
    return section_page.save(
        no,
        "past",
        form,
        "vin_form",
        lambda order, at: condition.record_vin(
            order, form.vin.data or "", form.reason.data or "", by=me(), at=at
        ),
    )


@bp.post("/orders/<no>/reception/repeat")
@requires(Permission.RECEIVE)
def decide_repeat(no: str) -> ResponseReturnValue:
    """Say whether it is a repeat repair."""
    form = car_forms.RepeatForm(prefix="repeat")
    return section_page.save(
        no,
        "repeat",
        form,
        "repeat_form",
        lambda order, at: repeat.decide(
            order, form.same.data == "yes", form.reason.data or "", by=me(), at=at
        ),
    )
