"""The page of the starter set: choose, lay, look at, take back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms import BooleanField, SelectMultipleField

from workshop import clock, web
from workshop.catalogue import queries as catalogue
from workshop.catalogue.checklists import starter as lists
from workshop.errors import N_, WorkshopError
from workshop.setup.blueprint import bp
from workshop.setup.starter import contents, laying
from workshop.setup.starter.contents import Group, ShopKind
from workshop.setup.starter.rows import Count, Kept, Kind, Result
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission

_MANAGE = requires(Permission.MANAGE_CATALOGUE)


class StarterForm(web.PartForm):
    """Which groups are laid."""

    key = "starter"
    groups = SelectMultipleField(N_("Groups"), choices=web.choices(Group))
    lists = BooleanField(N_("Checklists, inspection templates and words"))

    @property
    def chosen(self) -> list[Group]:
        """The groups that are ticked."""
        return [each for each in Group if each.value in (self.groups.data or ())]


@bp.get("/setup/starter")
@_MANAGE
def starter() -> ResponseReturnValue:
    """What the set holds, and what of it is laid."""
    return _page()


def _shop_kind() -> ShopKind:
    return web.member(ShopKind, request.args.get("shop")) or ShopKind.GENERAL


@bp.post("/setup/starter")
@_MANAGE
def lay_starter() -> ResponseReturnValue:
    """Lay the chosen groups."""
    form = StarterForm.posted()
    with_lists = form.lists.data

    def act() -> object:
        return laying.lay(g.branch, form.chosen, with_lists=with_lists, by=me(), at=clock.now())

    if form.carry_out(act):
        numbers = {name: result.number for name, result in form.outcome.items()}
        flash(_laid_words(numbers), "good")
        return redirect(url_for("setup.starter"))
    return _page(form)


def _laid_words(numbers: dict[str, int]) -> str:
    if not any(numbers.values()):
        return str(gettext("All of it was there already; nothing was changed."))
    words = gettext(
        "Laid: %(operations)s operations, %(packages)s packages, %(kinds)s kinds of parts, "
        "%(lists)s lists.",
        operations=numbers.get("operations", 0),
        packages=numbers.get("packages", 0),
        kinds=numbers.get("kinds", 0),
        lists=numbers.get("lists", 0),
    )
    return str(words)


@bp.post("/setup/starter/take-back")
@_MANAGE
def take_back_starter() -> ResponseReturnValue:
    """Take back what is unused, and say what stays."""
    results: dict[str, Result] = {}
    refusal = web.carry_out(
        lambda: results.update(laying.take_back(g.branch, by=me(), at=clock.now()))
    )
    if refusal is None:
        gone = sum(each.number for each in results.values())
        flash(gettext("%(count)s rows of the starter set are gone.", count=gone), "good")
    return _page(refusal=refusal, results=results)


@dataclass(frozen=True)
class Line:
    """One kind of rows on the page."""

    kind: Kind
    count: Count

    @property
    def url(self) -> str:
        """Where its rows are looked at."""
        return url_for(self.kind.endpoint, show="unchecked") if self.kind.endpoint else ""


def _said(kept: Kept) -> tuple[Any, str]:
    """A row that stays, and why, in words."""
    return kept.record, gettext(kept.reason) % {"where": gettext(kept.where) if kept.where else ""}


def _count_lists() -> Count:
    """The suggested lists, which are laid and taken back on a page of their own."""
    listed, waiting = len(lists.suggested()), lists.count_to_lay()
    return Count(listed - waiting, lists.count_to_take_back(), listed)


def _page(
    form: StarterForm | None = None,
    *,
    refusal: WorkshopError | None = None,
    results: dict[str, Result] | None = None,
) -> ResponseReturnValue:
    chosen = _shop_kind()
    lines = [Line(kind, kind.count()) for kind in laying.KINDS]
    known = catalogue.find_operations(each.code for each in contents.operations())
    laid_lists = _count_lists()
    blank = StarterForm.blank(groups=[each.value for each in chosen.groups], lists=True)
    return web.page(
        "setup/starter.html",
        web.status_of(refusal) if refusal else form.status if form else 200,
        form=form or blank,
        lists=laid_lists,
        shop_kinds=list(ShopKind),
        chosen=chosen,
        lines=lines,
        is_laid=bool(laid_lists.unchecked) or any(line.count.laid for line in lines),
        groups=[
            (group, rows, sum(each.code.lower() in known for each in rows))
            for group in Group
            if (rows := [each for each in contents.operations() if each.group == group.value])
        ],
        kept=[_said(kept) for result in (results or {}).values() for kept in result.kept],
        refusal=web.error_words(refusal) if refusal else None,
    )
