"""The page of a repair order: what it is, what is missing and who does it, the ten steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g, url_for

from workshop import steps, web
from workshop.allocation import queries as allocated
from workshop.cases import service as cases
from workshop.customers.contacts import queries as contacts
from workshop.desk import notes_page, papers
from workshop.desk import queries as desk
from workshop.desk.rights import right_of
from workshop.errors import N_, Missing
from workshop.orders import history
from workshop.orders import service as orders
from workshop.orders.flow import OPEN, Step
from workshop.orders.models import RepairOrder, StageChange
from workshop.orders.ticks import FlowStep
from workshop.shop import duty
from workshop.staff.access import me
from workshop.staff.permissions import Permission
from workshop.steps.quotation import queries as quotation
from workshop.steps.scheduling import queries as scheduling
from workshop.steps.settlement import queries as settlement
from workshop.thread import service as thread
from workshop.web import display
from workshop.web.pages import Fold


@dataclass(frozen=True)
class StepLine:
    """One of the ten steps: how far it is, who left it when; unfolded for who fills it in."""

    flow: FlowStep
    change: StageChange | None
    can_fill: bool

    @property
    def is_current(self) -> bool:
        """Whether the step has to act now."""
        return self.flow.tick.progress.is_current

    @property
    def icon(self) -> str:
        if self.flow.tick.progress.is_done:
            return "circle-check"
        return "minus" if self.flow.tick.progress.is_left_out else "circle-dot"


@dataclass(frozen=True)
class Owed:
    """What one step still needs, and who does it: the right for it, or the people named."""

    step: Step
    missing: Sequence[Missing]
    people: str

    @property
    def right(self) -> str:
        return str(right_of(self.step).name)


@dataclass(frozen=True)
class Money:
    """Fen: what the work is offered for, what is signed for, and what is still to be paid."""

    price_fen: int | None
    signed_fen: int | None
    open_fen: int | None


def show(order: RepairOrder, at: datetime) -> tuple[str, int]:
    """The page of the order as it is at `at`."""
    changes = orders.list_changes(order)
    jobs = [(job, scheduling.find_allocation(job)) for job in scheduling.list_jobs(order)]
    sheets = papers.list_sheets(order, me())
    visits = [visit for visit in history.list_visits(order.vehicle) if visit.id != order.id]
    working = {
        allocation.technician.name
        for job, allocation in jobs
        if allocation is not None and not job.state.is_done
    }
    return web.page(
        "desk/order.html",
        order=order,
        money=_money(order),
        owed=[
            Owed(each.step, each.missing, _named(working) if each.step is Step.REPAIR else "")
            for each in desk.list_missing(order)
        ],
        lines=_lines(order, changes),
        changes=list(reversed(changes)),
        folds=_folds(order, changes, len(jobs), len(sheets), len(visits)),
        jobs=jobs,
        no_jobs=_why_no_jobs(order),
        helps=allocated.list_help_of([job.id for job, _allocation in jobs]),
        deferred=history.list_deferred(order.vehicle),
        visits=visits,
        next_step=desk.find_next_act(order, at),
        right_of=right_of,
        cases=cases.list_for_order(order),
        away=duty.find_away(order.advisor, g.branch, at),
        hand_over_url=_hand_over_url(order),
        notes=notes_page.find(order, me(), at),
        key_form=notes_page.key_form_of(order),
        sheets=sheets,
        agreeing=" · ".join(each.name for each in contacts.list_authorising(order.customer)),
        can_write=any(me().may(each) for each in thread.ANSWERS),
        can_change=order.authorised_at is not None and order.delivered_at is None,
    )


def _folds(
    order: RepairOrder, changes: Sequence[StageChange], jobs: int, sheets: int, visits: int
) -> dict[str, Fold]:
    """What stands beside the steps and is looked up now and then."""
    last = display.show_moment(changes[-1].at) if changes else ""
    folds = (
        Fold("jobs", N_("Jobs"), "wrench", str(jobs or "")),
        Fold("vehicle", N_("Vehicle"), "car", order.vehicle.title),
        Fold("documents", N_("Documents"), "printer", str(sheets)),
        Fold("happened", N_("What happened"), "history", last),
        Fold("visits", N_("Earlier visits"), "calendar", str(visits)),
    )
    return {each.key: each for each in folds}


def _money(order: RepairOrder) -> Money:
    current, signed = quotation.find_current(order), quotation.find_signed(order)
    bill = settlement.find_live(order)
    return Money(
        price_fen=current.total_fen if current is not None else None,
        signed_fen=quotation.authorised_fen(order) if signed is not None else None,
        open_fen=settlement.balance_fen(bill) if bill is not None else None,
    )


def _lines(order: RepairOrder, changes: Sequence[StageChange]) -> list[StepLine]:
    """The steps; the one that acts now is unfolded for who may fill it in."""
    left = {
        change.from_stage.step: change
        for change in changes
        if change.from_stage is not None and change.from_stage.step is not change.to_stage.step
    }
    return [
        StepLine(
            each,
            left.get(each.step) if each.tick.progress.is_done else None,
            can_fill=each.tick.progress.is_current and me().may(right_of(each.step)),
        )
        for each in steps.flow_of(order)
    ]


def _named(names: set[str]) -> str:
    return str(web.show_value(sorted(names))) if names else ""


def _why_no_jobs(order: RepairOrder) -> str:
    if order.authorised_at is None:
        return N_("Jobs appear when the customer has signed the quotation.")
    return N_("No work is left on this car: the customer took it off, or it was cancelled.")


def _hand_over_url(order: RepairOrder) -> str | None:
    """Where the order gets another advisor, for who may say so: its own, or who supervises."""
    may = order.advisor_id == me().id or me().may(Permission.SUPERVISE)
    only = f"order:{order.id}"
    is_open = order.stage in OPEN
    return (
        url_for("duties.person", user_id=order.advisor_id, only=only) if may and is_open else None
    )
