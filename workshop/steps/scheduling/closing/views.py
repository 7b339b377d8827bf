"""Closing the day: each unfinished job gets its disposition, and tomorrow opens with them."""

from __future__ import annotations

from datetime import date, datetime

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from workshop import clock, db, web
from workshop.errors import N_, WorkshopError
from workshop.orders.models import Job
from workshop.shop import calendar
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import forms, queries
from workshop.steps.scheduling.blueprint import bp
from workshop.steps.scheduling.closing import holding
from workshop.steps.scheduling.closing import service as closing
from workshop.steps.scheduling.closing.models import HoldReason
from workshop.steps.scheduling.dispatch import service as scheduling

# Looking for a place takes a moment; whoever has more loose jobs does these first.
_SUGGESTED = 12


class CarryForm(forms.ConsentFields):
    """The customer's consent to the place that the page offered."""

    consent_by = StringField(
        N_("Who agreed"), validators=[DataRequired(N_("Say who agreed.")), Length(max=80)]
    )
    offered = HiddenField()

    @property
    def seen_start(self) -> datetime | None:
        """The start that the page offered; None when it offered none."""
        return forms.parse_time(self.offered.data) if self.offered.data else None


class HoldForm(web.Form):
    """Why a job is held."""

    reason = SelectField(
        N_("Reason"), choices=web.choices(HoldReason), default=HoldReason.PARTS.value
    )
    note = StringField(N_("In words"), validators=[Length(max=200)])


class ReopenForm(web.Form):
    """Why a closed day is opened again."""

    reason = StringField(N_("Reason"), validators=[DataRequired(N_("Say why.")), Length(max=200)])


@bp.get("/scheduling/close")
@requires(Permission.SCHEDULE)
def show_close() -> ResponseReturnValue:
    """How the day (?day=) ends, and how the next one begins."""
    return _page(_day())


@bp.post("/scheduling/close")
@requires(Permission.SCHEDULE)
def close_day() -> ResponseReturnValue:
    """Close the day, once nothing in it is loose."""
    day = _day()
    refusal = web.carry_out(lambda: closing.close_day(g.branch, day, by=me(), at=clock.now()))
    if refusal is not None:
        return _page(day, web.status_of(refusal), refusal=refusal)
    flash(gettext("The day is closed."), "good")
    return redirect(url_for("scheduling.show_close", day=day.isoformat()))


@bp.post("/scheduling/close/reopen")
@requires(Permission.SCHEDULE)
def reopen_day() -> ResponseReturnValue:
    """Let today be planned again, for a reason."""
    day, form = _day(), ReopenForm()
    reason = form.reason.data or ""
    if form.carry_out(lambda: closing.reopen_day(g.branch, day, reason, by=me(), at=clock.now())):
        flash(gettext("The day is open again."), "good")
        return redirect(url_for("scheduling.show_close", day=day.isoformat()))
    return _page(day, form.status, reopen=form)


@bp.post("/scheduling/holds/<int:job_id>/release")
@requires(Permission.SCHEDULE)
def release(job_id: int) -> ResponseReturnValue:
    """The reason is gone: the job waits in the queue for a place."""
    holding.release(queries.get_job_of_branch(g.branch, job_id), by=me(), at=clock.now())
    db.commit()
    flash(gettext("Released: it waits in the queue for a place."), "good")
    return redirect(web.own_path(request.form.get("back") or url_for("scheduling.index")))


@bp.post("/scheduling/close/<int:job_id>/carry")
@requires(Permission.SCHEDULE)
def carry_over(job_id: int) -> ResponseReturnValue:
    """To the next open day, with the customer's consent."""
    day, at = _day(), clock.now()
    job = queries.get_job_of_branch(g.branch, job_id)
    form = CarryForm(prefix=f"c{job_id}-")
    if form.carry_out(lambda: _carry(job, day, form, at)):
        flash(gettext("Carried over; the consent is recorded."), "good")
        return redirect(url_for("scheduling.show_close", day=day.isoformat()))
    return _page(day, form.status, carry={job_id: form})


def _carry(job: Job, day: date, form: CarryForm, at: datetime) -> None:
    consent = form.consent(at)
    assert consent is not None  # The form wants a name.
    closing.carry_over(job, day, form.seen_start, consent, by=me(), at=at)


@bp.post("/scheduling/close/<int:job_id>/hold")
@requires(Permission.SCHEDULE)
def hold(job_id: int) -> ResponseReturnValue:
    """Off the board, for a reason."""
    day = _day()
    job = queries.get_job_of_branch(g.branch, job_id)
    form = HoldForm(prefix=f"h{job_id}-")
    if form.carry_out(
        lambda: holding.hold(
            job,
            day,
            HoldReason(form.reason.data),
            form.note.data or "",
            by=me(),
            at=clock.now(),
        )
    ):
        flash(gettext("Held: nobody plans it until it is released."), "good")
        return redirect(url_for("scheduling.show_close", day=day.isoformat()))
    return _page(day, form.status, held={job_id: form})


def _day() -> date:
    return web.parse_day(request.values.get("day"), calendar.local_day(g.branch, clock.now()))


def _page(
    day: date,
    status: int = 200,
    *,
    carry: dict[int, CarryForm] | None = None,
    held: dict[int, HoldForm] | None = None,
    reopen: ReopenForm | None = None,
    refusal: WorkshopError | None = None,
) -> ResponseReturnValue:
    end, at = closing.read(g.branch, day), clock.now()
    loose = sorted(end.loose, key=lambda each: each.is_to_come(at))
    ids = [each.job.id for each in loose]
    blank = {"formdata": None}
    may_move = scheduling.may_change_time(g.branch, me())
    return web.page(
        "scheduling/close.html",
        status,
        end=end,
        loose=loose,
        at=at,
        today=calendar.local_day(g.branch, at),
        offers={
            each.job.id: closing.suggest(each.job, end.next_day, at)
            for each in loose[:_SUGGESTED]
            if not each.is_elsewhere
        },
        carry_forms={key: CarryForm(prefix=f"c{key}-", **blank) for key in ids} | (carry or {}),
        hold_forms={key: HoldForm(prefix=f"h{key}-", **blank) for key in ids} | (held or {}),
        carried_ids={job.id for _, job in end.carried},
        reopen_form=reopen or ReopenForm(**blank),
        reopened=closing.list_reopened(g.branch, day),
        may_move=may_move,
        may_reopen=may_move and end.day == calendar.local_day(g.branch, at),
        refusal_words=web.error_words(refusal) if refusal else "",
    )
