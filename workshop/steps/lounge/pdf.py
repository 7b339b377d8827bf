"""The departure information sheet on paper, for the customer to take along."""

from __future__ import annotations

from flask_babel import get_locale, gettext
from reportlab.platypus import Flowable

from workshop import paper
from workshop.customers import rules as customers
from workshop.customers import shown
from workshop.orders.models import RepairOrder
from workshop.orders.signed import names as signed
from workshop.orders.signed.models import SignedNames
from workshop.orders.signed.printed import todays_name
from workshop.shop import letterhead
from workshop.steps.lounge.models import Departure
from workshop.web import display


def departure_sheet(
    order: RepairOrder, departure: Departure, *, order_url: str | None = None
) -> bytes:
    """The PDF of the sheet, under the names that it was filled in with."""
    names = signed.stood(order, departure.noted_at)
    return paper.document(
        _("Departure information sheet"),
        letterhead.head_of(order.branch, gettext, at=departure.noted_at),
        [
            *_car(names),
            *todays_name(order, names, gettext),
            *_way(departure),
            *_reports(departure),
            *_pick_up(departure),
            *_loaner(departure),
            *_signatures(names),
        ],
        number=order.no,
        subtitle=names.called,
        order_url=order_url,
        qr_note=order.no if order_url else "",
        page_of=_("Page %(page)s of %(pages)s", page="%(page)s", pages="%(pages)s"),
        language="zh_CN" if str(get_locale()).startswith("zh") else "en",
    )


def _(message: str, **values: object) -> str:
    """The words in the reader's language."""
    return str(gettext(message, **values))


def _car(names: SignedNames) -> list[Flowable]:
    return [
        paper.facts(
            [
                (_("Customer"), names.customer_name),
                (_("Vehicle"), names.title),
                (_("Service advisor"), names.advisor_name or ""),
                (_("Promised time"), display.show_printed(names.promised_at)),
            ]
        )
    ]


def _way(departure: Departure) -> list[Flowable]:
    return [
        paper.section(_("The way")),
        paper.facts(
            [
                (_("Left at"), display.show_printed(departure.left_at)),
                (_("How they travel on"), display.translate(departure.transport)),
                (_("Destination"), departure.destination),
                (_("Who pays for the way"), display.translate(departure.cost_bearer)),
                (_("Driver or vehicle"), departure.driver),
            ]
        ),
    ]


def _reports(departure: Departure) -> list[Flowable]:
    return [
        paper.section(_("How we reach you")),
        paper.facts(
            [
                (_("Reachable number while away"), shown.phone(departure.reachable_phone)),
                (_("Best time to call"), departure.best_time),
                (_("Progress report by"), display.translate(departure.report_channel)),
                (_("Progress report at"), _shown(departure)),
            ]
        ),
    ]


def _shown(departure: Departure) -> str:
    return display.show_printed(departure.report_at) if departure.report_at else ""


def _pick_up(departure: Departure) -> list[Flowable]:
    code = f"{departure.pick_up_code[:3]} {departure.pick_up_code[3:]}"
    return [
        paper.section(_("Picking up the car")),
        paper.facts(
            [
                (_("Who picks up the car"), departure.pick_up_name),
                (_("Their phone"), shown.phone(departure.pick_up_phone)),
            ]
        ),
        paper.display(code, _("Pick-up code")),
        paper.note(_("Whoever collects the car names this code. Give it to nobody else.")),
    ]


def _loaner(departure: Departure) -> list[Flowable]:
    if departure.loaner_plate is None:
        return []
    yes = _("yes") if departure.loaner_licence_checked else _("no")
    return [
        paper.section(_("Loaner car")),
        paper.facts(
            [
                (_("Loaner contract number"), departure.loaner_contract_no),
                (_("Plate of the loaner car"), customers.show_plate(departure.loaner_plate)),
                (_("Mileage on leaving"), _km(departure.loaner_km_out)),
                (_("Fuel or charge on leaving"), _percent(departure.loaner_energy_out)),
                (_("Driving licence looked at"), yes),
                (_("Deposit taken"), display.show_money(departure.loaner_deposit_fen)),
                (_("Comes back at"), display.show_printed(departure.loaner_due_at)),
                (_("Damage on the loaner car"), departure.loaner_damage),
                (_("Mileage on return"), _km(departure.loaner_km_in)),
                (_("Fuel or charge on return"), _percent(departure.loaner_energy_in)),
            ]
        ),
    ]


def _km(km: int | None) -> str:
    return "" if km is None else f"{km:,} km"


def _percent(percent: int | None) -> str:
    return "" if percent is None else f"{percent} %"


def _signatures(names: SignedNames) -> list[Flowable]:
    return [
        paper.signatures(
            (_("Customer"), None, names.bringer_name, ""),
            (_("Service advisor"), None, names.advisor_name or "", ""),
        )
    ]
