"""Whom the shop knows, looked up for many rows at once: by number, phone and name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlalchemy import select

from workshop.customers.models import Channel, Customer, CustomerContact
from workshop.customers.particulars import PERSON_LABELS
from workshop.db import session
from workshop.setup.imports.bulk import MOST_KEYS, portions
from workshop.setup.imports.kinds import consent_plans
from workshop.setup.imports.models import CustomerNumber


@dataclass(frozen=True)
class Person:
    """A customer as the shop has it, or as an earlier line of the file makes it.

    `id` is None for one of the file: `ref` stands for it, and `line` says where it is.
    """

    id: int | None
    name: str
    phone: str
    ref: str = ""
    line: int = 0
    about: tuple[str, str, str, Channel | None] = ("", "", "", None)
    # Birthday, source and tier, by column.
    more: Mapping[str, Any] = field(default_factory=dict)
    sms: consent_plans.Word = field(default_factory=dict)

    @property
    def key(self) -> tuple[str, str]:
        """Name and number: who has both alike is one customer."""
        return self.name, self.phone

    @property
    def credit_code(self) -> str:
        return self.about[0]

    @property
    def address(self) -> str:
        return self.about[1]

    @property
    def remark(self) -> str:
        return self.about[2]

    @property
    def channel(self) -> Channel | None:
        return self.about[3]


class People:
    """The customers whom some rows may mean."""

    def __init__(self) -> None:
        self.by_number: dict[str, Person] = {}
        self.by_phone: dict[str, list[Person]] = {}
        self.by_name: dict[str, list[Person]] = {}

    def add(self, person: Person, number: str = "") -> None:
        """One more, of an earlier line of the file."""
        self.by_phone.setdefault(person.phone, []).append(person)
        self.by_name.setdefault(person.name, []).append(person)
        if number:
            self.by_number.setdefault(number, person)


def look_up(
    numbers: Collection[str], phones: Collection[str], names: Collection[str] = ()
) -> People:
    """The customers with one of these numbers, phones or names."""
    found = People()
    numbered = dict(_in(CustomerNumber.number, numbers, _numbers))
    people = _people(
        {
            *numbered.values(),
            *_ids(Customer.phone, phones),
            *_ids(Customer.name, names),
            *_ids(CustomerContact.phone, phones, CustomerContact.customer_id, _IN_USE),
        }
    )
    for number, customer_id in numbered.items():
        if customer_id in people:
            found.by_number[number] = people[customer_id]
    by_phone: dict[str, list[Person]] = defaultdict(list)
    by_name: dict[str, list[Person]] = defaultdict(list)
    for person in people.values():
        by_phone[person.phone].append(person)
        by_name[person.name].append(person)
    for phone, customer_id in _in(CustomerContact.phone, phones, _contacts):
        company = people.get(customer_id)
        if company is not None and company not in by_phone[phone]:
            by_phone[phone].append(company)
    found.by_phone, found.by_name = dict(by_phone), dict(by_name)
    return found


_IN_USE = CustomerContact.retired_at.is_(None)
_COLUMNS = (
    Customer.id, Customer.name, Customer.phone, Customer.credit_code, Customer.address,
    Customer.remark, Customer.channel, *(getattr(Customer, name) for name in PERSON_LABELS),
)  # fmt: skip


def _ids(
    column: Any,
    values: Collection[str],
    of: Any = Customer.id,
    *more: sa.ColumnElement[bool],
) -> Iterable[int]:
    for some in portions(sorted(values), MOST_KEYS):
        yield from session.scalars(select(of).where(column.in_(some), *more))


def _in(
    column: Any,
    values: Collection[str],
    query: Callable[[], sa.Select[*tuple[Any, ...]]],
) -> Iterable[tuple[str, int]]:
    for some in portions(sorted(values), MOST_KEYS):
        yield from ((row[0], row[1]) for row in session.execute(query().where(column.in_(some))))


def _numbers() -> sa.Select[*tuple[Any, ...]]:
    return select(CustomerNumber.number, CustomerNumber.customer_id)


def _contacts() -> sa.Select[*tuple[Any, ...]]:
    return (
        select(CustomerContact.phone, CustomerContact.customer_id)
        .where(_IN_USE)
        .order_by(CustomerContact.id)
    )


def _people(ids: Collection[int]) -> dict[int, Person]:
    """The customers of these ids, the oldest first, without those joined to another one."""
    found: dict[int, Person] = {}
    said = consent_plans.look_up(ids)
    for some in portions(sorted(ids), MOST_KEYS):
        query = select(*_COLUMNS).where(Customer.id.in_(some), Customer.merged_into_id.is_(None))
        for row in session.execute(query.order_by(Customer.id)):
            about = (row[3] or "", *row[4:7])
            more = dict(zip(PERSON_LABELS, row[7:], strict=True))
            words = said.get(row[0], {})
            found[row[0]] = Person(row[0], row[1], row[2], about=about, more=more, sms=words)
    return found
