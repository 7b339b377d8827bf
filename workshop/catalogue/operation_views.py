"""The pages of labour operations: the list, one operation, a new one."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.catalogue import checking, operations, page, queries
from workshop.catalogue.blueprint import bp
from workshop.catalogue.forms import OperationForm
from workshop.catalogue.models import Operation
from workshop.errors import WorkshopError
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission

_MANAGE = requires(Permission.MANAGE_CATALOGUE)


@bp.get("/catalogue")
@_MANAGE
def index() -> ResponseReturnValue:
    """The operations."""
    return _list()


def _list(status: int = 200, refusal: WorkshopError | None = None) -> ResponseReturnValue:
    wanted = page.Filter.of_request()
    return web.page(
        "catalogue/operations.html",
        status,
        wanted=wanted,
        found=page.list_rows(Operation, wanted),
        unchecked=page.count_unchecked(),
        skills={each.id: each for each in queries.list_skills()},
        unpriced=page.list_unpriced(),
        refusal=page.said(refusal),
    )


@bp.post("/catalogue/operations/confirm")
@_MANAGE
def confirm_operations() -> ResponseReturnValue:
    """Confirm all operations that the list shows."""
    found = page.list_found(Operation, page.Filter.of_request())
    refusal = web.carry_out(lambda: checking.confirm(found, by=me(), at=clock.now()))
    if refusal is not None:
        return _list(web.status_of(refusal), refusal)
    flash(gettext("Rows confirmed: %(count)s.", count=len(found)), "good")
    return redirect(url_for("catalogue.index"))


@bp.get("/catalogue/operations/new")
@_MANAGE
def new_operation() -> ResponseReturnValue:
    """An empty form."""
    return _page(None, OperationForm.blank())


@bp.post("/catalogue/operations/new")
@_MANAGE
def add_operation() -> ResponseReturnValue:
    """A new operation."""
    form = _posted()
    if form.carry_out(
        lambda: operations.make(form.particulars(), branch_id=g.branch.id, by=me(), at=clock.now())
    ):
        flash(gettext("Saved."), "good")
        return redirect(url_for("catalogue.operation", operation_id=form.outcome.id))
    return _page(None, form)


def _posted() -> OperationForm:
    return OperationForm.posted().offer(queries.list_skills(), queries.list_grades(g.branch.id))


@bp.get("/catalogue/operations/<int:operation_id>")
@_MANAGE
def operation(operation_id: int) -> ResponseReturnValue:
    """One operation."""
    found = queries.get_operation(operation_id)
    return _page(found, OperationForm.of(found))


@bp.post("/catalogue/operations/<int:operation_id>")
@_MANAGE
def save_operation(operation_id: int) -> ResponseReturnValue:
    """Correct it."""
    form, found = _posted(), queries.get_operation(operation_id)
    seen = form.seen.data
    if form.carry_out(
        lambda: operations.change(
            found,
            form.particulars(),
            branch_id=g.branch.id,
            seen=seen,
            by=me(),
            at=clock.now(),
        )
    ):
        flash(gettext("Saved."), "good")
        return redirect(url_for("catalogue.operation", operation_id=operation_id))
    return _page(queries.get_operation(operation_id), form)


def _page(
    found: Operation | None, form: OperationForm, refusal: WorkshopError | None = None
) -> ResponseReturnValue:
    form.offer(queries.list_skills(), queries.list_grades(g.branch.id))
    return web.page(
        "catalogue/operation.html",
        web.status_of(refusal) if refusal else form.status,
        operation=found,
        form=form,
        holders=queries.list_packages_with(found) if found else [],
        suggested=page.suggestions(),
        refusal=page.said(refusal),
    )


@bp.post("/catalogue/operations/<int:operation_id>/copy")
@_MANAGE
def copy_operation(operation_id: int) -> ResponseReturnValue:
    """Another one like it."""
    found = queries.get_operation(operation_id)
    made: list[Operation] = []
    web.carry_out(lambda: made.append(operations.copy(found, by=me(), at=clock.now())))
    flash(gettext("This is the copy. Give it its own code and names."), "info")
    return redirect(url_for("catalogue.operation", operation_id=made[0].id))


@bp.post("/catalogue/operations/<int:operation_id>/use")
@_MANAGE
def use_operation(operation_id: int) -> ResponseReturnValue:
    """Retire it, or use it again."""
    found, active = queries.get_operation(operation_id), request.form.get("active") == "yes"
    return _after(
        found,
        web.carry_out(lambda: operations.put_in_use(found, active, by=me(), at=clock.now())),
    )


@bp.post("/catalogue/operations/<int:operation_id>/confirm")
@_MANAGE
def confirm_operation(operation_id: int) -> ResponseReturnValue:
    """It is right as the starter set has it."""
    found = queries.get_operation(operation_id)
    return _after(found, web.carry_out(lambda: checking.confirm([found], by=me(), at=clock.now())))


def _after(found: Operation, refusal: WorkshopError | None) -> ResponseReturnValue:
    if refusal is not None:
        fresh = queries.get_operation(found.id)
        return _page(fresh, OperationForm.of(fresh), refusal)
    flash(gettext("Saved."), "good")
    return redirect(url_for("catalogue.operation", operation_id=found.id))
