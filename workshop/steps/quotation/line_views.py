"""Writing the draft: what is added from the menu, and each line's quantity, class and payer."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from workshop import clock, db, money, web
from workshop.catalogue import queries as catalogue
from workshop.catalogue.models import Payer
from workshop.errors import N_, Invalid, WorkshopError
from workshop.orders.models import RepairOrder, Urgency
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.quotation import draft, forms, gates, known_work, lines, menu, payers, queries
from workshop.steps.quotation import page as show
from workshop.steps.quotation import service as quotation
from workshop.steps.quotation.blueprint import bp
from workshop.steps.quotation.models import LineKind, Quotation, QuotationLine
from workshop.steps.quotation.pricing import package_lines

_DRAFT = "/orders/<no>/quotation/draft"


def _back(order: RepairOrder) -> ResponseReturnValue:
    """To the page again, where the search was."""
    text = request.form.get("q") or None
    return redirect(url_for("quotation.show", no=order.no, q=text, _anchor="lines"))


@bp.get("/orders/<no>/quotation/search")
@requires(Permission.QUOTE)
def search(no: str) -> ResponseReturnValue:
    """What the typed words find; the part of the page that the search renews."""
    order = show.order_of(no)
    written = queries.find_draft(order)
    offers = menu.Menu(order, written, clock.now())
    text = request.args.get("q", "")
    return web.page(
        "quotation/_found.html",
        order=order,
        q=text,
        found=offers.search(text) if text.strip() else [],
        found_parts=offers.search_parts(text),
        draft=written,
        seen=written.version if written else 0,
        writes=not gates.missing_to_write(order),
    )


@bp.post(f"{_DRAFT}/operations/<int:operation_id>")
@requires(Permission.QUOTE)
def add_operation(no: str, operation_id: int) -> ResponseReturnValue:
    """Add an operation with its usual parts."""
    order = show.order_of(no)
    operation = catalogue.get_operation(operation_id)
    lines.add_operation(show.begin_writing(order), operation, at=clock.now())
    db.commit()
    return _back(order)


@bp.post(f"{_DRAFT}/packages/<int:package_id>")
@requires(Permission.QUOTE)
def add_package(no: str, package_id: int) -> ResponseReturnValue:
    """Add all operations of a package."""
    order = show.order_of(no)
    package = catalogue.get_package(package_id)
    written, at = show.begin_writing(order), clock.now()
    package_lines.add_package(written, package, at=at)
    show.tell_loosened(package_lines.find_unfixed(written, package, at))
    db.commit()
    return _back(order)


@bp.post(f"{_DRAFT}/parts/<int:part_id>")
@requires(Permission.QUOTE)
def add_part(no: str, part_id: int) -> ResponseReturnValue:
    """Add a part to an operation of the quotation, or on its own."""
    order = show.order_of(no)
    written = show.begin_writing(order)
    parent_id = request.form.get("parent", type=int)
    parent = queries.get_line(written, parent_id) if parent_id else None
    lines.add_part(written, queries.get_part(part_id), parent=parent, at=clock.now())
    db.commit()
    return _back(order)


@bp.post(f"{_DRAFT}/deferred/<int:deferred_id>")
@requires(Permission.QUOTE)
def add_deferred(no: str, deferred_id: int) -> ResponseReturnValue:
    """Offer deferred work again."""
    order = show.order_of(no)
    known_work.add_deferred(show.begin_writing(order), deferred_id, at=clock.now())
    db.commit()
    return _back(order)


@bp.post(f"{_DRAFT}/appointment")
@requires(Permission.QUOTE)
def take_over(no: str) -> ResponseReturnValue:
    """Take over what was asked for at booking."""
    order = show.order_of(no)
    known_work.take_over_appointment(show.begin_writing(order), at=clock.now())
    db.commit()
    return _back(order)


@bp.post(f"{_DRAFT}/charges")
@requires(Permission.QUOTE)
def add_charge(no: str) -> ResponseReturnValue:
    """Add outside work or another charge."""
    order = show.order_of(no)
    form = forms.ChargeForm(prefix="charge-")
    refusal = web.carry_out(lambda: _add_charge(order, form))
    if refusal is None:
        return _back(order)
    form.refuse(refusal)
    return show.render(show.order_of(no), status=form.status, charge_form=form)


def _add_charge(order: RepairOrder, form: forms.ChargeForm) -> None:
    written = show.begin_writing(order)
    kind = web.member(LineKind, form.kind.data)
    if kind is None:
        raise Invalid(N_("Choose what kind of charge it is."), field="kind")
    fen = money.fen_from_text(form.price.data or "", "price")
    lines.add_charge(written, kind, form.title.data or "", fen)


@bp.post(f"{_DRAFT}/finding")
@requires(Permission.QUOTE)
def describe(no: str) -> ResponseReturnValue:
    """Say what was found, for the customer who decides on additional work."""
    order = show.order_of(no)
    form = forms.AdditionForm()
    urgency, reason = web.member(Urgency, form.urgency.data), form.reason.data or ""
    refusal = web.carry_out(
        lambda: quotation.describe_addition(show.begin_writing(order), reason, urgency)
    )
    if refusal is None:
        return _back(order)
    form.refuse(refusal)
    return show.render(show.order_of(no), status=form.status, addition_form=form)


def _line(no: str, line_id: int) -> tuple[RepairOrder, Quotation, QuotationLine]:
    """The order, its draft as the page showed it, and the line; raises NotFound, Conflict."""
    order = show.order_of(no)
    written = show.begin_writing(order)
    return order, written, queries.get_line(written, line_id)


@bp.post(f"{_DRAFT}/lines/<int:line_id>/quantity")
@requires(Permission.QUOTE)
def change_quantity(no: str, line_id: int) -> ResponseReturnValue:
    """Change how much of a part."""
    form = forms.QuantityForm()

    def act() -> None:
        _, written, line = _line(no, line_id)
        milli = web.milli_from_text(form.quantity.data or "")
        show.tell_loosened(lines.change_quantity(line, written, milli))

    return _answer(no, line_id, form, web.carry_out(act))


def _answer(
    no: str, line_id: int, form: web.Form, refusal: WorkshopError | None
) -> ResponseReturnValue:
    """Back to the page; a refused form stands in its line with what was typed."""
    if refusal is None:
        return _back(show.order_of(no))
    form.refuse(refusal)
    return show.render(show.order_of(no), status=form.status, failed_line=line_id, failed_form=form)


@bp.post(f"{_DRAFT}/lines/<int:line_id>/discount")
@requires(Permission.DISCOUNT)
def give_discount(no: str, line_id: int) -> ResponseReturnValue:
    """Take an amount off a line, with its reason."""
    form = forms.DiscountForm()

    def act() -> None:
        _, written, line = _line(no, line_id)
        fen = money.fen_from_text(form.discount.data or "", "discount")
        reason = form.reason.data or ""
        lines.give_discount(line, written, fen, reason, by=me(), at=clock.now())

    return _answer(no, line_id, form, web.carry_out(act))


@bp.post(f"{_DRAFT}/lines/<int:line_id>/part")
@requires(Permission.QUOTE)
def choose_part(no: str, line_id: int) -> ResponseReturnValue:
    """Take the part of another class."""
    order, written, line = _line(no, line_id)
    part = queries.get_part(request.form.get("part", 0, type=int))
    show.tell_loosened(lines.choose_part(line, written, part, at=clock.now()))
    db.commit()
    return _back(order)


@bp.post(f"{_DRAFT}/lines/<int:line_id>/payer")
@requires(Permission.QUOTE, Permission.WARRANTY)
def choose_payer(no: str, line_id: int) -> ResponseReturnValue:
    """Say who pays."""
    order = show.order_of(no)
    written = draft.get_written(order, show.seen(), by=me())
    line = queries.get_line(written, line_id)
    payer = _payer(request.form.get("payer", ""))
    show.tell_loosened(payers.choose_payer(line, written, payer, by=me(), at=clock.now()))
    db.commit()
    return _back(order)


def _payer(value: str) -> Payer:
    try:
        return Payer(value)
    except ValueError as error:
        raise Invalid(N_("Choose who pays."), field="payer") from error


@bp.post(f"{_DRAFT}/lines/<int:line_id>/urgency")
@requires(Permission.QUOTE)
def mark_urgency(no: str, line_id: int) -> ResponseReturnValue:
    """Say how urgent the work is."""
    order, written, line = _line(no, line_id)
    value = request.form.get("urgency", "")
    known = {each.value: each for each in Urgency}
    lines.mark_urgency(line, written, known.get(value))
    db.commit()
    return _back(order)


@bp.post(f"{_DRAFT}/lines/<int:line_id>/remove")
@requires(Permission.QUOTE)
def remove_line(no: str, line_id: int) -> ResponseReturnValue:
    """Take a line out."""
    order, written, line = _line(no, line_id)
    show.tell_loosened(lines.remove_line(line, written))
    db.commit()
    return _back(order)


@bp.post(f"{_DRAFT}/discard")
@requires(Permission.QUOTE)
def discard(no: str) -> ResponseReturnValue:
    """Drop a draft addition that nobody needs any more."""
    order = show.order_of(no)
    draft.discard(show.begin_writing(order), by=me(), at=clock.now())
    db.commit()
    return _back(order)
