"""The inspection on the technician's phone: every tap waits for the line and counts once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask import jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from workshop import web
from workshop.catalogue.checklists.models import Checklist
from workshop.errors import N_, Invalid
from workshop.inspections import queries as inspections
from workshop.inspections import service
from workshop.inspections.models import VehicleInspection
from workshop.inspections.rules import Result, Where
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.repair.blueprint import bp
from workshop.steps.repair.inspecting import asking, page, queries
from workshop.steps.repair.inspecting.forms import GroupForm, LineForm
from workshop.steps.repair.phone import page as phone


@bp.get("/my-jobs/<int:job_id>/inspection")
@requires(Permission.WORK)
def inspect(job_id: int) -> ResponseReturnValue:
    """The inspection that the job sells, or one that the technician chooses for the car."""
    mine = phone.get_mine(job_id)
    offered, sold = queries.list_offered(mine.order), queries.list_sold(mine)
    chosen = _chosen(sold, offered)
    return web.page(
        "repair/inspect.html",
        sheet=page.sheet(mine.order, chosen) if chosen else None,
        offered=offered,
        sold=sold,
        results=Result,
        step_of=page.step_of,
        **phone.card(mine),
    )


def _chosen(sold: list[Checklist], offered: list[Checklist]) -> Checklist | None:
    asked = request.args.get("list", 0, type=int)
    return next((each for each in [*offered, *sold] if each.id == asked), None) or next(
        iter(sold), None
    )


@bp.post("/my-jobs/<int:job_id>/inspection/<int:list_id>/lines/<int:item_id>")
@requires(Permission.WORK)
def inspect_line(job_id: int, list_id: int, item_id: int) -> ResponseReturnValue:
    """Answer one line."""
    form = LineForm()

    def act(found: VehicleInspection, at: datetime) -> None:
        service.answer(found, item_id, form.said(), Where.BAY, by=me(), at=at)

    return _send(form, job_id, list_id, "inspect", act, f"line-{item_id}")


@bp.post("/my-jobs/<int:job_id>/inspection/<int:list_id>/lines/<int:item_id>/ask")
@requires(Permission.WORK)
def inspect_ask(job_id: int, list_id: int, item_id: int) -> ResponseReturnValue:
    """What the line found goes to the advisor, with its picture and the work that mends it."""

    def act(found: VehicleInspection, at: datetime) -> None:
        mine = phone.get_mine(job_id)
        asking.ask(inspections.get_line(found, item_id), mine, by=me(), at=at)

    return _send(GroupForm(), job_id, list_id, "inspect_ask", act, f"line-{item_id}")


@bp.post("/my-jobs/<int:job_id>/inspection/<int:list_id>/green")
@requires(Permission.WORK)
def inspect_green(job_id: int, list_id: int) -> ResponseReturnValue:
    """All that is looked at in a group is in order."""
    form = GroupForm()

    def act(found: VehicleInspection, at: datetime) -> None:
        service.answer_green(found, form.group.data or "", Where.BAY, by=me(), at=at)

    return _send(form, job_id, list_id, "inspect_green", act)


@bp.post("/my-jobs/<int:job_id>/inspection/<int:list_id>/finish")
@requires(Permission.WORK)
def inspect_finish(job_id: int, list_id: int) -> ResponseReturnValue:
    """The inspection is complete."""

    def act(found: VehicleInspection, at: datetime) -> None:
        service.finish(found, by=me(), at=at)

    return _send(GroupForm(), job_id, list_id, "inspect_finish", act)


def _send(
    form: web.Form,
    job_id: int,
    list_id: int,
    name: str,
    act: Callable[[VehicleInspection, datetime], None],
    anchor: str | None = None,
) -> ResponseReturnValue:
    mine = phone.get_mine(job_id)
    checklist = inspections.get_template(list_id)
    here = url_for("repair.inspect", job_id=job_id, list=list_id, _anchor=anchor)

    def do(at: datetime) -> None:
        act(service.begin(mine.order, checklist, by=me(), at=at), at)

    if form.carry_out(lambda: phone.once(name, do, mine)):
        # The phone has shown what it sent already, so its page needs no other one.
        return jsonify(act=name, url="") if phone.is_queue() else redirect(here)
    phone.tell_queue(form)
    raise form.refusal or Invalid(N_("What was sent cannot be read."))
