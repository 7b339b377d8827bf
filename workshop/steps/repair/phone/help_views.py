"""The phone of who helps: the own clock beside the lead's, and what there is to know of the job."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from workshop import db
from workshop.errors import NotAllowed
from workshop.orders.models import Job
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.repair import helping, queries
from workshop.steps.repair.blueprint import bp
from workshop.steps.repair.phone import page as phone


@bp.post("/my-jobs/<int:job_id>/help")
@requires(Permission.WORK)
def start_helping(job_id: int) -> ResponseReturnValue:
    """Start the helper's clock."""
    return _act(job_id, "help", helping.start)


@bp.post("/my-jobs/<int:job_id>/stop-helping")
@requires(Permission.WORK)
def stop_helping(job_id: int) -> ResponseReturnValue:
    """Stop the helper's clock."""
    return _act(job_id, "stop_help", helping.stop)


def _act(job_id: int, name: str, do: Callable[[Job, Any, datetime], Any]) -> ResponseReturnValue:
    """Apply an act of the helper's once, commit, and go back to where the button stood."""
    job = queries.get_job(job_id, me().branch_id)
    if helping.find_help(job, me()) is None:
        raise NotAllowed(helping.NOT_ASKED, code="not_assigned")
    url = url_for("repair.job", job_id=job_id)
    if request.form.get("back") == "phone":
        url = url_for("repair.phone")
    answer = phone.once(name, lambda at: do(job, me(), at), job, url=url)
    db.commit()
    return phone.reply(answer)
