"""The intake: from an arrived car to an open repair order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock
from workshop.customers import corrections
from workshop.customers import rules as customer_rules
from workshop.customers import service as customers
from workshop.customers.contacts import queries as contacts
from workshop.customers.identity import asking
from workshop.customers.identity import gates as identity_gates
from workshop.customers.identity.asking import Typed
from workshop.customers.identity.settling import About
from workshop.customers.models import EnergyType, Vehicle
from workshop.errors import Invalid
from workshop.orders import history
from workshop.orders.past.queries import list_past
from workshop.shop import calendar
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.booking import callers, following
from workshop.steps.booking import queries as booking_queries
from workshop.steps.booking.models import Appointment
from workshop.steps.reception import forms, queries
from workshop.steps.reception import service as reception
from workshop.steps.reception.blueprint import bp
from workshop.steps.reception.forms import IntakeForm
from workshop.steps.reception.models import WalkIn
from workshop.web import page


@dataclass(frozen=True)
class _Arrival:
    """What the address says about the car that has come."""

    appointment: Appointment | None
    walk_in: WalkIn | None
    vehicle: Vehicle | None
    asked: str

    begins: callers.Found

    @property
    def is_new(self) -> bool:
        """Whether the car is to be made: asked for, or its whole plate, VIN or phone is unknown."""
        if self.vehicle is not None:
            return False
        return "new" in request.args or callers.is_unknown(self.begins)


def _arrival() -> _Arrival:
    """Read the address; a known car that is expected today comes with its appointment."""
    no, walk_in_id = request.args.get("appointment"), request.args.get("walk_in", type=int)
    vehicle_id = request.args.get("vehicle", type=int)
    walk_in = queries.get_walk_in(g.branch, walk_in_id) if walk_in_id else None
    appointment = booking_queries.get_appointment(no, g.branch.id) if no else None
    vehicle = customers.get_vehicle(vehicle_id) if vehicle_id else None
    asked = request.args.get("q", walk_in.plate if walk_in else "").strip()
    if vehicle is None and appointment is None and "new" not in request.args:
        vehicle = customers.find_vehicle(asked) if asked else None
    begins = callers.find("" if vehicle else asked)
    if appointment is None and vehicle is not None:
        today = calendar.local_day(g.branch, clock.now())
        appointment = booking_queries.find_expected(vehicle, today)
    known = appointment.vehicle if appointment else vehicle
    return _Arrival(appointment, walk_in, known, asked, begins)


@bp.get("/reception/new")
@requires(Permission.RECEIVE)
def new() -> ResponseReturnValue:
    """Find the car, or show the intake with all that is known filled in."""
    arrival = _arrival()
    form = IntakeForm(None)
    _fill(form, arrival)
    return _page(arrival, form)


def _fill(form: IntakeForm, arrival: _Arrival) -> None:
    begins = arrival.begins
    form.plate.data, form.vin.data, form.phone.data = begins.plate, begins.vin, begins.phone
    if customer_rules.is_green_plate(begins.plate):
        form.energy.data = EnergyType.ELECTRIC.value
    if arrival.vehicle is not None:
        brings = contacts.reach(arrival.vehicle.customer, arrival.vehicle)
        form.bringer_name.data, form.bringer_phone.data = brings.name, brings.phone
    if arrival.appointment is not None:
        form.concern.data = arrival.appointment.concern
        form.stays.data = forms.stays_value(arrival.appointment.stays)
        form.bringer_name.data = arrival.appointment.contact_name or form.bringer_name.data
        form.bringer_phone.data = arrival.appointment.contact_phone or form.bringer_phone.data


def _page(arrival: _Arrival, form: IntakeForm) -> ResponseReturnValue:
    vehicle, at = arrival.vehicle, clock.now()
    known: dict[str, Any] = {}
    if vehicle is not None:
        known = {
            "repeat": history.find_repeat(vehicle, at, g.branch.repeat_days),
            "deferred": history.list_deferred(vehicle),
            "visits": history.list_visits(vehicle, 3),
            "past": list_past(vehicle, 3),
            "warnings": vehicle.warnings,
            "contacts": contacts.list_offered(vehicle.customer, vehicle),
            "in_shop": booking_queries.find_open_order(vehicle),
        }
    found = [] if vehicle or arrival.is_new else arrival.begins.vehicles
    typed = Typed(*form.identity, vehicle)
    asked = asking.find_questions(typed) if form.is_submitted() else None
    return page(
        "reception/new.html",
        form.status,
        arrival=arrival,
        form=form,
        found=found,
        asked=asked,
        at_stake=following.list_at_stake(asked, g.branch),
        **known,
    )


@bp.post("/reception/new")
@requires(Permission.RECEIVE)
def receive() -> ResponseReturnValue:
    """Open the repair order."""
    form = IntakeForm()
    arrival = _arrival()
    is_complete = form.validate_on_submit() and not _mark_missing(form, arrival)
    if is_complete and form.carry_out(lambda: _receive(arrival, form)):
        order = form.outcome
        for warning in order.vehicle.warnings:
            flash(gettext(warning), "warn")
        return redirect(url_for("reception.show", no=order.no))
    return _page(_arrival(), form)


def _mark_missing(form: IntakeForm, arrival: _Arrival) -> bool:
    """Mark everything that is still missing at once; True if anything is."""
    missing = {} if form.concern.data else {"concern": reception.NO_CONCERN}
    if arrival.vehicle is None:
        missing |= identity_gates.missing_fields(*form.identity)
    for name, message in missing.items():
        form.refuse(Invalid(message, field=name))
    return bool(missing)


def _receive(arrival: _Arrival, form: IntakeForm) -> Any:
    car, by, at = arrival.vehicle, me(), clock.now()
    comes = (form.bringer_name.data or "", form.bringer_phone.data or "")
    if car is None or form.vin.data:
        settled = following.settle(
            Typed(*form.identity, car),
            _about(form),
            gives=form.gives_appointments,
            by=by,
            at=at,
        )
        car = settled.vehicle
        comes = comes if any(comes) else (settled.contact_name, settled.contact_phone)
    corrections.note_class(car, form.chosen_class, by=by, at=at)
    return reception.receive(
        car,
        arrival.appointment.customer if arrival.appointment else car.customer,
        concern=form.concern.data or "",
        branch=g.branch,
        appointment=arrival.appointment,
        walk_in=arrival.walk_in,
        bringer_name=comes[0],
        bringer_phone=comes[1],
        stays=form.stays.answer,
        by=by,
        at=at,
    )


def _about(form: IntakeForm) -> About:
    return About(
        make=form.make.data or "",
        model=form.model.data or "",
        colour=form.colour.data or "",
        energy=EnergyType(form.energy.data),
        vehicle_class=form.chosen_class,
    )
