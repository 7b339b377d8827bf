"""The time clock on the technician's phone: clock in, break, back, clock out, each one tap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import url_for
from flask.typing import ResponseReturnValue

from workshop import db
from workshop.staff.access import me, requires
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.repair import attending
from workshop.steps.repair.blueprint import bp
from workshop.steps.repair.phone import page as phone


@bp.post("/my-jobs/clock-in")
@requires(Permission.WORK)
def clock_in() -> ResponseReturnValue:
    """I have come."""
    return _act("clock_in", attending.arrive)


@bp.post("/my-jobs/break")
@requires(Permission.WORK)
def take_break() -> ResponseReturnValue:
    """I go on a break; the job in hand rests."""
    return _act("break", attending.take_break)


@bp.post("/my-jobs/back")
@requires(Permission.WORK)
def come_back() -> ResponseReturnValue:
    """I am back from the break."""
    return _act("back", attending.come_back)


@bp.post("/my-jobs/clock-out")
@requires(Permission.WORK)
def clock_out() -> ResponseReturnValue:
    """I go home; the job in hand rests."""
    return _act("clock_out", attending.go_home)


def _act(name: str, do: Callable[[User, datetime], None]) -> ResponseReturnValue:
    """Apply the tap once, at its own time where the rules allow it, and show the jobs again."""
    answer = phone.once(name, lambda at: do(me(), at), url=url_for("repair.phone"))
    db.commit()
    return phone.reply(answer)
