"""The pages of lists: all of them, one list, an earlier version."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.catalogue.blueprint import bp
from workshop.catalogue.checklists import editing, page, pdf, publishing, queries, starter
from workshop.catalogue.checklists.forms import CopyForm, ListForm
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission

# What a check's form shows beside a measured line.
bp.add_app_template_filter(page.limits_in_words, "limits")


@bp.get("/catalogue/lists")
@requires(Permission.MANAGE_CATALOGUE)
def lists() -> ResponseReturnValue:
    """All lists and words of the shop, by what they are for."""
    return web.page("catalogue/lists.html", **page.index(request.args.get("q", "")))


@bp.post("/catalogue/lists/suggested")
@requires(Permission.MANAGE_CATALOGUE)
def lay_lists() -> ResponseReturnValue:
    """Add the suggested lists that are not there yet; own ones stay as they are."""
    laid = starter.lay(by=me(), at=clock.now())
    db.commit()
    flash(gettext("%(count)s lists were added.", count=laid), "good")
    return redirect(url_for("catalogue.lists"))


@bp.post("/catalogue/lists/suggested/take-back")
@requires(Permission.MANAGE_CATALOGUE)
def take_back_lists() -> ResponseReturnValue:
    """Put the suggested lists that nobody has changed or used out of use again."""
    taken = starter.take_back(by=me(), at=clock.now())
    db.commit()
    flash(gettext("%(count)s lists were put out of use.", count=taken), "good")
    return redirect(url_for("catalogue.lists"))


@bp.get("/catalogue/lists/<int:list_id>")
@requires(Permission.MANAGE_CATALOGUE)
def show_list(list_id: int) -> ResponseReturnValue:
    """One list: what is asked now, the draft, the earlier versions."""
    return web.page("catalogue/list.html", **page.show(queries.get_list(list_id)))


@bp.post("/catalogue/lists/<int:list_id>")
@requires(Permission.MANAGE_CATALOGUE)
def change_list(list_id: int) -> ResponseReturnValue:
    """Another name, or other jobs."""
    form = ListForm.posted()
    checklist = queries.get_list(list_id)
    zh, en, codes = form.name_zh.data or "", form.name_en.data or "", form.codes.data or ""
    if form.carry_out(
        lambda: publishing.change_list(
            checklist, zh, en, codes, green_groups=form.green_groups.data, by=me(), at=clock.now()
        )
    ):
        flash(gettext("Saved."), "good")
        return redirect(url_for("catalogue.show_list", list_id=list_id))
    shown = page.show(queries.get_list(list_id), list_form=form)
    return web.page("catalogue/list.html", form.status, **shown)


@bp.post("/catalogue/lists/<int:list_id>/copy")
@requires(Permission.MANAGE_CATALOGUE)
def copy_list(list_id: int) -> ResponseReturnValue:
    """Another inspection template that begins as this one."""
    form = CopyForm.posted()
    checklist = queries.get_list(list_id)
    zh, en = form.name_zh.data or "", form.name_en.data or ""
    if form.carry_out(lambda: publishing.copy_list(checklist, zh, en, by=me(), at=clock.now())):
        return redirect(url_for("catalogue.show_list", list_id=form.outcome.id))
    shown = page.show(queries.get_list(list_id), copy_form=form)
    return web.page("catalogue/list.html", form.status, **shown)


@bp.post("/catalogue/lists/<int:list_id>/use")
@requires(Permission.MANAGE_CATALOGUE)
def use_list(list_id: int) -> ResponseReturnValue:
    """Out of use, or into use again."""
    checklist = queries.get_list(list_id)
    publishing.use_list(checklist, request.form.get("active") == "1", by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("catalogue.show_list", list_id=list_id))


@bp.post("/catalogue/lists/<int:list_id>/draft")
@requires(Permission.MANAGE_CATALOGUE)
def begin_draft(list_id: int) -> ResponseReturnValue:
    """A draft to write on, or the one that is there."""
    editing.begin_draft(queries.get_list(list_id), by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("catalogue.draft", list_id=list_id))


@bp.get("/catalogue/lists/<int:list_id>/versions/<int:no>")
@requires(Permission.MANAGE_CATALOGUE)
def list_version(list_id: int, no: int) -> ResponseReturnValue:
    """An earlier version, as it was asked."""
    shown = queries.get_version(queries.get_list(list_id), no)
    return web.page("catalogue/list_version.html", **page.version(shown))


@bp.post("/catalogue/lists/<int:list_id>/versions/<int:no>/publish")
@requires(Permission.MANAGE_CATALOGUE)
def publish_again(list_id: int, no: int) -> ResponseReturnValue:
    """An earlier version is asked again, as a new one."""
    shown = queries.get_version(queries.get_list(list_id), no)
    publishing.publish_again(shown, by=me(), at=clock.now())
    db.commit()
    flash(gettext("The list is in use now."), "good")
    return redirect(url_for("catalogue.show_list", list_id=list_id))


@bp.get("/catalogue/lists/<int:list_id>/versions/<int:no>.pdf")
@requires(Permission.MANAGE_CATALOGUE)
def list_pdf(list_id: int, no: int) -> ResponseReturnValue:
    """A version as a sheet to fill in by hand."""
    shown = queries.get_version(queries.get_list(list_id), no)
    return web.paper(pdf.sheet(shown, g.branch), f"list-{list_id}-{no}")
