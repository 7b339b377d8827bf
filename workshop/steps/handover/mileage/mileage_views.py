"""The mileages of a car: what counts, and the correction of a mistyped one."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.customers import service as customers
from workshop.customers.models import Vehicle
from workshop.errors import N_, Invalid
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.handover.blueprint import bp
from workshop.steps.handover.mileage import correcting, page
from workshop.steps.handover.mileage.forms import MileageForm


@bp.get("/vehicles/<int:vehicle_id>/mileage")
@requires(Permission.RECEIVE)
def mileages(vehicle_id: int) -> ResponseReturnValue:
    """Each mileage that counts, and a form to put it right."""
    return _page(customers.get_vehicle(vehicle_id), {})


@bp.post("/vehicles/<int:vehicle_id>/mileage/<int:reading_id>")
@requires(Permission.RECEIVE)
def correct_mileage(vehicle_id: int, reading_id: int) -> ResponseReturnValue:
    """Put a mistyped mileage right, with what was computed from it."""
    vehicle = customers.get_vehicle(vehicle_id)
    form = MileageForm()
    if form.carry_out(lambda: _correct(vehicle, reading_id, form)):
        flash(gettext("The mileage is put right, and all that was computed from it."), "good")
        return redirect(url_for("booking.show_vehicle", vehicle_id=vehicle_id))
    return _page(customers.get_vehicle(vehicle_id), {reading_id: form}, form.status)


def _correct(vehicle: Vehicle, reading_id: int, form: MileageForm) -> None:
    withdrawn = bool(form.is_withdrawn.data)
    if form.mileage_km.data is None and not withdrawn:
        raise Invalid(N_("Enter the right mileage."), field="mileage_km")
    correcting.correct(
        vehicle,
        reading_id,
        None if withdrawn else form.mileage_km.data,
        form.reason.data or "",
        replaced=bool(form.replaced.data),
        by=me(),
        at=clock.now(),
    )


def _page(
    vehicle: Vehicle, refused: dict[int, MileageForm], status: int = 200
) -> ResponseReturnValue:
    rows = page.list_rows(vehicle, refused)
    return web.page("handover/mileage.html", status, vehicle=vehicle, rows=rows)
