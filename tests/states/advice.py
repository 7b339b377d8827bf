"""Each advice that sends somebody elsewhere: how it comes about, and what is pressed there."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.audit import acts, list_acts, staff_acts, stock_acts
from tests.factories import (
    AT,
    make_branch,
    make_contact,
    make_customer,
    make_kind,
    make_operation,
    make_order,
    make_package,
    make_part,
    make_technician,
    make_user,
    make_vehicle,
)
from tests.states import records
from tests.states.lives import newest, told
from tests.steps.booking import factories as bookings
from tests.steps.quotation import factories as quotations
from tests.steps.repair import factories as repairs
from tests.steps.repair.inspecting.test_reds import found_red
from tests.steps.settlement import factories as settlements
from workshop.attendance import service as attendance
from workshop.catalogue import kinds, operations, packages
from workshop.catalogue.checklists import editing
from workshop.catalogue.models import OperationPart
from workshop.customers import service as customers
from workshop.customers.contacts import service as contacts
from workshop.customers.contacts.service import About
from workshop.customers.merging import service as merging
from workshop.db import session
from workshop.errors import Missing
from workshop.orders import gates as orders
from workshop.orders import history
from workshop.orders.flow import Stage
from workshop.orders.models import Job, Urgency
from workshop.shop import people
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.staff.roles import gates as roles
from workshop.staff.second_factor import service as second_factor
from workshop.steps.booking import gates as booking_gates
from workshop.steps.booking import queries as booking
from workshop.steps.booking import service as booking_service
from workshop.steps.booking.online import settings as online
from workshop.steps.handover.reopening import gates as reopening
from workshop.steps.lounge import gates as lounge
from workshop.steps.lounge import rounds
from workshop.steps.parts import gates as parts
from workshop.steps.parts import picking, returns
from workshop.steps.parts import queries as part_lists
from workshop.steps.parts.register import gates as register
from workshop.steps.quotation import draft, known_work
from workshop.steps.quotation import gates as quotation
from workshop.steps.quotation import service as quotation_service
from workshop.steps.quotation.pricing import partless
from workshop.steps.reception import gates as reception
from workshop.steps.repair import gates as repair
from workshop.steps.repair import queries as repair_queries
from workshop.steps.repair import work
from workshop.steps.repair.changing import gates as changing
from workshop.steps.repair.concerns import gates as concerns
from workshop.steps.repair.inspecting import gates as inspecting
from workshop.steps.scheduling import queries as plan
from workshop.steps.scheduling.closing import holding
from workshop.steps.scheduling.closing.models import HoldReason
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.settlement import paying
from workshop.steps.settlement.rules import Tender
from workshop.stock import service as stock
from workshop.stock.cores import service as cores

R, S = RoleName, Stage
Said = list[Missing] | None


@dataclass(frozen=True)
class Advice:
    """What brings it about (a refusal, or what a gate misses), who follows, what is there.

    `there` is a pattern of the end of a form's or a link's address on the page of the way.
    """

    happens: Callable[[], Said]
    by: RoleName | Callable[[], User]
    there: str


def boss() -> User:
    """Somebody who may do everything."""
    return staff_acts.boss()


def _here(on_break: bool = False) -> None:
    who = make_technician(here_since=None)
    if on_break:
        attendance.clock_in(who, by=who.user, at=AT)
        attendance.start_break(who, by=who.user, at=AT)
    attendance.require_here(who, AT)


def newest_user() -> User:
    """Who was made last."""
    return newest(User)


def _twice(second: Callable[[], Any]) -> None:
    second()
    second()


def _begin_draft() -> None:
    first = list_acts.queries.get_version(list_acts._list(), 1)
    editing.begin_draft(list_acts._list(), of=first, by=boss(), at=AT)


def _clock_elsewhere() -> None:
    first, second = repairs.make_ready(2, same=make_technician())
    work.start(first, repairs.worker(first), AT)
    work.start(second, repairs.worker(second), AT)


def _open_without_phone() -> None:
    branch = make_branch()
    branch.phone = ""
    online.set_rules(branch, online.Values(is_open=True), by=boss(), at=AT)


def _own_user() -> User:
    return repairs.worker(newest(Job))


def _used_up() -> Said:
    made = records.list_in("issued")
    (line,) = part_lists.list_lines(made)
    line.unused_milli = 1_000
    return parts.missing_to_settle(made.order)


def _empty_basket() -> None:
    made = records.list_in("open")
    by = made.order.advisor
    picking.issue(made, make_technician(), by=by, at=AT)


def _settled_return() -> None:
    order = settlements.make_settled()
    (line,) = part_lists.list_order_lines(order)
    returns.give_back(line, 1_000, by=boss(), at=AT)


def _declined() -> Said:
    offered = quotations.make_offer()
    quotation_service.decline(offered, "太贵", by=offered.order.advisor, at=AT)
    return quotation.missing_to_write(offered.order)


def _answered() -> Said:
    (job,) = repairs.make_running()
    added = quotations.make_addition(job.order)
    from_now = quotations.yes_to_all(added)
    quotation_service.answer_addition(
        added, from_now, channel=_IN_PERSON, signer_name="王", by=job.order.advisor, at=AT
    )
    return quotation.missing_to_revise(added)


def _bay_gone() -> Said:
    job = records.waiting()
    live = plan.find_live(job)
    assert live is not None
    assert live.bay is not None
    live.bay.active = False
    return repair.missing_to_start(job, AT)


def _bad_check() -> Said:
    (job,) = repairs.make_running()
    repairs.self_check(job, AT, bad="complete")
    return repair.missing_to_finish(job)


def _assigned_twice() -> None:
    (job,) = repairs.make_planned()
    repairs.assign(job, make_technician())


def _no_time() -> None:
    (job,) = repair_queries.list_jobs(quotations.make_signed(make_operation()).order)
    scheduling.get_live(job)


def _refund() -> None:
    order = settlements.make_settled()
    key = uuid.uuid4().hex
    paying.refund(order, Tender.CASH, 50, "多收", client_id=key, by=boss(), at=AT)


def _credited_core() -> None:
    made = stock_acts._sent()
    cores.credit(made, 30_000, "CN-1", by=boss(), at=AT)
    cores.withdraw(made, by=boss(), at=AT)


def _below_reserved() -> None:
    made = records.list_in("open")
    (line,) = part_lists.list_lines(made)
    stock.count(line.part, made.order.branch, 0, "盘亏", by=boss(), at=AT)


def _needed_kind() -> None:
    kind = make_kind("pad-x")
    make_operation(parts=[OperationPart(kind_id=kind.id, quantity_milli=1_000)])
    kinds.put_in_use(kind, False, by=boss(), at=AT)


def _in_package() -> None:
    operation = make_operation()
    make_package(operation)
    operations.put_in_use(operation, False, by=boss(), at=AT)


def _retired_inside() -> None:
    operation = make_operation()
    package = make_package(operation)
    package.active = operation.active = False
    packages.put_in_use(package, True, by=boss(), at=AT)


def _needed_part() -> Said:
    part = make_part("NEED-1")
    make_operation(parts=[OperationPart(part_id=part.id, quantity_milli=1_000)])
    return register.missing_to_retire(part)


def _two_vins() -> None:
    gone, kept = make_vehicle(vin="LFV2A21J9E4000011"), make_vehicle(vin="LFV2A21J9E4000028")
    merging.join_vehicles(gone, kept, merging.seen_of(gone, kept), by=boss(), at=AT)


def _falling() -> None:
    vehicle = make_vehicle()
    customers.record_mileage(vehicle, 9_000, by=boss(), at=AT)
    customers.record_mileage(vehicle, 100, by=boss(), at=AT)


def _offered_twice() -> None:
    giver = boss()
    _, chosen = staff_acts._order(giver)
    _twice(lambda: staff_acts.duties.hand_over(giver, boss(), chosen, "休假", by=giver, at=AT))


def _no_operation() -> None:
    made = quotations.make_draft()
    kept = history.add_deferred(
        made.order,
        title="漏油",
        urgency=Urgency.YELLOW,
        reason="下次",
        price_fen=100,
        operation_id=None,
        at=AT,
    )
    known_work.add_deferred(made, kept.id, at=AT)


def _booked_reception() -> Said:
    for order in session.query(records.RepairOrder).filter_by(stage=S.RECEPTION):
        appointment = booking.find_by_order(order)
        if appointment is not None:
            return booking_gates.missing_to_take_back(appointment)
    raise AssertionError


def _contact_gone() -> None:
    contact = make_contact(name="李工")
    contacts.use_contact(contact, False, by=boss(), at=AT)
    contacts.change_contact(contact, contact.version, ABOUT, by=boss(), at=AT)


def _closed_fault() -> None:
    by = make_user(R.LOUNGE_ATTENDANT)
    branch = acts.make_branch()
    rounds.close(rounds.check(branch, "cups", False, "去取", by=by, at=AT), by=by, at=AT)
    rounds.check(branch, "cups", True, "", by=by, at=AT)


_IN_PERSON = quotation_service.ConsentChannel.IN_PERSON
ABOUT = About("李工", "13800138001", [], "")

ADVICE: dict[str, Advice] = {
    "Enter the shop's phone first: whoever cannot book online has to reach you.": Advice(
        _open_without_phone, R.ADMINISTRATOR, "/shop/papers"
    ),
    "“%(item)s” is not safe and has no answer: do it, put it off or have it signed.": Advice(
        lambda: inspecting.missing_of_reds(found_red()[0].order),
        R.SERVICE_ADVISOR,
        r"/findings/\d+/(?:defer|decline)",
    ),
    "Only a company has contacts. Mark the customer as one first.": Advice(
        lambda: _nothing(contacts.add_contact(make_customer(), ABOUT, by=boss(), at=AT)),
        R.SERVICE_ADVISOR,
        r"/customers/\d+",
    ),
    "Bring the contact back first.": Advice(_contact_gone, R.SERVICE_ADVISOR, r"/contacts/\d+/use"),
    "%(name)s is not clocked in. First comes “Clock in”.": Advice(
        lambda: _here(), newest_user, "/clock-in"
    ),
    "%(name)s is on a break since %(since)s. First comes “Back from break”.": Advice(
        lambda: _here(True), newest_user, "/back"
    ),
    "This list has a draft already. Publish it or throw it away first.": Advice(
        lambda: _twice(_begin_draft),
        R.SERVICE_MANAGER,
        "/draft/discard",
    ),
    "Operations need it, such as %(operation)s. Change them first.": Advice(
        _needed_kind, R.SERVICE_MANAGER, r"/catalogue/operations/\d+"
    ),
    "It is part of %(packages)s. Take it out there, or retire the package first.": Advice(
        _in_package, R.SERVICE_MANAGER, "/use"
    ),
    "%(operations)s is retired. Use it again first, or take it out of the package.": Advice(
        _retired_inside, R.SERVICE_MANAGER, r"/operations/\d+/use"
    ),
    "Two VINs are two cars. If one is a typing error, put it right first.": Advice(
        _two_vins, R.SERVICE_ADVISOR, r"/plate/correct"
    ),
    "The mileage %(new)s km is below the last one, %(old)s km.": Advice(
        _falling, R.SERVICE_ADVISOR, r"/mileage/\d+"
    ),
    "%(what)s is offered to %(name)s already; take that back first.": Advice(
        _offered_twice, R.SERVICE_MANAGER, "/take-back"
    ),
    "“%(action)s” is not possible while the order is “%(stage)s”.": Advice(
        lambda: changing.missing_to_take_off(settlements.make_settlement().order),
        R.SERVICE_ADVISOR,
        "/reopen",
    ),
    "Work has begun on this car. Finish it, or stop the order.": Advice(
        lambda: orders.missing_to_cancel(records.running().order), R.SERVICE_ADVISOR, "/change"
    ),
    "Parts are issued for this order. Have them returned first.": Advice(
        lambda: orders.missing_to_cancel(records.list_in("issued").order),
        R.PARTS_CLERK,
        r"/parts/PL[\d-]+",
    ),
    "Give this person the role of a technician first.": Advice(
        lambda: _nothing(people.make_technician(make_user(R.WASHER), by=boss(), at=AT)),
        R.ADMINISTRATOR,
        r"/staff/\d+",
    ),
    "%(count)s people hold this role. Give them another one first.": Advice(
        lambda: roles.missing_to_retire(make_user(R.WASHER).roles[0]),
        R.ADMINISTRATOR,
        r"/staff/\d+",
    ),
    "Set up the codes of an app first.": Advice(
        lambda: _nothing(second_factor.make_recovery_codes(boss(), list, at=AT)),
        R.SERVICE_MANAGER,
        # The password is asked once more before.
        "/account/confirm|/second-factor/app",
    ),
    "This appointment is for %(slot)s. Change its time first.": Advice(
        lambda: booking_service.register_arrival(
            bookings.make_appointment(boss(), "14:00", 1), boss(), AT
        ),
        R.SERVICE_ADVISOR,
        "/change",
    ),
    "Order %(no)s was opened for it. Take the reception back first.": Advice(
        _booked_reception, R.SERVICE_ADVISOR, "/reception/take-back"
    ),
    "A credit request waits for its decision.": Advice(
        lambda: (
            _nothing(acts.settlement_decide_credit())
            or reopening.missing_to_reopen(newest(records.Settlement).order)
        ),
        R.SERVICE_MANAGER,
        r"/credit/\d+",
    ),
    "Ask whether the customer waits here or leaves.": Advice(
        lambda: lounge.missing(make_order(S.REPAIR)), R.LOUNGE_ATTENDANT, "/lounge/stay"
    ),
    "This fault was closed at %(closed)s; note it again on the next round.": Advice(
        _closed_fault, R.LOUNGE_ATTENDANT, "/lounge/round"
    ),
    "Part %(part)s was issued and not used. Have it returned first.": Advice(
        _used_up, R.PARTS_CLERK, "/return"
    ),
    "The parts of pick list %(no)s are not issued.": Advice(
        lambda: parts.missing_to_settle(records.list_in("picked").order), R.PARTS_CLERK, "/issue"
    ),
    "The basket is empty: pick the parts first.": Advice(_empty_basket, R.PARTS_CLERK, "/pick"),
    "Operations usually need it: %(codes)s. Say what replaces it, or change them first.": Advice(
        _needed_part, R.SERVICE_MANAGER, r"/catalogue/operations/\d+"
    ),
    "Order %(no)s is settled. Correct the settlement first.": Advice(
        _settled_return, R.SERVICE_MANAGER, "/settlement/reverse"
    ),
    "This version is “%(state)s”. Make a new version to change it.": Advice(
        lambda: draft.require_draft(quotations.make_offer()), R.SERVICE_ADVISOR, "/revise"
    ),
    "The quotation is offered. Make a new version to change it.": Advice(
        lambda: quotation.missing_to_write(quotations.make_offer().order),
        R.SERVICE_ADVISOR,
        "/revise",
    ),
    "The quotation was declined. Make a new version to offer again.": Advice(
        _declined, R.SERVICE_ADVISOR, "/revise"
    ),
    "Work has begun on this car. Change the work instead.": Advice(
        lambda: quotation.missing_to_reopen(records.running().order), R.SERVICE_ADVISOR, "/change"
    ),
    "The work is planned already. Change the work instead.": Advice(
        lambda: quotation.missing_to_reopen(repairs.make_planned()[0].order),
        R.SERVICE_ADVISOR,
        "/change",
    ),
    "This was answered; ask for further work.": Advice(
        _answered, R.SERVICE_ADVISOR, "/repair/additions"
    ),
    "“%(title)s” is no operation of the catalogue. Look for it in the menu.": Advice(
        _no_operation, R.SERVICE_ADVISOR, r"/quotation/draft/packages/\d+"
    ),
    "No part of %(kinds)s is known yet, so the price is without it. Take such a part in, or say "
    "that the work is offered without.": Advice(
        lambda: partless.refuse_unsaid([make_kind("pad-y")], False),
        R.PARTS_CLERK,
        "/parts/receipts",
    ),
    "The customer has signed. Cancel the order instead.": Advice(
        lambda: reception.missing_to_take_back(told(S.INSPECTED)()),
        R.SERVICE_ADVISOR,
        "/reception/cancel",
    ),
    "Your clock is running on %(plate)s. Pause or finish that job first.": Advice(
        _clock_elsewhere, _own_user, "/pause"
    ),
    "Concerns of the customer without an answer: %(count)s.": Advice(
        lambda: concerns.missing(repairs.make_checked_in()), R.SERVICE_ADVISOR, r"/concerns/\d+"
    ),
    "The self-check has not been made.": Advice(
        lambda: repair.missing_to_finish(repairs.make_running()[0]), _own_user, "/self-check"
    ),
    "The self-check found something; mend it and check again.": Advice(
        _bad_check, _own_user, "/self-check"
    ),
    "Bay %(bay)s is out of use. Move the job to another bay first.": Advice(
        _bay_gone, R.SERVICE_ADVISOR, "/place"
    ),
    "This job is being worked on. Pause or finish it first.": Advice(
        lambda: _nothing(
            holding.hold(
                repairs.make_running()[0], AT.date(), HoldReason.PARTS, "", by=boss(), at=AT
            )
        ),
        R.SERVICE_ADVISOR,
        r"/jobs/\d+/pause",
    ),
    "This job has a time already. Move it instead.": Advice(
        _assigned_twice, R.SERVICE_ADVISOR, "/place"
    ),
    "This job has no time yet. Assign it first.": Advice(_no_time, R.SERVICE_ADVISOR, "/place"),
    "The settlement list %(no)s is locked. Reverse it before money is given back.": Advice(
        _refund, R.SERVICE_MANAGER, "/settlement/reverse"
    ),
    "The supplier has credited it. Take the credit back first.": Advice(
        _credited_core, R.PARTS_CLERK, "/uncredit"
    ),
    "%(reserved)s %(unit)s are reserved for orders. Release them first.": Advice(
        _below_reserved, R.PARTS_CLERK, "/give-way"
    ),
}
"""By the words of the refusal."""


def _nothing(_made: object) -> None:
    """Nothing came of it, or it was refused."""
