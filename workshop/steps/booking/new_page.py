"""An appointment in the making: what is known of the caller, and what the chosen day offers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from workshop import web
from workshop.catalogue import queries as catalogue
from workshop.catalogue.models import Operation, Package
from workshop.customers import queries as customer_queries
from workshop.customers import rules as customer_rules
from workshop.customers import service as customers
from workshop.customers.contacts import queries as contacts
from workshop.customers.models import Customer, EnergyType, Vehicle
from workshop.orders import history
from workshop.orders.models import DeferredWork
from workshop.shop import calendar
from workshop.shop import queries as shop
from workshop.shop.models import Branch
from workshop.steps.booking import estimates, known, queries, slots
from workshop.steps.booking.estimates import Estimate
from workshop.steps.booking.forms import BookingForm, EditForm, near, slot_value
from workshop.steps.booking.known import Known
from workshop.steps.booking.making import Wish
from workshop.steps.booking.models import Appointment, AppointmentKind, AppointmentSource
from workshop.steps.booking.online import queries as online
from workshop.steps.booking.online.models import OnlineBooking
from workshop.steps.booking.slots import DayPlan


@dataclass(frozen=True)
class Draft:
    """All that the booking screen shows beside what is typed."""

    known: Known | None
    operations: list[Operation]
    estimate: Estimate
    plan: DayPlan
    packages: list[Package]
    plate_warning: str | None
    replaces: Appointment | None = None


def start(arguments: dict[str, str], branch: Branch) -> BookingForm:
    """The empty screen, prefilled with what the address and the shop's memory say."""
    form = BookingForm(formdata=None)
    vehicle = find_vehicle(arguments.get("vehicle"))
    if vehicle is not None:
        _prefill_from_vehicle(form, vehicle)
    customer = _find_customer(arguments.get("customer"))
    if customer is not None:
        form.name.data, form.phone.data = customer.name, customer.phone
    for name in ("plate", "phone", "vin", "concern"):
        if arguments.get(name):
            form[name].data = arguments[name]
    if customer_rules.is_green_plate(form.plate.data or ""):
        form.energy.data = EnergyType.ELECTRIC
    asked = find_online(arguments.get("online"), branch)
    if asked is not None:
        _prefill_from_request(form, asked)
        return form
    if arguments.get("kind") in {each.value for each in AppointmentKind}:
        form.kind.data = AppointmentKind(arguments["kind"])
    form.day.data = _day_of(arguments.get("day"))
    return form


def find_vehicle(text: str | None) -> Vehicle | None:
    """The vehicle of a number that the form carries; None when it carries none."""
    number = web.whole(text)
    return customers.get_vehicle(number) if number else None


def find_online(text: str | None, branch: Branch) -> OnlineBooking | None:
    """The customer's own request that the form answers; None when it answers none."""
    number = web.whole(text)
    return online.get_booking(number, branch.id) if number else None


def _prefill_from_request(form: BookingForm, asked: OnlineBooking) -> None:
    """What the customer typed; who it is, the desk finds out on the phone."""
    form.online.data = str(asked.id)
    form.plate.data, form.name.data, form.phone.data = asked.plate, asked.name, asked.phone
    form.vehicle_class.data = asked.vehicle_class.value if asked.vehicle_class else ""
    work = asked.package.operations if asked.package is not None else []
    form.operations.data = [each.id for each in work]
    maintained = asked.package is not None
    form.kind.data = AppointmentKind.MAINTENANCE if maintained else AppointmentKind.DIAGNOSIS
    form.source.data = AppointmentSource.WEBSITE
    form.concern.data = "\n".join(each for each in (_words(asked), asked.wish) if each)
    form.stays.data = {True: "stays", False: "leaves", None: ""}[asked.stays]
    form.day.data = asked.day
    form.slot.data = slot_value(asked.advisor_id, asked.slot_at)


def _words(asked: OnlineBooking) -> str:
    """The customer's words; who only chose from the menu has said its name."""
    named = asked.package.name_in(asked.locale) if asked.package is not None else ""
    return asked.concern or named


def _find_customer(text: str | None) -> Customer | None:
    number = web.whole(text)
    return customers.get_customer(number) if number else None


def _day_of(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def _prefill_from_vehicle(form: BookingForm, vehicle: Vehicle) -> None:
    form.vehicle_id.data = str(vehicle.id)
    comes = contacts.reach(vehicle.customer, vehicle)
    form.contact_name.data, form.contact_phone.data = comes.name, comes.phone
    form.channel.data = vehicle.customer.channel
    last = queries.find_last(vehicle)
    if last is not None:
        form.advisor_id.data = last.advisor_id


def start_change(appointment: Appointment) -> BookingForm:
    """The screen filled with an appointment that is to get another time."""
    form = BookingForm(formdata=None, obj=appointment)
    form.vehicle_id.data = str(appointment.vehicle_id)
    form.version.data = str(appointment.version)
    form.technician_id.data = appointment.wished_technician_id
    stays = {True: "stays", False: "leaves", None: ""}
    form.stays.data = stays[appointment.stays]
    form.operations.data = [each.id for each in queries.list_operations(appointment)]
    form.deferred.data = []
    form.reason.data = ""
    form.slot.data = ""
    return form


def read(branch: Branch) -> BookingForm:
    """The screen as it was sent, ready to be checked."""
    form = BookingForm()
    form.offer_people(slots.list_advisors(branch), shop.list_technicians(branch))
    return form


def edit(form: BookingForm) -> None:
    """Apply the button inside the screen that was pressed: an operation on or off, another day."""
    button = EditForm()
    chosen = list(form.operations.data or [])
    if button.add.data is not None:
        chosen.append(button.add.data)
    if button.package.data is not None:
        package = catalogue.get_package(button.package.data)
        chosen.extend(item.operation_id for item in package.items)
    form.operations.data = [each for each in dict.fromkeys(chosen) if each != button.remove.data]
    if button.remove.data is not None:
        _untick(form, button.remove.data)
    if button.go.data is not None:
        form.day.data = button.go.data


def _untick(form: BookingForm, operation_id: int) -> None:
    form.deferred.data = [each.id for each in _deferred(form) if each.operation_id != operation_id]


def make_draft(
    form: BookingForm, branch: Branch, at: datetime, replaces: Appointment | None = None
) -> Draft:
    """Work out what the screen shows for what is typed so far.

    Without a chosen day it is the first that has both hours and a slot.
    """
    form.offer_people(slots.list_advisors(branch), shop.list_technicians(branch))
    operations = list_chosen(form)
    vehicle = find_vehicle(form.vehicle_id.data)
    estimate = estimates.estimate(
        branch,
        operations,
        day=calendar.local_day(branch, at),
        size=_size(form, vehicle),
    )
    day = near(form.day.data) or slots.first_day(branch, estimate.needs, at=at)
    form.day.data = day
    plan = slots.plan_day(
        branch,
        day,
        estimate.needs,
        at=at,
        wished_advisor_id=form.advisor_id.data or None,
        online_id=web.whole(form.online.data) or None,
    )
    return Draft(
        known=known.look_up(vehicle, branch, at) if vehicle is not None else None,
        operations=operations,
        estimate=estimate,
        plan=plan,
        packages=[each for each in catalogue.list_packages() if each.is_in_season(day.month)],
        plate_warning=customer_rules.plate_warning(form.plate.data) if form.plate.data else None,
        replaces=replaces,
    )


def _size(form: BookingForm, vehicle: Vehicle | None) -> str | None:
    """The class that the minutes go by: the car's own, the chosen one, or that of its kind."""
    if vehicle is not None and vehicle.size is not None:
        return vehicle.size
    usual = customer_queries.usual_class(form.make.data or "", form.model.data or "")
    chosen = form.chosen_class or usual
    return chosen.value if chosen else None


def list_chosen(form: BookingForm) -> list[Operation]:
    """The chosen operations in the order they were chosen, ticked deferred work included."""
    wanted = [each for each in form.operations.data or [] if abs(each) <= web.MOST]
    wanted += [each.operation_id for each in _deferred(form) if each.operation_id]
    known = {each.id: each for each in catalogue.list_operations(wanted)}
    return [known[each] for each in dict.fromkeys(wanted) if each in known]


def _deferred(form: BookingForm) -> list[DeferredWork]:
    vehicle = find_vehicle(form.vehicle_id.data)
    if vehicle is None:
        return []
    return [
        each for each in history.list_deferred(vehicle) if each.id in (form.deferred.data or [])
    ]


def read_wish(form: BookingForm, branch: Branch) -> Wish:
    """What the customer wants, as the form says; raises NotFound for an unknown technician."""
    technician_id = form.technician_id.data
    return Wish(
        concern=form.concern.data or "",
        operations=list_chosen(form),
        deferred=_deferred(form),
        kind=form.kind.data,
        source=form.source.data,
        channel=form.channel.data,
        stays=form.will_stay,
        contact_name=form.contact_name.data or "",
        contact_phone=form.contact_phone.data or "",
        wished_technician=shop.get_technician(technician_id, branch) if technician_id else None,
    )
