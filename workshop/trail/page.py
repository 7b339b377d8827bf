"""What the audit page shows: each line in words, with a link to its record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from flask import url_for
from flask_babel import gettext

from workshop import money, web
from workshop.customers.models import Customer, Vehicle
from workshop.db import session
from workshop.enums import LabelledEnum
from workshop.shop.models import Bay, Technician
from workshop.staff.models import AuditEntry, Role, User
from workshop.staff.permissions import Permission
from workshop.staff.roles import words as role_words
from workshop.stock.models import Part
from workshop.trail import action_words, queries, record_words, rules


@dataclass(frozen=True)
class Said:
    """One thing that an act said, in words; `before` is None when nothing was there."""

    label: str
    before: str | None
    after: str


@dataclass(frozen=True)
class Line:
    """One line of the trail as people read it."""

    at: datetime
    by: str
    action: str
    record: str
    url: str | None
    said: list[Said]


def read_lines(entries: Sequence[AuditEntry], reader: User | None) -> list[Line]:
    """The entries in words, in the reader's language."""
    records = _name_records(entries, reader)
    return [_line(each, records) for each in entries]


Record = tuple[str, str | None]


def _line(entry: AuditEntry, records: Mapping[tuple[str, int], Record]) -> Line:
    record, url = records.get((entry.subject or "", entry.subject_id or 0), ("", None))
    return Line(
        at=entry.at,
        by=entry.by.display_name if entry.by else str(gettext("The program itself")),
        action=str(gettext(action_words.label_of(entry.action))),
        record=record,
        url=url,
        said=[_said(each, entry.action) for each in rules.read_details(entry.details)],
    )


def _said(change: rules.Change, action: str) -> Said:
    group = action.partition(".")[0]
    before = value_words(change.key, change.before, group) if change.has_before else None
    return Said(_key_words(change.key, group), before, value_words(change.key, change.after, group))


# ---- Values ----


def value_words(key: str, value: Any, group: str = "") -> str:
    """A value of an act's details as its reader sees it; `group` is the act's package."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return str(gettext("Yes") if value else gettext("No"))
    if isinstance(value, Mapping):
        said = (f"{_key_words(k, group)}: {value_words(k, v, group)}" for k, v in value.items())
        return "; ".join(said) or "—"
    if isinstance(value, list):
        return str(web.show_value([value_words(key, each, group) for each in value])) or "—"
    if isinstance(value, int):
        return _number_words(key, value)
    return _text_words(str(value), group)


def _key_words(key: str, group: str) -> str:
    label = record_words.KEYS.get(str(key)) or _known_words(group).get(str(key))
    return str(gettext(label or record_words.key_label(str(key))))


def _number_words(key: str, value: int) -> str:
    if key == "fen" or key.endswith("_fen"):
        return money.format_fen(value)
    if key.endswith("_milli"):
        return f"{value / 1000:g}"
    named = _BY_ID.get(key)
    record = session.get(named.kind, value) if named else None
    if named and record is not None:
        return named.name(record)
    return str(value)


def _text_words(text: str, group: str) -> str:
    if len(text) >= 16 and text[4:5] == "-" and "T" in text:
        return _moment_words(text)
    # Words that the program itself has kept, such as why a promise moved, are message ids.
    return str(gettext(_known_words(group).get(text, text)))


def _moment_words(text: str) -> str:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    return str(web.show_value(at)) if at.tzinfo else text


@cache
def _known_words(group: str) -> dict[str, str]:
    """The words of values: of the act's own package first, then those that are one everywhere."""
    own: dict[str, str] = {}
    found: dict[str, set[str]] = defaultdict(set)
    for kind in _all_kinds(LabelledEnum):
        for member in kind:
            found[member.value].add(member.label)
            if group in kind.__module__.split("."):
                own.setdefault(member.value, member.label)
    for permission in Permission:
        found[permission.value] = {role_words.words_of(permission).label}
    alike = {value: next(iter(labels)) for value, labels in found.items() if len(labels) == 1}
    return {**alike, **own}


def _all_kinds(kind: type[LabelledEnum]) -> Iterable[type[LabelledEnum]]:
    for each in kind.__subclasses__():
        yield each
        yield from _all_kinds(each)


# ---- Records ----


def _name_records(
    entries: Sequence[AuditEntry], reader: User | None
) -> dict[tuple[str, int], Record]:
    by_subject: dict[str, set[int]] = defaultdict(set)
    for entry in entries:
        if entry.subject and entry.subject_id:
            by_subject[entry.subject].add(entry.subject_id)
    return {
        (subject, number): record
        for subject, ids in by_subject.items()
        for number, record in _name_of(subject, ids, reader).items()
    }


def _name_of(subject: str, ids: set[int], reader: User | None) -> dict[int, Record]:
    kind = str(gettext(record_words.record_label(subject)))
    orders = queries.orders_of(subject, ids)
    named = _NAMED.get(subject)
    names = _names(named.kind, ids, named.name) if named else queries.numbers_of(subject, ids)
    return {
        number: (
            f"{kind} {names.get(number) or orders.get(number) or f'#{number}'}",
            _url(subject, number, orders.get(number), reader),
        )
        for number in ids
    }


def _url(subject: str, number: int, order_no: str | None, reader: User | None) -> str | None:
    named = _NAMED.get(subject)
    if order_no and reader and reader.may(Permission.VIEW_ORDERS):
        return url_for("desk.order", no=order_no)
    if named and named.endpoint and reader and reader.may(named.right):
        values: dict[str, Any] = {named.argument: number}
        return url_for(named.endpoint, **values)
    return None


@dataclass(frozen=True)
class _Named:
    """A kind of record with a name of its own, and the page that shows it."""

    kind: type[Any]
    name: Callable[[Any], str]
    endpoint: str = ""
    argument: str = ""
    right: Permission = Permission.MANAGE_STAFF


def _names(kind: type[Any], ids: set[int], name: Callable[[Any], str]) -> dict[int, str]:
    found = (session.get(kind, number) for number in sorted(ids))
    return {each.id: name(each) for each in found if each is not None}


def _role_name(role: Role) -> str:
    return str(gettext(role.label))


_TECHNICIAN = _Named(
    Technician,
    lambda each: each.user.display_name,
    "shop.technician",
    "technician_id",
    Permission.MANAGE_SHOP,
)
_BAY = _Named(Bay, lambda each: each.code)
_PERSON = _Named(User, lambda each: each.display_name, "staff.person", "user_id")
_BY_ID = {"technician_id": _TECHNICIAN, "bay_id": _BAY, "user_id": _PERSON}
_NAMED = {
    "user": _PERSON,
    "role": _Named(Role, _role_name, "staff.role", "role_id"),
    "customer": _Named(
        Customer,
        lambda each: each.name,
        "booking.show_customer",
        "customer_id",
        Permission.VIEW_CUSTOMERS,
    ),
    "vehicle": _Named(
        Vehicle,
        lambda each: each.called,
        "booking.show_vehicle",
        "vehicle_id",
        Permission.VIEW_CUSTOMERS,
    ),
    "technician": _TECHNICIAN,
    "part": _Named(Part, lambda each: each.no),
    "bay": _BAY,
}
