"""The work record: what was done or measured, in words and pictures."""

from __future__ import annotations

from datetime import datetime

from workshop.db import session
from workshop.errors import N_, RuleBroken
from workshop.orders import service as orders
from workshop.orders.models import AttachmentKind, Job
from workshop.staff.models import User
from workshop.steps.repair import work
from workshop.steps.repair.models import WorkNote


def add_note(
    job: Job, text: str, *, photo: bytes | None = None, by: User, at: datetime
) -> WorkNote:
    """Write down what was done or measured, with a photo if there is one."""
    work.require_own_job(job, by)
    if not text.strip() and not photo:
        raise RuleBroken(N_("Write a few words or take a photo."), field="text", code="empty")
    kept = (
        orders.add_attachment(job.order, photo, AttachmentKind.PHOTO, at=at, by=by, caption=text)
        if photo
        else None
    )
    note = WorkNote(
        job_id=job.id, text=text.strip(), photo_id=kept.id if kept else None, at=at, by_id=by.id
    )
    session.add(note)
    session.flush()
    return note
