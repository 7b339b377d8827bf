"""The pages of a draft: its lines, one line, and bringing it into use."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.catalogue import queries as catalogue
from workshop.catalogue.blueprint import bp
from workshop.catalogue.checklists import editing, page, placeholders, publishing, queries, wording
from workshop.catalogue.checklists.forms import ItemForm, PublishForm
from workshop.catalogue.checklists.models import Checklist, ChecklistItem
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission


@bp.get("/catalogue/lists/<int:list_id>/draft")
@requires(Permission.MANAGE_CATALOGUE)
def draft(list_id: int) -> ResponseReturnValue:
    """The lines of the draft, and what differs from the version in use."""
    return web.page("catalogue/draft.html", **page.draft(queries.get_list(list_id)))


@bp.post("/catalogue/lists/<int:list_id>/draft/publish")
@requires(Permission.MANAGE_CATALOGUE)
def publish(list_id: int) -> ResponseReturnValue:
    """Ask the draft from now on."""
    form = PublishForm()
    checklist, note, seen = queries.get_list(list_id), form.note.data or "", form.seen.data
    if form.carry_out(
        lambda: publishing.publish(checklist, note, seen=seen, by=me(), at=clock.now())
    ):
        flash(gettext("The list is in use now."), "good")
        return redirect(url_for("catalogue.show_list", list_id=list_id))
    shown = page.draft(queries.get_list(list_id), form)
    return web.page("catalogue/draft.html", form.status, **shown)


@bp.post("/catalogue/lists/<int:list_id>/draft/discard")
@requires(Permission.MANAGE_CATALOGUE)
def discard_draft(list_id: int) -> ResponseReturnValue:
    """Throw the draft away."""
    editing.discard_draft(queries.get_list(list_id), by=me(), at=clock.now())
    db.commit()
    flash(gettext("The draft was thrown away."), "good")
    return redirect(url_for("catalogue.show_list", list_id=list_id))


@bp.route("/catalogue/lists/<int:list_id>/draft/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_CATALOGUE)
def new_item(list_id: int) -> ResponseReturnValue:
    """Another line."""
    checklist = queries.get_list(list_id)
    queries.get_draft(checklist)
    form = ItemForm()
    if form.carry_out(lambda: editing.add_item(checklist, form.values(), by=me(), at=clock.now())):
        return _to_draft(list_id, form.outcome.id)
    return _item_page(queries.get_list(list_id), None, form)


@bp.route("/catalogue/lists/<int:list_id>/draft/<int:item_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_CATALOGUE)
def edit_item(list_id: int, item_id: int) -> ResponseReturnValue:
    """One line is worded otherwise."""
    item = _item(list_id, item_id)
    form = ItemForm()
    if form.carry_out(
        lambda: editing.change_item(
            item, form.values(), seen=form.seen.data, by=me(), at=clock.now()
        )
    ):
        return _to_draft(list_id, item_id)
    item = _item(list_id, item_id)
    shown = form if form.is_submitted() else ItemForm.of(wording.of_item(item))
    return _item_page(item.version.checklist, item, shown)


@bp.post("/catalogue/lists/<int:list_id>/draft/<int:item_id>/up")
@requires(Permission.MANAGE_CATALOGUE)
def item_up(list_id: int, item_id: int) -> ResponseReturnValue:
    """One place up."""
    return _act(list_id, item_id, partial(editing.move_item, up=True))


@bp.post("/catalogue/lists/<int:list_id>/draft/<int:item_id>/down")
@requires(Permission.MANAGE_CATALOGUE)
def item_down(list_id: int, item_id: int) -> ResponseReturnValue:
    """One place down."""
    return _act(list_id, item_id, partial(editing.move_item, up=False))


@bp.post("/catalogue/lists/<int:list_id>/draft/<int:item_id>/copy")
@requires(Permission.MANAGE_CATALOGUE)
def copy_item(list_id: int, item_id: int) -> ResponseReturnValue:
    """The same line once more."""
    return _act(list_id, item_id, editing.copy_item)


@bp.post("/catalogue/lists/<int:list_id>/draft/<int:item_id>/remove")
@requires(Permission.MANAGE_CATALOGUE)
def remove_item(list_id: int, item_id: int) -> ResponseReturnValue:
    """Take a line out of the draft."""
    return _act(list_id, item_id, editing.remove_item)


def _item(list_id: int, item_id: int) -> ChecklistItem:
    return queries.get_item(queries.get_draft(queries.get_list(list_id)), item_id)


def _act(list_id: int, item_id: int, do: Callable[..., object]) -> ResponseReturnValue:
    do(_item(list_id, item_id), by=me(), at=clock.now())
    db.commit()
    return _to_draft(list_id, item_id)


def _to_draft(list_id: int, item_id: int) -> ResponseReturnValue:
    return redirect(url_for("catalogue.draft", list_id=list_id, _anchor=f"item-{item_id}"))


def _item_page(
    checklist: Checklist, item: ChecklistItem | None, form: ItemForm
) -> ResponseReturnValue:
    return web.page(
        "catalogue/list_item.html",
        form.status,
        checklist=checklist,
        item=item,
        form=form,
        menders=catalogue.list_menders() if checklist.use.is_inspection else [],
        placeholders=placeholders.KNOWN,
    )
