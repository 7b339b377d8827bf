"""What the phone says of an act that was refused and dropped."""

from __future__ import annotations

from datetime import datetime

from flask import request, url_for
from flask.typing import ResponseReturnValue

from workshop import db, web
from workshop.errors import NotFound
from workshop.orders.models import Job
from workshop.phone import applied, dropping
from workshop.phone.page import moment_of
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.repair import queries
from workshop.steps.repair.blueprint import bp
from workshop.steps.repair.phone import page as phone


@bp.post("/my-jobs/dropped")
@requires(Permission.WORK)
def drop_act() -> ResponseReturnValue:
    """Note that a refused act will not be sent again, and why."""
    sent, job = request.form, _find_job()

    def act(at: datetime) -> None:
        what, refused = sent.get("what", ""), sent.get("refused", "")
        tapped_at = moment_of(sent.get("was_tapped_at", ""))
        reason = sent.get("reason", "")
        dropping.note(
            "repair.drop_act", job, what, refused, reason, tapped_at=tapped_at, by=me(), at=at
        )

    answer = phone.once(applied.DROPPED, act, url=url_for("repair.phone"))
    db.commit()
    return phone.reply(answer)


def _find_job() -> Job | None:
    try:
        return queries.get_job(web.whole(request.form.get("job_id")), me().branch_id)
    except NotFound:
        return None
