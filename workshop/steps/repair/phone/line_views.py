"""What keeps the technician's phone going in a dead spot: its worker, and a look at the line."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from workshop.phone import page as phone
from workshop.staff.access import requires
from workshop.staff.permissions import Permission
from workshop.steps.repair.blueprint import bp


@bp.get("/my-jobs/worker.js")
@requires(Permission.WORK)
def worker() -> ResponseReturnValue:
    """The script that shows the technician's pages while the line is down."""
    return phone.worker("/my-jobs")


@bp.get("/my-jobs/line")
@requires(Permission.WORK)
def line() -> ResponseReturnValue:
    """For the queue, when the line is back."""
    return phone.line()
