"""One screen from a plate or phone number to a booked job, and the same screen for a new time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.catalogue import queries as catalogue
from workshop.customers import corrections
from workshop.customers.identity import asking
from workshop.customers.identity import gates as identity_gates
from workshop.customers.identity.asking import Questions, Typed
from workshop.customers.identity.settling import About
from workshop.errors import Invalid
from workshop.staff import service as staff
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.booking import callers, following, making, queries
from workshop.steps.booking import new_page as drafts
from workshop.steps.booking.blueprint import bp, branch_of_request, warn_of
from workshop.steps.booking.forms import NO_TIME, BookingForm, slot_value
from workshop.steps.booking.models import Appointment
from workshop.steps.booking.online import answering


@bp.get("/booking/new")
@requires(Permission.BOOK)
def new() -> ResponseReturnValue:
    """The screen, prefilled with what is known of the car in the address."""
    found = callers.find(request.args.get("q", ""))
    only = callers.meant(found)
    if only is not None:
        return redirect(url_for("booking.new", **only, day=request.args.get("day")))
    return _screen(drafts.start(request.args.to_dict(), branch_of_request()), found=found)


@bp.get("/booking/find")
@requires(Permission.BOOK)
def find() -> ResponseReturnValue:
    """Whom a plate, phone, VIN or name may mean, as a piece of the screen."""
    found = callers.find(request.args.get("q", ""))
    return web.page("booking/_found.html", found=found, day=request.args.get("day", ""))


@bp.get("/booking/operations")
@requires(Permission.BOOK)
def find_operations() -> ResponseReturnValue:
    """Operations of the catalogue, as a piece of the screen."""
    operations = catalogue.search_operations(request.args.get("q", ""), 12)
    return web.page("booking/_operations.html", operations=operations, plan_url=_plan_url())


@bp.post("/booking/new/plan")
@requires(Permission.BOOK)
def plan() -> ResponseReturnValue:
    """The screen again with another operation or day; nothing is booked yet."""
    form = drafts.read(branch_of_request())
    drafts.edit(form)
    return _screen(form)


@bp.post("/booking/new")
@requires(Permission.BOOK)
def create() -> ResponseReturnValue:
    """Book."""
    form = drafts.read(branch_of_request())
    is_complete = form.validate_on_submit() and not _name_all_missing(form)
    if is_complete and form.carry_out(lambda: _book(form)):
        if not form.vehicle_id.data:
            warn_of(form.outcome.vehicle)
        return _booked(form.outcome)
    return _screen(form)


@bp.get("/booking/<no>/change")
@requires(Permission.BOOK)
def change(no: str) -> ResponseReturnValue:
    """The screen for another time of an appointment."""
    found = queries.get_appointment(no, branch_of_request().id)
    return _screen(drafts.start_change(found), found)


@bp.post("/booking/<no>/change/plan")
@requires(Permission.BOOK)
def plan_change(no: str) -> ResponseReturnValue:
    """The screen again with another operation or day; nothing is moved yet."""
    form = drafts.read(branch_of_request())
    drafts.edit(form)
    return _screen(form, queries.get_appointment(no, branch_of_request().id))


@bp.post("/booking/<no>/change")
@requires(Permission.BOOK)
def reschedule(no: str) -> ResponseReturnValue:
    """Move the appointment."""
    form = drafts.read(branch_of_request())
    if form.carry_out(lambda: _move(form, queries.get_appointment(no, branch_of_request().id))):
        return _booked(form.outcome)
    return _screen(form, queries.get_appointment(no, branch_of_request().id))


def _name_all_missing(form: BookingForm) -> bool:
    """Mark everything that is still missing at once; the caller is on the line. True if anything.

    A plate or VIN that is known needs no name and number: the car brings its customer.
    """
    missing = {}
    if not (form.concern.data or "").strip():
        missing["concern"] = making.NO_CONCERN
    if not form.slot.data:
        missing["slot"] = NO_TIME
    if not form.vehicle_id.data:
        missing |= identity_gates.missing_fields(*form.identity)
    for name, message in missing.items():
        form.refuse(Invalid(message, field=name))
    return bool(missing)


def _plan_url() -> str:
    """Where the screen that asks is planned again: a new appointment, or another time for one."""
    no = request.args.get("no")
    return url_for("booking.plan_change", no=no) if no else url_for("booking.plan")


def _screen(
    form: BookingForm, replaces: Appointment | None = None, found: callers.Found | None = None
) -> ResponseReturnValue:
    draft = drafts.make_draft(form, branch_of_request(), clock.now(), replaces)
    asked = _find_questions(form)
    return web.page(
        "booking/new.html",
        form.status,
        form=form,
        draft=draft,
        asked=asked,
        at_stake=following.list_at_stake(asked, branch_of_request()),
        is_ready=bool(draft.known or form.names_caller or request.args.get("new")),
        found=found or callers.Found(""),
        slot_value=slot_value,
        offered=[slot_value(each.slot.advisor_id, each.slot.at) for each in draft.plan.offers],
        day_before=draft.plan.day - timedelta(days=1),
        day_after=draft.plan.day + timedelta(days=1),
    )


def _find_questions(form: BookingForm) -> Questions | None:
    """What the desk asks: once it was sent, and of what was typed, not of a car that was picked."""
    is_asked = form.is_submitted() and not form.vehicle_id.data
    return asking.find_questions(Typed(*form.identity)) if is_asked else None


def _booked(made: Appointment) -> ResponseReturnValue:
    when = web.local(made.slot_at).strftime("%m-%d %H:%M")
    flash(
        gettext("Booked: %(when)s with %(who)s", when=when, who=made.advisor.display_name), "good"
    )
    return redirect(url_for("booking.appointment", no=made.no))


def _book(form: BookingForm) -> Appointment:
    branch, by, at = branch_of_request(), me(), clock.now()
    advisor_id, slot_at = form.chosen_slot()
    wish = drafts.read_wish(form, branch)
    vehicle = drafts.find_vehicle(form.vehicle_id.data)
    if vehicle is None:
        make, model = form.make.data or "", form.model.data or ""
        about = About(make, model, "", form.energy.data, form.chosen_class)
        settled = following.settle(
            Typed(*form.identity), about, gives=form.gives_appointments, by=by, at=at
        )
        vehicle = settled.vehicle
        # Who calls about a known car need not be its owner.
        wish = replace(
            wish,
            contact_name=form.contact_name.data or settled.contact_name,
            contact_phone=form.contact_phone.data or settled.contact_phone,
        )
    corrections.note_class(vehicle, form.chosen_class, by=by, at=at)

    def book() -> Appointment:
        return making.book(
            vehicle,
            vehicle.customer,
            wish,
            advisor=staff.get_user(advisor_id),
            slot_at=slot_at,
            branch=branch,
            by=by,
            at=at,
            overbook_reason=form.overbook_reason.data or "",
        )

    asked = drafts.find_online(form.online.data, branch)
    return answering.make_appointment(asked, book, by=by, at=at) if asked is not None else book()


def _move(form: BookingForm, found: Appointment) -> Appointment:
    advisor_id, slot_at = form.chosen_slot()
    return making.reschedule(
        found,
        web.whole(form.version.data),
        drafts.read_wish(form, branch_of_request()),
        advisor=staff.get_user(advisor_id),
        slot_at=slot_at,
        by=me(),
        at=clock.now(),
        reason=form.reason.data or "",
        overbook_reason=form.overbook_reason.data or "",
    )
