"""The watch: what is not as planned now, and the forecast of every car against its promise."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.scheduling.blueprint import bp
from workshop.steps.scheduling.closing import service as closing
from workshop.steps.scheduling.watch import outlook, page
from workshop.steps.scheduling.watch import service as watch


@bp.get("/scheduling/watch")
@requires(Permission.SCHEDULE)
def show_watch() -> ResponseReturnValue:
    """The open alarms, the worst first, and how far each car will keep its promise."""
    at = clock.now()
    return web.page(
        "scheduling/watch.html",
        alarms=page.list_shown(g.branch, me()),
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
    db.commit()
    flash(gettext("Noted: you see to it."), "good")
    back = request.form.get("back")
    return redirect(web.own_path(back) if back else url_for("scheduling.show_watch"))
