"""What the pages of customer care show: who must be told something, who waits, how it looks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from flask_babel import get_locale, gettext

from workshop import web
from workshop.cases import service as cases
from workshop.catalogue.checklists.models import ChecklistItem
from workshop.customers.contacts import queries as contacts
from workshop.customers.models import Channel
from workshop.errors import WorkshopError
from workshop.orders.models import RepairOrder
from workshop.shop.models import Branch
from workshop.steps.lounge import due_reports, gates, guests, queries, rounds, rules, suggesting
from workshop.steps.lounge.due_reports import DueReport
from workshop.steps.lounge.enums import CARE_ICONS, CareKind, Occasion
from workshop.steps.lounge.forms import DepartureForm, RecordForm, ReportForm, ReturnForm
from workshop.steps.lounge.models import CareAct, CareRecord, Departure, LoungeCheck
from workshop.steps.lounge.suggesting import Suggestion
from workshop.thread import queries as thread
from workshop.web.display import show_moment

_NEXT_REPORTS = 6


@dataclass(frozen=True)
class CareLine:
    """One of the six care acts, and when it was done; the report has a form of its own."""

    kind: CareKind
    done: CareAct | None

    @property
    def icon(self) -> str:
        return CARE_ICONS[self.kind]

    @property
    def is_report(self) -> bool:
        return self.kind is CareKind.REPORT


@dataclass(frozen=True)
class DueLine:
    """A report that is due now, ready to be told: what to say, how, and at which number."""

    due: DueReport
    sheet: Departure | None
    at: datetime
    suggested: Suggestion

    @property
    def order(self) -> RepairOrder:
        return self.due.order

    @property
    def late_minutes(self) -> int:
        return self.due.overdue_minutes(self.at)

    @property
    def phone(self) -> str | None:
        """Where somebody who left is reached; None for who waits here."""
        if self.order.stays:
            return None
        return self.sheet.reachable_phone if self.sheet else self.order.bringer_phone

    @property
    def channel(self) -> Channel:
        return _channel(self.order, self.sheet)

    @property
    def words(self) -> str:
        return say(self.suggested)


@dataclass(frozen=True)
class GuestCard:
    """A waiting customer: since when, the acts, and the next report."""

    guest: guests.Guest
    at: datetime

    @property
    def order(self) -> RepairOrder:
        return self.guest.order

    @property
    def record(self) -> CareRecord | None:
        return self.guest.record

    @property
    def open_count(self) -> int:
        return len(self.guest.open_acts)

    @property
    def care(self) -> list[CareLine]:
        return _care(self.guest.acts)

    @property
    def here_minutes(self) -> int:
        return int((self.at - self.order.arrived_at).total_seconds() // 60)

    @property
    def due(self) -> DueReport | None:
        return self.guest.due

    @property
    def is_due(self) -> bool:
        return self.due is not None and self.due.is_due(self.at)


@dataclass(frozen=True)
class LoanerLine:
    """A loaner car that is out, and whether it should be back."""

    departure: Departure
    order: RepairOrder
    at: datetime

    @property
    def is_overdue(self) -> bool:
        due_at = self.departure.loaner_due_at
        return due_at is not None and due_at < self.at


@dataclass(frozen=True)
class RoundLine:
    """One item of the round: how it was found, and a refused answer with what was typed."""

    item: ChecklistItem
    check: LoungeCheck | None
    typed: str
    refusal: str

    @property
    def is_ok(self) -> bool:
        return self.check is not None and self.check.is_ok

    @property
    def is_fault(self) -> bool:
        return self.check is not None and not self.check.is_ok

    @property
    def action(self) -> str:
        """What is done about it: as it was typed, or as it is kept."""
        if self.refusal:
            return self.typed
        return self.check.action if self.check else ""


def index(branch: Branch, at: datetime) -> dict[str, Any]:
    """The page of all: reports due, who waits, who left, the round, the loaner cars."""
    dues = due_reports.list_all(branch)
    present = queries.list_in_house(branch)
    travellers = guests.list_travellers(present, dues)
    sheets = {each.order.id: each.departure for each in travellers}
    hour = rules.hour_of(at)
    hours = rounds.list_hours(branch, at)
    return {
        "dues": [
            DueLine(due, sheets.get(due.order.id), at, suggesting.suggest(due.order, at, due))
            for due in dues
            if due.is_due(at)
        ],
        "asked": thread.list_lounge(branch.id),
        "coming": [due for due in dues if not due.is_due(at)][:_NEXT_REPORTS],
        "undecided": [order for order in present if order.stays is None],
        "guests": [GuestCard(guest, at) for guest in guests.list_guests(present, dues)],
        "travellers": travellers,
        "channels": list(Channel),
        "loaners": [LoanerLine(*each, at) for each in queries.list_loaners_out(branch)],
        "missed_hours": [each for each in hours if each.hour_at < hour and not each.is_complete],
        "faults": rounds.list_open_faults(branch),
        "checked": len(rounds.list_checks(branch, hour)),
        "total": len(rounds.list_items(branch, hour)),
        "hour": hour,
    }


def show(order: RepairOrder, at: datetime, **submitted: Any) -> dict[str, Any]:
    """The page of one order; `submitted` are forms that come back with what was typed."""
    departure = queries.find_departure(order)
    acts, due = queries.list_acts(order), due_reports.find(order)
    is_due = due is not None and due.is_due(at)
    return {
        "order": order,
        "acts": acts,
        "care": _care({act.kind: act for act in acts}),
        "too_quick": rules.is_too_quick([act.done_at for act in acts]),
        "departure": departure,
        "due": due,
        "is_due": is_due,
        "late_minutes": due.overdue_minutes(at) if due else 0,
        "reports": queries.list_reports(order),
        "missing": gates.missing(order),
        "cases": cases.list_for_order(order),
        **_forms(order, departure, due if is_due else None, at, submitted),
    }


def walk(
    branch: Branch,
    at: datetime,
    *,
    refused: str | None = None,
    typed: str = "",
    refusal: WorkshopError | None = None,
) -> dict[str, Any]:
    """The round of this hour; a refused item stands open with what was typed and why."""
    hour = rules.hour_of(at)
    checks = rounds.list_checks(branch, hour)
    why = web.error_words(refusal) if refusal else ""
    items, locale = rounds.list_items(branch, hour), str(get_locale())
    lines = [
        RoundLine(each, checks.get(each.code), typed, why if each.code == refused else "")
        for each in items
    ]
    codes = {each.code for each in items}
    return {
        "groups": [
            (heading, list(group))
            for heading, group in groupby(lines, key=lambda line: line.item.group_in(locale))
        ],
        "checked": len(codes & set(checks)),
        "total": len(items),
        "too_quick": rules.is_too_quick([check.at for check in checks.values()]),
        "older": [fault for fault in rounds.list_open_faults(branch) if fault.at < hour],
        "hour": hour,
    }


def say(suggested: Suggestion) -> str:
    """Words to begin with, in the reader's language; the person changes what does not fit."""
    values = {
        key: show_moment(value) if isinstance(value, datetime) else gettext(value.label)
        for key, value in suggested.values.items()
    }
    return str(gettext(suggested.message)) % values


def _care(acts: Mapping[CareKind, CareAct]) -> list[CareLine]:
    return [CareLine(kind, acts.get(kind)) for kind in CareKind]


def _forms(
    order: RepairOrder,
    departure: Departure | None,
    due: DueReport | None,
    at: datetime,
    submitted: dict[str, Any],
) -> dict[str, Any]:
    record = queries.find_record(order)
    blank = {} if record else {"version": "0"}
    return {
        "record_form": RecordForm(formdata=None, obj=record, **blank),
        "report_form": _report_form(order, departure, due, at),
        "departure_form": submitted.get("departure_form") or DepartureForm.of(order, departure, at),
        "contacts": contacts.list_offered(order.customer, order.vehicle),
        "return_form": ReturnForm(formdata=None),
        **submitted,
    }


def _report_form(
    order: RepairOrder, departure: Departure | None, due: DueReport | None, at: datetime
) -> ReportForm:
    occasion = due.occasion if due else Occasion.HOURLY
    channel = _channel(order, departure)
    suggested = suggesting.suggest(order, at, due)
    said = say(suggested)
    return ReportForm(
        formdata=None,
        occasion=occasion.value,
        channel=channel.value,
        said=said,
        offered=said,
        facts=suggested.facts,
    )


def renew_words(form: ReportForm, order: RepairOrder, at: datetime) -> None:
    """A form whose suggestion was overtaken comes back with the words of now."""
    if form.is_overtaken:
        suggested = suggesting.suggest(order, at, due_reports.find(order))
        form.said.data = form.offered.data = say(suggested)
        form.facts.data = suggested.facts


def _channel(order: RepairOrder, sheet: Departure | None) -> Channel:
    """How a report is told: to who waits in person, else as agreed when they left."""
    if order.stays:
        return Channel.IN_PERSON
    return sheet.report_channel if sheet else order.customer.channel
