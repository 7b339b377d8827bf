"""What the reception's page shows of one order, gathered for the template."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from workshop import clock, web
from workshop.customers.models import EnergyType
from workshop.errors import N_, Missing
from workshop.inspections import queries as inspections
from workshop.orders import effects, guarantees, history
from workshop.orders import gates as orders_gates
from workshop.orders.flow import Action, Stage, permits
from workshop.orders.models import RepairOrder
from workshop.orders.past.queries import list_past
from workshop.shop import calendar
from workshop.staff.access import me
from workshop.staff.permissions import Permission
from workshop.steps.booking import queries as booking_queries
from workshop.steps.reception import (
    checks,
    forms,
    gates,
    gauge_forms,
    queries,
    rules,
    sections_page,
    snapshots,
    waiting,
    walkaround,
)
from workshop.steps.reception import service as reception
from workshop.steps.reception.car import forms as car_forms
from workshop.steps.reception.car import shapes, zones
from workshop.steps.reception.car.shapes import CarView
from workshop.steps.reception.models import Walkaround
from workshop.steps.reception.rules import BoardItem, Paper, WarningLamp


def page(order: RepairOrder, status: int = 200, **submitted: Any) -> tuple[str, int]:
    """The page of one order's reception; `submitted` are forms that come back."""
    return web.page("reception/show.html", status, **context(order, clock.now(), **submitted))


def context(order: RepairOrder, at: datetime, **submitted: Any) -> dict[str, Any]:
    """All that the page needs; `submitted` forms come back with what was typed."""
    sheet = queries.show_walkaround(order)
    missing = gates.missing_to_sign(order)
    can_edit = permits(order.stage, Action.EDIT_RECEPTION)
    sections = sections_page.list_sections(order, sheet, missing, can_edit)
    return {
        "order": order,
        "sheet": sheet,
        "missing": missing,
        "sections": sections,
        "folds": {section.anchor: section.fold for section in sections},
        "can_edit": can_edit,
        **_rights(order, sheet),
        **_after_signing(order),
        "counts_by_battery": order.vehicle.energy is EnergyType.HYBRID,
        "is_electric": order.vehicle.energy is EnergyType.ELECTRIC,
        "greet_minutes": waiting.greet_minutes(order),
        "appointment": booking_queries.find_by_order(order),
        "corrections": queries.list_corrections(order),
        "warnings": order.vehicle.warnings,
        **_car(order),
        **_facts(order, sheet),
        **_past(order, at),
        **_ends(order),
        **_forms(order, sheet),
        **submitted,
    }


def _car(order: RepairOrder) -> dict[str, Any]:
    marks = queries.list_damage(order)
    return {
        "views": list(CarView),
        "drawings": shapes.DRAWINGS,
        "zones": zones.ZONES,
        "marks": marks,
        "marks_of": {view: [mark for mark in marks if mark.view is view] for view in CarView},
        "view_checks": queries.view_checks(order),
        "photos": queries.list_car_photos(order),
    }


def _facts(order: RepairOrder, sheet: Any) -> dict[str, Any]:
    return {
        "covers": queries.covers(order),
        "cover_kinds": list(rules.CoverKind),
        "required_covers": rules.REQUIRED_COVERS,
        "valuables": queries.list_valuables(order),
        "lamp_labels": walkaround.labels(WarningLamp, sheet.lamps),
        "item_labels": walkaround.labels(BoardItem, sheet.items),
        "paper_labels": walkaround.labels(Paper, sheet.papers),
        "questions": list(rules.Question),
        "checked": checks.from_plain(sheet.checks),
        "check_groups": [(N_("On the car"), checks.OUTSIDE), (N_("Inside the car"), checks.INSIDE)],
    }


def _past(order: RepairOrder, at: datetime) -> dict[str, Any]:
    vehicle = order.vehicle
    day = calendar.local_day(order.branch, at)
    visits = [each for each in history.list_visits(vehicle) if each.id != order.id]
    deferred = history.list_deferred(vehicle)
    return {
        "visits": visits,
        "past": list_past(vehicle, 10),
        "deferred": deferred,
        "due_of": inspections.due_of([each.id for each in deferred]),
        "guarantees": guarantees.list_in_force(vehicle, day, vehicle.mileage_km),
        "repeat": queries.find_repeat_check(order),
    }


def _rights(order: RepairOrder, sheet: Walkaround) -> dict[str, bool]:
    """What the reader may do beside the sections, as the stage lets it."""
    may_receive = me().may(Permission.RECEIVE)
    may_edit = may_receive and permits(order.stage, Action.EDIT_RECEPTION)
    return {
        "can_decide_repeat": may_receive and order.stage.is_here,
        "can_mark_repeat": may_edit,
        "can_add_vin": may_edit and not order.vehicle.vin,
        "is_closed": bool(sheet.signed_at) and not permits(order.stage, Action.EDIT_RECEPTION),
        "can_see_signature": bool(sheet.signature_id) and me().may(Permission.VIEW_CUSTOMERS),
    }


def _after_signing(order: RepairOrder) -> dict[str, Any]:
    """What follows while nothing is quoted yet."""
    is_fresh = order.stage is Stage.INSPECTED
    return {
        "can_quote": is_fresh and me().may(Permission.QUOTE),
        "can_reopen": is_fresh and me().may(Permission.RECEIVE),
    }


def _ends(order: RepairOrder) -> dict[str, Any]:
    return {
        "signings": queries.list_signings(order),
        "can_take_back": me().may(Permission.RECEIVE) and not gates.missing_to_take_back(order),
        "can_cancel": permits(order.stage, Action.CANCEL) and me().may(Permission.CANCEL_ORDER),
        "missing_to_cancel": orders_gates.missing_to_cancel(order),
        "effects": effects.list_effects(order),
    }


def _forms(order: RepairOrder, sheet: Any) -> dict[str, Any]:
    """Fresh forms that show what is kept."""
    marks = snapshots.marks(order, sheet)
    interview = forms.InterviewForm(None, prefix="interview")
    interview.fill(sheet, marks["interview"])
    gauges = gauge_forms.GaugesForm(None, prefix="gauges")
    gauges.fill(order, sheet, marks["gauges"])
    items = forms.ItemsForm(None, prefix="items")
    items.fill(sheet, marks["items"])
    checked = forms.ChecksForm(None, prefix="checks")
    checked.fill(sheet, marks["checks"])
    wishes = forms.WishesForm(None, prefix="wishes")
    wishes.fill(order, sheet, marks["wishes"])
    return {
        "interview_form": interview,
        "gauges_form": gauges,
        "items_form": items,
        "checks_form": checked,
        "wishes_form": wishes,
        "correction_form": forms.CorrectionForm(None, prefix="correction"),
        "mark_form": car_forms.MarkForm(None, prefix="mark"),
        "photo_form": car_forms.PhotoForm(None, prefix="photo"),
        "valuable_form": forms.ValuableForm(None, prefix="valuable"),
        "vin_form": forms.VinForm(None, prefix="vin"),
        "repeat_form": car_forms.RepeatForm(None, prefix="repeat"),
        "sign_form": car_forms.SignForm(None, prefix="sign"),
        "sheet_mark": reception.mark_of_sheet(order, sheet),
        "reopen_form": forms.ReasonForm(None, prefix="reopen"),
        "cancel_form": forms.ReasonForm(None, prefix="cancel"),
        "back_form": forms.ReasonForm(None, prefix="back"),
    }


def progress(order: RepairOrder) -> list[Missing]:
    """What an order in reception still needs, for the list."""
    return gates.missing(order)
