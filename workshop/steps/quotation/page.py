"""The page of an order's quotation: everything that its template reads, in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import flash, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.catalogue import queries as catalogue
from workshop.catalogue.models import Package, Payer
from workshop.errors import WorkshopError
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder, Urgency
from workshop.shop import calendar
from workshop.staff.access import me
from workshop.staff.permissions import Permission
from workshop.steps.quotation import draft, gates, menu, payers, promise, queries, rules
from workshop.steps.quotation.fit import queries as fit
from workshop.steps.quotation.forms import AdditionForm, ChargeForm, DeclineForm, OfferForm
from workshop.steps.quotation.models import Decision, Quotation, QuotationLine, QuotationState
from workshop.steps.quotation.pricing import partless, taken_apart, todays_prices
from workshop.steps.quotation.pricing.todays_prices import PriceChange
from workshop.steps.quotation.queries import Availability, Group
from workshop.steps.reception import condition
from workshop.steps.reception import queries as reception_queries
from workshop.stock.models import Part
from workshop.stock.parts import queries as register
from workshop.stock.pricing import queries as prices
from workshop.stock.pricing import rules as markup
from workshop.web import display


@dataclass(frozen=True)
class Sheet:
    """One quotation as the page shows it."""

    quotation: Quotation
    groups: list[Group]
    totals: rules.Totals
    reasons: list[promise.Reason]
    changes: list[PriceChange]

    @property
    def about_parts(self) -> list[promise.Reason]:
        """What the customer hears of parts that the shelf has not."""
        return [each for each in self.reasons if each.values.keys() & {"parts", "day"}]

    @property
    def other_payers(self) -> list[tuple[Payer, int]]:
        """Who pays how much in the customer's place, in fen."""
        sums = self.totals.by_payer
        others = [payer for payer in Payer if payer is not Payer.CUSTOMER]
        return [(payer, sums[payer.value]) for payer in others if payer.value in sums]


def sheet(quotation: Quotation, at: datetime | None = None) -> Sheet:
    """The quotation with its lines, sums, and why its time is what it is.

    With a time it also says which prices are others then.

    Once it is signed, what was declined counts no more.
    """
    groups = queries.list_groups(quotation)
    lines = [line for group in groups for line in group.lines]
    if quotation.state is QuotationState.SIGNED:
        lines = [line for line in lines if line.decision is Decision.ACCEPTED]
    why = quotation.promise_why
    changes = todays_prices.list_changes(quotation, at) if at else []
    return Sheet(quotation, groups, queries.totals(lines), promise.explain(why), changes)


@dataclass(frozen=True)
class Preview:
    """What a draft would promise if it were offered now, or why nobody could do it."""

    promise_at: datetime | None
    reasons: list[promise.Reason]
    refusal: str


def preview(quotation: Quotation | None, at: datetime) -> Preview | None:
    """Compute the time of a draft before it is offered; None while it has no line."""
    found = queries.list_lines(quotation) if quotation else []
    if quotation is None or not found:
        return None
    try:
        earliest = promise.find_earliest(quotation.order, found, at)
    except WorkshopError as error:
        return Preview(None, [], web.error_words(error))
    return Preview(earliest.promise_at, promise.explain(earliest.why), "")


def add_up(shown: Sheet, decisions: Mapping[int, bool]) -> dict[str, Any]:
    """What the accepted lines add up to, in fen, and how many are still open.

    Of a package that is taken in part each line costs itself, and `apart` names it.
    """
    accepted = [group for group in shown.groups if decisions.get(group.head.id)]
    broken = taken_apart.find_broken(shown.groups, decisions)
    lines = [line for group in accepted for line in group.lines]
    mine = [line for line in lines if line.payer is Payer.CUSTOMER]
    return {
        "customer_fen": taken_apart.total_fen(mine, broken),
        "total_fen": taken_apart.total_fen(lines, broken),
        "apart": [catalogue.get_package(each) for each in sorted(broken)],
        "open": len(shown.groups) - len(decisions.keys() & {g.head.id for g in shown.groups}),
    }


def order_of(no: str) -> RepairOrder:
    """The order of this number in the signed-in person's branch; raises NotFound."""
    return orders.get_order(no, me().branch_id)


def seen() -> int | None:
    """The version that the sender's page showed; None when the form says nothing."""
    return request.form.get("seen", type=int)


def render(
    order: RepairOrder,
    *,
    status: int = 200,
    failed_line: int | None = None,
    failed_form: web.Form | None = None,
    charge_form: ChargeForm | None = None,
    addition_form: AdditionForm | None = None,
    decline_form: DeclineForm | None = None,
    offer_form: OfferForm | None = None,
) -> ResponseReturnValue:
    """The page; a refused form comes back with what was typed."""
    at = clock.now()
    locked = gates.missing_to_write(order)
    writes = not locked and me().may(Permission.QUOTE)
    written = queries.find_draft(order)
    current = queries.find_current(order)
    offers = menu.Menu(order, written, at)
    text = request.values.get("q", "")
    lines = queries.list_lines(written) if written else []
    parts = [line.part for line in lines if line.part]
    choices = queries.list_choices(parts)
    shown = [part for group in choices.values() for part in group] + parts
    shelf = queries.list_availability(order.branch, shown, at)
    costs = prices.prices_on(shown, calendar.local_day(order.branch, at))
    context: dict[str, Any] = {
        "order": order,
        "current": sheet(current, at) if current else None,
        "additions": [sheet(each, at) for each in queries.list_additions(order)],
        "older": [each for each in queries.list_quotations(order) if each.is_replaced],
        "draft": written,
        "preview": preview(written, at),
        "seen": written.version if written else 0,
        "margins": _margins(order) if me().may(Permission.SEE_COST) else {},
        "replaces": register.replaced_nos(part.id for part in parts),
        "locked": locked,
        "writes": writes,
        "missing_to_offer": gates.missing_to_offer(order),
        "missing_to_revise": gates.missing_to_revise(current) if current else [],
        "q": text,
        "found": offers.search(text) if text.strip() else [],
        "found_parts": offers.search_parts(text),
        "packages": offers.packages(),
        "asked": offers.asked_at_booking(),
        "deferred": offers.deferred(),
        "classes": {line.id: _classes(line, choices, shelf, costs) for line in lines if line.part},
        "corrections": reception_queries.list_corrections(order),
        "walkaround": reception_queries.show_walkaround(order),
        "findings": condition.list_findings(order),
        "shelf": shelf,
        "written": written if writes else None,
        "payers": {line.id: _payers(line) for line in lines},
        "partless": partless.find_pieces(order, lines),
        "doubts": fit.list_doubts(written) if written else [],
        "offer_form": offer_form or _offer_form(written),
        "partless_kinds": partless.list_kinds(written) if written else [],
        "has_no_rate": offers.has_no_rate,
        "packages_of": _packages_of(lines),
        "failed_line": failed_line,
        "failed_form": failed_form,
        "charge_form": charge_form or ChargeForm(formdata=None, prefix="charge-"),
        "addition_form": addition_form or _addition_form(written),
        "decline_form": decline_form or DeclineForm(formdata=None),
        "placeless_forms": _refused(
            decline_form, failed_form, offer_form, *(() if writes else (charge_form, addition_form))
        ),
    }
    return web.page("quotation/show.html", status, **context)


def _margins(order: RepairOrder) -> dict[int, int]:
    """By line: what its part brings beyond its last cost, in fen; for who may see costs."""
    return {
        line.id: margin
        for each in queries.list_quotations(order)
        for line in queries.list_lines(each)
        if line.is_part and line.part is not None
        for margin in (
            markup.line_margin_fen(line.total_fen, line.part.cost_fen, line.quantity_milli),
        )
        if margin is not None
    }


def _refused(*forms: web.Form | None) -> list[web.Form]:
    """The refused ones among forms that may have no place on the page: somebody was quicker."""
    return [each for each in forms if each is not None and each.form_errors]


def _payers(line: QuotationLine) -> list[tuple[str, str]]:
    """Whom the reader may choose to pay a line that is being written."""
    if line.is_core:
        return []
    return [(each.value, display.translate(each)) for each in payers.list_payers(line, me())]


def _classes(
    line: QuotationLine,
    choices: dict[str, list[Part]],
    shelf: dict[int, Availability],
    costs: dict[int, int],
) -> list[tuple[int, str]]:
    """The parts of all classes that would do for a line, with price and arrival in words."""
    group = line.part.choice_group if line.part else None
    return [
        (part.id, _class_words(part, line, shelf.get(part.id), costs[part.id]))
        for part in sorted(choices.get(group or "", []), key=lambda part: -costs[part.id])
    ]


def _class_words(
    part: Part, line: QuotationLine, shelf: Availability | None, price_fen: int
) -> str:
    if shelf is not None and shelf.is_enough(line.quantity_milli):
        when = gettext("on the shelf")
    else:
        when = gettext("arrives %(day)s", day=display.show_date(shelf.eta) if shelf else "—")
    words = (display.translate(part.part_class), display.show_money(price_fen), str(when))
    return " · ".join(words)


def _packages_of(lines: Sequence[QuotationLine]) -> dict[int, Package]:
    """The packages whose fixed price lines of the draft make together, by id."""
    ids = {line.package_id for line in lines if line.package_id is not None}
    return {each: catalogue.get_package(each) for each in ids}


def tell_loosened(package: Package | None) -> None:
    """Say that the lines of a package cost what they cost alone, and why."""
    if package is not None:
        name = display.show_name(package)
        words = gettext(
            "%(package)s is not at its fixed price: that is for the whole of it, unchanged, and "
            "paid by the customer.",
            package=name,
        )
        flash(words, "warn")


def _addition_form(written: Quotation | None) -> AdditionForm:
    if written is None:
        return AdditionForm(formdata=None)
    urgency = (written.urgency or Urgency.YELLOW).value
    return AdditionForm(formdata=None, data={"reason": written.reason, "urgency": urgency})


def _offer_form(written: Quotation | None) -> OfferForm:
    return OfferForm(formdata=None, data={"despite": written.despite if written else ""})


def begin_writing(order: RepairOrder) -> Quotation:
    """The draft that this request writes into, checked against the version that was seen."""
    return draft.get_draft(order, seen(), by=me(), at=clock.now())
