"""The job folder on its way: prepared → on the rack → taken → returned (domain.md §4, N3, N4)."""

from __future__ import annotations

from datetime import datetime

from workshop.db import session
from workshop.errors import N_, RuleBroken
from workshop.orders.models import Job
from workshop.staff import audit
from workshop.staff.models import User
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.models import FolderState, JobFolder


def ensure(job: Job, *, by: User, at: datetime) -> JobFolder:
    """The job's folder; it is prepared with the job's first time."""
    folder = queries.find_folder(job)
    if folder is None:
        folder = JobFolder(job_id=job.id, prepared_at=at, prepared_by_id=by.id)
        session.add(folder)
        session.flush()
    return folder


def put_on_rack(job: Job, *, by: User, at: datetime) -> JobFolder:
    """The folder is complete and waits for the technician."""
    folder = _get(job, FolderState.PREPARED)
    folder.state, folder.on_rack_at = FolderState.ON_RACK, at
    audit.write(by, "scheduling.folder_on_rack", folder, at)
    return folder


def take(job: Job, *, by: User, at: datetime) -> JobFolder:
    """The technician has it (N3)."""
    folder = _get(job, FolderState.PREPARED, FolderState.ON_RACK)
    folder.state, folder.taken_at, folder.taken_by_id = FolderState.TAKEN, at, by.id
    audit.write(by, "scheduling.folder_taken", folder, at)
    return folder


def take_if_left(job: Job, *, by: User, at: datetime) -> None:
    """Who begins the work has the folder, whether or not somebody noted it."""
    folder = queries.find_folder(job)
    if folder is not None and folder.state in (FolderState.PREPARED, FolderState.ON_RACK):
        take(job, by=by, at=at)


def give_back(job: Job, *, by: User, at: datetime) -> JobFolder:
    """The advisor has it again (N4)."""
    folder = _get(job, FolderState.TAKEN)
    folder.state, folder.returned_at, folder.returned_by_id = FolderState.RETURNED, at, by.id
    audit.write(by, "scheduling.folder_returned", folder, at)
    return folder


STEPS = {"rack": put_on_rack, "take": take, "return": give_back}


def advance(job: Job, step: str, *, by: User, at: datetime) -> JobFolder:
    """Take one step by its name (rack, take, return); raises RuleBroken out of order."""
    if step not in STEPS:
        raise RuleBroken(N_("A folder cannot do that."), code="folder")
    return STEPS[step](job, by=by, at=at)


def _get(job: Job, *states: FolderState) -> JobFolder:
    folder = queries.find_folder(job)
    if folder is None:
        raise RuleBroken(N_("The folder is made when the job gets its time."), code="folder")
    if folder.state not in states:
        raise RuleBroken(
            N_("The folder is already further: %(state)s."), code="folder", state=folder.state
        )
    return folder
