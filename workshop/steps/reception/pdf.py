"""The walk-around sheet on paper."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale, gettext
from reportlab.platypus import Flowable

from workshop import paper
from workshop.customers import shown
from workshop.customers.models import EnergyType
from workshop.db import session
from workshop.orders.models import Attachment, RepairOrder
from workshop.orders.signed import names as signed
from workshop.orders.signed.models import SignedNames
from workshop.orders.signed.printed import todays_name
from workshop.paper import CheckItem, Mark
from workshop.shop import letterhead
from workshop.steps.reception import checks, queries, rules, walkaround
from workshop.steps.reception.car import drawing
from workshop.steps.reception.car.shapes import CarView
from workshop.steps.reception.models import Walkaround
from workshop.steps.reception.rules import BoardItem, CoverKind, Paper, Question, WarningLamp
from workshop.web import display


def walkaround_sheet(order: RepairOrder, order_url: str, locale: str, at: datetime) -> bytes:
    """The walk-around sheet of an order in a language, with drawing, marks, photos, signature."""
    with force_locale(locale):
        sheet = queries.show_walkaround(order)
        return paper.document(
            gettext("Walk-around sheet"),
            letterhead.head_of(order.branch, gettext, at=sheet.signed_at),
            _story(order, sheet),
            number=order.no,
            subtitle=_subtitle(sheet),
            order_url=order_url,
            qr_note=order.no,
            foot=gettext("Printed %(at)s", at=display.show_printed(at)),
            page_of=gettext("Page %(page)s of %(pages)s", page="%(page)s", pages="%(pages)s"),
            language=locale,
        )


def _subtitle(sheet: Walkaround) -> str:
    if sheet.signed_at is None:
        return str(gettext("Not signed yet"))
    return str(gettext("Edition %(edition)s", edition=sheet.edition))


def _story(order: RepairOrder, sheet: Walkaround) -> list[Flowable]:
    story = [paper.facts(_visit(order, sheet))]
    story += todays_name(order, signed.stood(order, sheet.signed_at), gettext)
    if order.repeat_repair:
        story.append(paper.note(gettext("Repeat repair"), alert=True))
    story += _concern(order, sheet)
    story += _car(order)
    story += _checks(sheet)
    story += _received(order, sheet)
    story += _photos(order)
    story += _signed(sheet)
    return story


def _visit(order: RepairOrder, sheet: Walkaround) -> list[tuple[str, str]]:
    names = signed.stood(order, sheet.signed_at)
    return [
        (gettext("Plate"), names.called),
        (gettext("Vehicle"), names.title),
        (gettext("VIN"), names.vin or sheet.no_vin_reason),
        (gettext("Arrived"), display.show_printed(order.arrived_at)),
        (gettext("Customer"), names.customer_name),
        (gettext("Brought by"), f"{names.bringer_name}  {shown.phone(names.bringer_phone)}"),
        (gettext("Service advisor"), names.advisor_name or ""),
        (gettext("Mileage"), _mileage(names, sheet)),
        (_level_label(order), _level(order)),
        (gettext("Warning lamps that are lit"), _lamps(sheet)),
    ]


def _mileage(names: SignedNames, sheet: Walkaround) -> str:
    if names.mileage_km is None:
        return ""
    km = f"{names.mileage_km:,} km"
    return f"{km}  ({gettext('Odometer replaced')})" if sheet.odometer_replaced else km


def _level_label(order: RepairOrder) -> str:
    electric = order.vehicle.energy is EnergyType.ELECTRIC
    return str(gettext("Charge level") if electric else gettext("Fuel level"))


def _level(order: RepairOrder) -> str:
    if order.energy_percent is None:
        return ""
    if order.vehicle.energy is EnergyType.ELECTRIC:
        return f"{order.energy_percent} %"
    return f"{rules.eighths_of_percent(order.energy_percent)}/8"


def _lamps(sheet: Walkaround) -> str:
    lit = [gettext(label) for label in walkaround.labels(WarningLamp, sheet.lamps)]
    return "  ".join(filter(None, [_listed(lit) or gettext("None"), sheet.lamps_note]))


def _concern(order: RepairOrder, sheet: Walkaround) -> list[Flowable]:
    said = [(gettext("In the customer's words"), order.concern)]
    said += [
        (gettext("Added %(at)s", at=display.show_printed(each.at)), each.words)
        for each in queries.list_corrections(order)
    ]
    said += [
        (gettext(question.label), sheet.interview[question.value])
        for question in Question
        if sheet.interview.get(question.value)
    ]
    said.append((gettext("Advisor's finding"), sheet.finding))
    return [paper.section(gettext("Concern")), paper.facts(said, in_a_row=1)]


def _car(order: RepairOrder) -> list[Flowable]:
    marks = queries.list_damage(order)

    def drawn(view: CarView, width: float) -> Flowable:
        return drawing.drawing(view, [mark for mark in marks if mark.view is view], width)

    half = paper.column_widths(2)[0]
    weights = (42, 100, 42)
    ends = paper.column_widths(3, weights)
    rows = [
        [str(mark.number), gettext(mark.place), gettext(mark.kind.label), mark.note]
        for mark in marks
    ]
    header = ["", gettext("Place on the car"), gettext("Damage"), gettext("Note")]
    found = (
        paper.table(header, rows, "clll", (1, 5, 3, 9))
        if rows
        else paper.note(gettext("No damage was found."))
    )
    return [
        paper.section(gettext("Walk round the car")),
        paper.columns(drawn(CarView.LEFT, half), drawn(CarView.RIGHT, half)),
        paper.columns(
            drawn(CarView.FRONT, ends[0]),
            drawn(CarView.TOP, ends[1]),
            drawn(CarView.REAR, ends[2]),
            weights=weights,
        ),
        paper.gap(2),
        found,
    ]


def _checks(sheet: Walkaround) -> list[Flowable]:
    kept = checks.from_plain(sheet.checks)
    if not kept:
        return []
    judged = [
        (gettext(check.label), f"{gettext(each.grade.label)}  {each.measure}".strip())
        for check, each in kept.items()
    ]
    said = [paper.note(sheet.checks_note)] if sheet.checks_note else []
    return [paper.section(gettext("Checks at the car")), paper.facts(judged), *said]


def _received(order: RepairOrder, sheet: Walkaround) -> list[Flowable]:
    fitted = queries.covers(order)
    covers = [
        CheckItem(gettext(kind.label), Mark.DONE, display.show_time(fitted[kind].fitted_at))
        if kind in fitted
        else CheckItem(gettext(kind.label))
        for kind in CoverKind
    ]
    return [
        paper.section(gettext("Protective covers")),
        paper.checklist(covers, 5),
        paper.section(gettext("Valuables, keys and papers")),
        paper.facts(_kept(order, sheet)),
    ]


def _kept(order: RepairOrder, sheet: Walkaround) -> list[tuple[str, str]]:
    valuables = queries.list_valuables(order)
    kept = [f"{each.title} ({each.place})" for each in valuables if each.kept_by_us]
    items = [gettext(label) for label in walkaround.labels(BoardItem, sheet.items)]
    papers = [gettext(label) for label in walkaround.labels(Paper, sheet.papers)]
    asked = display.show_time(sheet.valuables_asked_at)
    return [
        (gettext("Asked for valuables"), asked),
        (gettext("Kept by us"), _listed(kept) or gettext("Nothing")),
        (gettext("Keys received"), str(sheet.keys)),
        (gettext("Papers received"), _listed(papers) or gettext("Nothing")),
        (
            gettext("In the car and its boot"),
            _listed([*items, *filter(None, [sheet.items_note])]),
        ),
    ]


def _listed(words: list[str]) -> str:
    return str(gettext(", ")).join(words)


def _photos(order: RepairOrder) -> list[Flowable]:
    photos = [
        (attachment.data, f"{mark.number}  {gettext(mark.place)}  {gettext(mark.kind.label)}")
        for mark, attachment in queries.list_photos(order)
    ]
    photos += [
        (each.attachment.data, gettext(each.subject.label))
        for each in queries.list_car_photos(order)
    ]
    if not photos:
        return []
    return [paper.section(gettext("Photos")), paper.pictures(photos)]


def _signed(sheet: Walkaround) -> list[Flowable]:
    ink = session.get(Attachment, sheet.signature_id) if sheet.signature_id else None
    signed_at = display.show_printed(sheet.signed_at) if sheet.signed_at else ""
    advisor = sheet.signed_by.display_name if sheet.signed_by else ""
    parts: list[Flowable] = []
    if sheet.refused_reason:
        refused = gettext(
            "The customer did not sign: %(reason)s. Seen by %(witness)s.",
            reason=sheet.refused_reason,
            witness=sheet.witness_name,
        )
        parts.append(paper.note(refused, alert=True))
    parts.append(
        paper.signatures(
            (
                gettext("Customer"),
                shown.ink(ink.data) if ink else None,
                sheet.signer_name,
                signed_at,
            ),
            (gettext("Service advisor"), None, advisor, signed_at),
        )
    )
    return parts
