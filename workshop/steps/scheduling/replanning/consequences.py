"""What a plan means beyond the board: promises to change, and what the parts counter knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from workshop.customers.models import Channel
from workshop.db import session
from workshop.orders.flow import Action, permits
from workshop.orders.models import Job, PromiseChange, RepairOrder
from workshop.shop import rules as shop_rules
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.replanning.changes import Change
from workshop.steps.scheduling.replanning.models import (
    Cause,
    PlanReason,
    PlanRun,
    PlanStep,
    RunState,
)

# A promise is a time that people say: on the quarter of an hour.
_PROMISE_MINUTES = 15


@dataclass(frozen=True)
class ToTell:
    """A car that an accepted plan makes late, and whether its customer has been told.

    `ready_at` is what could be promised now, N2 included; None while work has no time. `change`
    is the promise that was changed since.
    """

    order: RepairOrder
    ready_at: datetime | None
    change: PromiseChange | None
    is_late: bool

    @property
    def told_how(self) -> str:
        """How the customer was told of the new promise, by its label where it is a channel."""
        how = self.change.told_how if self.change else ""
        return next((each.label for each in Channel if each.value == how), how)

    @property
    def may_change(self) -> bool:
        """Whether there is a time to promise and the stage lets it be promised."""
        return self.ready_at is not None and permits(self.order.stage, Action.CHANGE_PROMISE)

    def may_be_called_by(self, user: User) -> bool:
        """Whether the customer is still to be told and this reader may see the number."""
        return self.is_late and user.may(Permission.VIEW_CUSTOMERS)


def list_to_tell(
    run: PlanRun, steps: Iterable[PlanStep], calls: Iterable[Change] = ()
) -> list[ToTell]:
    """Whose promise an accepted plan breaks, those who were not told yet first.

    `calls` are the plan's customers to call; a car that is late where it stands is one of them.
    """
    if run.state not in (RunState.ACCEPTED, RunState.PARTLY_ACCEPTED):
        return []
    accepted = {step.order: step.at for step in steps}
    found = [_to_tell(order, since) for order, since in accepted.items()]
    found += [_late_in_place(each, run.asked_at) for each in calls if not each.moves]
    return sorted(
        (each for each in found if each.is_late or each.change is not None),
        key=lambda each: (not each.is_late, each.order.id),
    )


def _to_tell(order: RepairOrder, since: datetime) -> ToTell:
    ends_at = queries.planned_end(order)
    is_whole = ends_at is not None and not queries.list_unplanned(order)
    slack = queries.slack_minutes(order, ends_at) if ends_at else None
    is_late = order.promised_at is not None and (not is_whole or (slack is not None and slack < 0))
    ready_at = None
    if ends_at is not None and is_whole:
        ready_at = shop_rules.round_up(order.branch.ready_at(ends_at), _PROMISE_MINUTES)
    return ToTell(order, ready_at, _changed(order, since), is_late)


def _late_in_place(call: Change, since: datetime) -> ToTell:
    """A car whose work has begun and ends too late: nothing of it moved."""
    order, ready_at = call.order, call.ready_at
    is_late = (
        order.promised_at is not None and ready_at is not None and ready_at > order.promised_at
    )
    promise_at = shop_rules.round_up(ready_at, _PROMISE_MINUTES) if ready_at else None
    return ToTell(order, promise_at, _changed(order, since), is_late)


def _changed(order: RepairOrder, since: datetime) -> PromiseChange | None:
    query = select(PromiseChange).where(
        PromiseChange.order_id == order.id, PromiseChange.at >= since
    )
    return session.scalars(query.order_by(PromiseChange.id.desc())).first()


@dataclass(frozen=True)
class PartsWord:
    """What the parts counter says of a car whose part a plan expects to come later.

    The date of a part is the counter's fact: a plan never writes it, it only reads it.
    """

    order: RepairOrder
    is_short: bool
    expected_at: datetime | None
    planned_at: datetime | None

    @property
    def agrees(self) -> bool:
        """Whether the counter expects the part as late as the plan does."""
        if self.expected_at is None or self.planned_at is None:
            return False
        return self.expected_at >= self.planned_at


def parts_word(run: PlanRun) -> PartsWord | None:
    """What the parts counter says about the part that is late, if that is the run's cause."""
    cause = run.cause
    if cause.reason is not PlanReason.PART_LATE or cause.job_id is None:
        return None
    order = session.get_one(Job, cause.job_id).order
    short, expected_at = _shortage(order)
    return PartsWord(order, short, expected_at, cause.until)


def complete(cause: Cause) -> Cause:
    """The cause with the date of the parts counter, when nobody has named another."""
    if cause.reason is not PlanReason.PART_LATE or cause.job_id is None or cause.until is not None:
        return cause
    _, expected_at = _shortage(session.get_one(Job, cause.job_id).order)
    return Cause(cause.reason, job_id=cause.job_id, until=expected_at)


def _shortage(order: RepairOrder) -> tuple[bool, datetime | None]:
    awaited = dict(queries.list_waiting_for_parts(order.branch))
    return order in awaited, awaited.get(order)
