"""A shelf is counted by one or more people while work goes on."""

from __future__ import annotations

from flask import flash, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, paging, web
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.parts.blueprint import bp
from workshop.steps.parts.counting import counting, forms, page
from workshop.stock import queries as stock
from workshop.stock.counting import queries
from workshop.stock.counting import service as stocktaking
from workshop.stock.counting.models import Stocktake


@bp.get("/parts/counts")
@requires(Permission.PICK_PARTS)
def counts() -> ResponseReturnValue:
    """The counts, and the beginning of another."""
    return _counts_page(forms.RangeForm(formdata=None))


def _counts_page(form: forms.RangeForm) -> ResponseReturnValue:
    found = paging.read_page(queries.of_branch(g.branch.id), web.whole(request.args.get("page"), 1))
    return web.page(
        "parts/counts.html", form.status, form=form, found=found, url=url_for(".counts")
    )


@bp.post("/parts/counts")
@requires(Permission.PICK_PARTS)
def open_count() -> ResponseReturnValue:
    """Begin to count the bins of a range."""
    form = forms.RangeForm()
    if not form.carry_out(
        lambda: counting.open_count(
            g.branch, form.bin_from.data, form.bin_to.data or "", by=me(), at=clock.now()
        )
    ):
        return _counts_page(form)
    return redirect(url_for(".count_sheet", no=form.outcome.no))


@bp.get("/parts/counts/<no>")
@requires(Permission.PICK_PARTS)
def count_sheet(no: str) -> ResponseReturnValue:
    """What is still to count, and what differs."""
    return _sheet_page(queries.get_stocktake(g.branch.id, no), forms.CountedForm(formdata=None))


def _sheet_page(
    found: Stocktake, form: forms.CountedForm, end: forms.EndForm | None = None
) -> ResponseReturnValue:
    end = end or forms.EndForm.blank()
    return web.page(
        "parts/count_sheet.html",
        max(form.status, end.status),
        stocktake=found,
        sheet=page.load(found),
        form=form,
        end=end,
    )


@bp.post("/parts/counts/<no>/lines")
@requires(Permission.PICK_PARTS)
def count_line(no: str) -> ResponseReturnValue:
    """What somebody counted of a part."""
    found = queries.get_stocktake(g.branch.id, no)
    form = forms.CountedForm()
    seen = web.whole(form.seen.data)

    def act() -> None:
        part = stock.get_part(form.part_no.data)
        counting.count(found, part, form.counted_milli, seen, by=me(), at=clock.now())

    if form.carry_out(act):
        return redirect(url_for(".count_sheet", no=no))
    return _sheet_page(queries.get_stocktake(g.branch.id, no), form)


@bp.post("/parts/counts/<no>/book")
@requires(Permission.PICK_PARTS)
def book_count(no: str) -> ResponseReturnValue:
    """Put the shelf right by the differences."""
    found = queries.get_stocktake(g.branch.id, no)
    end = forms.EndForm.posted()
    if end.carry_out(lambda: counting.book(found, end.reason.data or "", by=me(), at=clock.now())):
        flash(gettext("The shelf is set to what was counted."), "good")
        return redirect(url_for(".count_sheet", no=no))
    found = queries.get_stocktake(g.branch.id, no)
    return _sheet_page(found, forms.CountedForm(formdata=None), end)


@bp.post("/parts/counts/<no>/drop")
@requires(Permission.PICK_PARTS)
def drop_count(no: str) -> ResponseReturnValue:
    """End the count without booking anything."""
    found = queries.get_stocktake(g.branch.id, no)
    end = forms.EndForm.posted()
    if end.carry_out(
        lambda: stocktaking.drop(found, end.reason.data or "", by=me(), at=clock.now())
    ):
        return redirect(url_for(".counts"))
    found = queries.get_stocktake(g.branch.id, no)
    return _sheet_page(found, forms.CountedForm(formdata=None), end)
