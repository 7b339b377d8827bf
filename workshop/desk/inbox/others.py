"""What waits beside the cars in the shop: who is at the door, money, people, the call list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from workshop.db import session
from workshop.desk.inbox.cars import Cars, show
from workshop.desk.inbox.rules import Car, Item, Kind
from workshop.duties import queries as duties
from workshop.duties.models import HandOver, HandOverState, PermissionRequest, RequestState
from workshop.errors import N_
from workshop.orders.flow import OPEN
from workshop.orders.notes import queries as notes
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.staff.permissions import Permission
from workshop.steps.booking.online import queries as online
from workshop.steps.reception import waiting
from workshop.steps.settlement import balances
from workshop.thread import queries as thread
from workshop.touched import lists as touched


def list_items(branch: Branch, at: datetime, cars: Cars) -> Iterator[Item]:
    """Everything that waits and is no work on a car in the shop."""
    yield from _arrivals(branch, at)
    yield from _customers(branch)
    yield from _online(branch)
    yield from _money(branch, at)
    yield from _offered(branch, at)
    yield from _asked(branch)
    yield from _calls(branch, at, cars)
    yield from _mentions(branch)


def _arrivals(branch: Branch, at: datetime) -> Iterator[Item]:
    due_at: datetime | None
    for each in waiting.list_waiting(branch, at):
        if each.appointment is not None:
            booked = each.appointment
            vehicle, advisor = booked.vehicle, booked.advisor
            car = Car(
                plate=vehicle.plate,
                called=vehicle.called,
                title=vehicle.title,
                customer=booked.contact_name or booked.customer.name,
                stays=booked.stays,
                advisor_id=advisor.id if advisor.active else None,
            )
            url, words = f"/reception/new?appointment={booked.no}", booked.concern
            subject, due_at = f"A{booked.id}", booked.slot_at
        elif each.walk_in is not None:
            car = Car(plate=each.walk_in.plate, called=each.walk_in.plate)
            url, words = f"/reception/new?walk_in={each.walk_in.id}", each.walk_in.note
            subject, due_at = f"W{each.walk_in.id}", None
        yield Item(
            Kind.ARRIVED,
            subject,
            each.arrived_at,
            N_("Greet"),
            url,
            car,
            words=words,
            due_at=due_at,
        )


def _customers(branch: Branch) -> Iterator[Item]:
    """Who has written on the link and has no answer yet, with the time by which it is due (N11)."""
    for waits, last in thread.list_waiting(branch.id):
        order = waits.order
        yield Item(
            Kind.CUSTOMER,
            f"R{order.id}",
            waits.waits_since,
            N_("Answer"),
            f"/orders/{order.no}/messages",
            show(order),
            words=last.words,
            due_at=waits.due_at,
        )


def _online(branch: Branch) -> Iterator[Item]:
    """Who asked for a time on the booking page waits for a call, and the time only so long."""
    for each in online.list_waiting(branch):
        yield Item(
            Kind.ONLINE,
            f"B{each.id}",
            each.requested_at,
            N_("Call and book"),
            "/booking/online",
            Car(plate=each.plate, called=each.plate or each.name, customer=each.name),
            words=each.concern,
            due_at=each.slot_at,
        )


def _money(branch: Branch, at: datetime) -> Iterator[Item]:
    """What nobody sees on a car in the shop any more: it has left, and the money is not even."""
    today = calendar.local_day(branch, at)
    found = balances.load(branch)
    for each in (*found.to_give, *found.to_come):
        is_open = each.balance_fen < 0 or each.due_on is None or each.is_overdue(today)
        if each.order.stage in OPEN or each.is_claim or not is_open:
            continue
        yield Item(
            Kind.MONEY,
            f"R{each.order.id}",
            each.order.delivered_at,
            N_("Settle the bill"),
            f"/orders/{each.order.no}/settlement",
            show(each.order),
        )


def _offered(branch: Branch, at: datetime) -> Iterator[Item]:
    query = select(HandOver).where(
        HandOver.branch_id == branch.id, HandOver.state == HandOverState.OFFERED
    )
    for each in session.scalars(query.order_by(HandOver.id)).unique():
        yield Item(
            Kind.OFFERED,
            f"H{each.id}",
            each.made_at,
            N_("See what waits"),
            "/duties",
            only_ids=frozenset({each.to_id}),
            words=f"{each.giver.display_name}: {each.reason}",
        )
    for each in duties.list_overdue(branch.id, at):
        yield Item(
            Kind.OFFERED,
            f"O{each.id}",
            each.made_at,
            N_("See what waits"),
            "/duties",
            rights=frozenset({Permission.SUPERVISE}),
            words=f"{each.giver.display_name} → {each.taker.display_name}",
        )


def _asked(branch: Branch) -> Iterator[Item]:
    query = select(PermissionRequest).where(
        PermissionRequest.branch_id == branch.id, PermissionRequest.state == RequestState.OPEN
    )
    for each in session.scalars(query.order_by(PermissionRequest.id)).unique():
        if not each.asked_by.active:
            continue
        named = each.asked_of is not None and each.asked_of.active
        yield Item(
            Kind.ASKED,
            f"P{each.id}",
            each.asked_at,
            N_("See what waits"),
            "/duties",
            rights=duties.rights_of(each) | {Permission.MANAGE_STAFF},
            only_ids=frozenset({each.asked_of_id or 0}) if named else None,
            besides_id=each.asked_by_id,
            words=f"{each.asked_by.display_name}: {each.words or each.path}",
        )


def _calls(branch: Branch, at: datetime, cars: Cars) -> Iterator[Item]:
    """What lies where it cannot be; about a car in the shop it stands with the car."""
    for each in touched.list_open(branch, at):
        thing, order = each.thing, each.thing.order
        booked = thing.appointment
        car = cars.shown.get(order.id) if order is not None else None
        if car is None and (order is not None or booked is not None):
            vehicle = thing.vehicle
            car = Car(
                plate=vehicle.plate if vehicle is not None else "",
                called=vehicle.called if vehicle is not None else "",
                title=vehicle.title if vehicle is not None else "",
                customer=thing.name,
            )
        subject = f"R{order.id}" if order is not None else f"T{thing.address}"
        yield Item(
            Kind.CALL,
            subject,
            each.since(),
            N_("See to it"),
            f"/call-list/{thing.address}",
            car,
            rights=frozenset({each.permission}),
            owner_id=each.owner.id if each.owner is not None else None,
            words="" if thing.held is None else thing.held.name,
            about=thing.why,
            due_at=booked.slot_at if booked is not None else None,
        )


def _mentions(branch: Branch) -> Iterator[Item]:
    for mention, note, order in notes.list_waiting(branch):
        yield Item(
            Kind.MENTION,
            f"R{order.id}",
            note.at,
            N_("Open the note"),
            f"/orders/{order.no}#notes",
            show(order),
            only_ids=frozenset({mention.user_id}),
            words=f"{note.by.display_name}: {note.text}",
        )
