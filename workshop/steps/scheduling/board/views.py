"""The job control board."""

from __future__ import annotations

from datetime import timedelta

from flask import g, request
from flask.typing import ResponseReturnValue

from workshop import clock, web
from workshop.allocation import queries as allocation_queries
from workshop.shop import calendar
from workshop.staff import access
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import sheets
from workshop.steps.scheduling.blueprint import bp
from workshop.steps.scheduling.board import hours as day_hours
from workshop.steps.scheduling.board import page as board
from workshop.steps.scheduling.board import undo_page
from workshop.steps.scheduling.board import week_page as week
from workshop.steps.scheduling.closing import service as closing
from workshop.steps.scheduling.replanning import history
from workshop.steps.scheduling.watch import page as watch


@bp.get("/scheduling")
@requires(Permission.SCHEDULE)
def index() -> ResponseReturnValue:
    """The board of a day (?day=), by technician or by bay (?by=bay)."""
    at, branch = clock.now(), g.branch
    today = calendar.local_day(branch, at)
    day = sheets.day_of(access.asked())
    by_bay = request.args.get("by") == "bay"
    shown = board.make_board(branch, day, by_bay=by_bay, at=at)
    return web.page(
        "scheduling/index.html",
        board=shown,
        by_bay=by_bay,
        today=today,
        before=day - timedelta(days=1),
        after=day + timedelta(days=1),
        at=at,
        undo=undo_page.find_undo(),
        proposed=history.list_proposed(branch),
        alarms=watch.list_cars(branch, me()),
        closed=allocation_queries.find_day_close(branch, day),
        left_open=closing.find_left_open(branch, at) if day == today else None,
        shares=day_hours.read(branch, day, at),
        can_sell_today=day == today and me().may(Permission.QUOTE),
    )


@bp.get("/scheduling/week")
@requires(Permission.SCHEDULE)
def show_week() -> ResponseReturnValue:
    """The week around a day (?day=): what is planned, what is free, what is carried over."""
    at, branch = clock.now(), g.branch
    today = calendar.local_day(branch, at)
    day = sheets.day_of(access.asked())
    return web.page(
        "scheduling/week.html",
        week=week.make_week(branch, day, at),
        day=day,
        today=today,
        before=day - timedelta(days=week.DAYS),
        after=day + timedelta(days=week.DAYS),
        undo=undo_page.find_undo(),
    )
