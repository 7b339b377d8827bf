"""The watch: what is not as planned now, and the forecast of every car against its promise."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.orders import service as orders
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.scheduling.blueprint import bp
from workshop.steps.scheduling.closing import service as closing
from workshop.steps.scheduling.watch import outlook, page
from workshop.steps.scheduling.watch import service as watch
from workshop.web import display


@bp.get("/scheduling/watch")
@requires(Permission.SCHEDULE)
def show_watch() -> ResponseReturnValue:
    """The open alarms, the worst first, and how far each car will keep its promise."""
    at = clock.now()
    return web.page(
        "scheduling/watch.html",
        alarms=page.list_cars(g.branch, me()),
        cars=outlook.look(g.branch, at).cars,
        left_open=closing.find_left_open(g.branch, at),
        at=at,
    )


@bp.post("/scheduling/watch/<int:alarm_id>/acknowledge")
@requires(Permission.SCHEDULE)
def acknowledge(alarm_id: int) -> ResponseReturnValue:
    """I have seen it and see to it."""
    alarm = watch.get_alarm(g.branch, alarm_id)
    watch.acknowledge(alarm, by=me(), at=clock.now())
    for each in watch.list_unseen(alarm):
        watch.acknowledge(each, by=me(), at=clock.now())
    db.commit()
    flash(gettext("Noted: you see to it."), "good")
    return _back()


@bp.post("/orders/<no>/watch/later")
@requires(Permission.SCHEDULE)
def put_off(no: str) -> ResponseReturnValue:
    """Not now: the alarms of the car come back by themselves."""
    order, minutes = orders.get_order(no, me().branch_id), web.whole(request.form.get("minutes"))
    until = watch.put_off(g.branch, order, minutes, by=me(), at=clock.now())
    db.commit()
    flash(
        gettext("Put off until %(time)s; earlier if it gets worse.", time=display.show_time(until)),
        "good",
    )
    return _back()


def _back() -> ResponseReturnValue:
    back = request.form.get("back")
    return redirect(web.own_path(back) if back else url_for("scheduling.show_watch"))
