"""Customers: who is new, who is known, and who may be somebody that is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from workshop.customers import rules
from workshop.customers.models import Channel, CustomerKind
from workshop.customers.particulars import PERSON_LABELS
from workshop.errors import N_
from workshop.setup.imports import kind as kinds
from workshop.setup.imports.kind import (
    AT,
    LEAVE_OUT,
    Choice,
    Difference,
    Judgement,
    Kind,
    Note,
    Place,
    Put,
    Question,
    Ref,
    Row,
    Scope,
    Set,
)
from workshop.setup.imports.kinds import consent_plans
from workshop.setup.imports.kinds.customer_columns import COLUMNS
from workshop.setup.imports.kinds.people import People, Person, look_up
from workshop.sheets import Words
from workshop.staff.permissions import Permission


class CustomerJudge:
    """Judges the rows of one file of customers."""

    def __init__(self, _scope: Scope) -> None:
        self._file = People()
        self._shop = People()

    def judge(self, rows: Sequence[Row]) -> list[Judgement]:
        """What becomes of each row."""
        self._shop = look_up(
            {row.values["number"] for row in rows if "number" in row.values},
            {_phone(row) for row in rows},
            {_name(row) for row in rows},
        )
        return [self._one(row) for row in rows]

    def _one(self, row: Row) -> Judgement:
        if not _name(row):
            return kinds.refused(N_("The name is empty."), "name")
        number, phone, name = row.get("number", ""), _phone(row), _name(row)
        numbered = self._numbered(number)
        if numbered is not None and numbered.id is None and (name, phone) != numbered.key:
            words = N_("Line %(line)s has the same customer number, for somebody else.")
            return kinds.refused(words, "number", line=numbered.line)
        known = numbered or next(self._alike(phone, name), None)
        if known is not None:
            return _known(row, known, number if numbered is None else "")
        judged = self._ask(row, kinds.new(*make_customer(row, number), notes=_notes(row)))
        self._file.add(Person(None, name, phone, f"customer:{row.line}", row.line), number)
        return judged

    def _ask(self, row: Row, judged: Judgement) -> Judgement:
        """Ask when somebody else has the number, or the name with another number."""
        others = self._with(_phone(row), self._shop.by_phone, self._file.by_phone)
        if others:
            return _ask_phone(row, others[0], judged)
        others = self._with(_name(row), self._shop.by_name, self._file.by_name)
        return _ask_name(row, others[0], judged) if others else judged

    def _numbered(self, number: str) -> Person | None:
        if not number:
            return None
        return self._shop.by_number.get(number) or self._file.by_number.get(number)

    def _alike(self, phone: str, name: str) -> Iterator[Person]:
        for each in self._with(phone, self._shop.by_phone, self._file.by_phone):
            if each.name == name:
                yield each

    def _with(
        self, key: str, in_shop: dict[str, list[Person]], in_file: dict[str, list[Person]]
    ) -> list[Person]:
        return [*in_shop.get(key, ()), *in_file.get(key, ())]


def _name(row: Row) -> str:
    """Whose the record is: the company where the row is of one, else the person."""
    return str(row.get("company") or _person(row)) if _is_company(row) else _person(row)


def _person(row: Row) -> str:
    """The name; where its column is empty the one that was written with the number."""
    return str(row.get("name") or row.values["phone"].name)


def _is_company(row: Row) -> bool:
    return row.get("kind") is CustomerKind.COMPANY


def _phone(row: Row) -> str:
    return str(row.values["phone"].numbers[0])


def make_customer(row: Row, number: str) -> tuple[Put, ...]:
    """The rows that a new customer is made of; `customer:<line>` is the ref of the first."""
    ref, values = f"customer:{row.line}", row.values
    made = Put(
        "customer",
        {
            "kind": values.get("kind", CustomerKind.PERSON),
            "name": _name(row),
            "initials": rules.pinyin_initials(_name(row)),
            "phone": _phone(row),
            "phone_invalid": False,
            "credit_code": values.get("credit_code"),
            "address": values.get("address", ""),
            "channel": values.get("channel", Channel.PHONE),
            "remark": _remark(row),
            "birthday": values.get("birthday"),
            "source": values.get("source", ""),
            "tier": values.get("tier", ""),
            "created_at": AT,
        },
        ref=ref,
    )
    return made, *_parts(row, Ref(ref), number)


def _parts(row: Row, customer: Ref, number: str) -> Iterator[Put]:
    if number:
        values = {"customer_id": customer, "number": number}
        yield Put("customer_number", values, part_of=customer)
    yield from consent_plans.put(row, customer, customer, {})
    if _is_company(row) and _person(row) not in ("", _name(row)):
        contact = {"customer_id": customer, "name": _person(row), "phone": _phone(row)}
        yield Put("customer_contact", {**contact, "is_primary": True}, part_of=customer)


def _more_phones(values: Any) -> list[str]:
    more = [*values["phone"].numbers[1:]]
    second = values.get("phone2")
    return more + [each for each in (second.numbers if second else ()) if each not in more]


def _remark(row: Row, more: Sequence[str] = ()) -> str:
    """There is room for one number; what more there is stands where people read it."""
    employer = "" if _is_company(row) else row.get("company", "")
    phones = [*more, *_more_phones(row.values)]
    lines = [row.get("remark", ""), f"单位：{employer}" if employer else ""]
    return "\n".join([*filter(None, lines), *(f"电话2：{each}" for each in phones)])


def _notes(row: Row) -> list[Note]:
    said = row.values["phone"].name
    if not said or said == _person(row):
        return []
    words = N_("With the number stands another name, %(name)s.")
    return [Note(Words(words, {"name": said}), "phone")]


# ---- Who is known ----


def _known(row: Row, known: Person, number: str) -> Judgement:
    """What the file says more, or otherwise, of a customer who is known for sure.

    `number` is one of the old system that is not known yet.
    """
    if known.id is None:
        said = Words(N_("Line %(line)s says the same."), {"line": known.line})
        return kinds.same([Note(said)])
    differences = [*_differences(row, known)]
    shown = [Difference(label, before, after) for _, label, before, after in differences]
    plan: list[Put | Set] = []
    if differences:
        values = {column: after for column, _, _, after in differences}
        if "name" in values:
            values["initials"] = rules.pinyin_initials(values["name"])
        plan.append(Set("customer", known.id, values))
    if number:
        own = {"customer_id": known.id, "number": number}
        plan.append(Put("customer_number", own, part_of=("customer", known.id)))
        shown.append(Difference(N_("Customer number"), None, number))
    if consents := consent_plans.put(row, known.id, ("customer", known.id), known.sms):
        plan += consents
        label = N_("Agrees to messages by SMS")
        shown.append(Difference(label, consent_plans.shown(known.sms), row.get("sms")))
    if not plan:
        return kinds.same(_notes(row))
    return kinds.changed(*plan, differences=shown, notes=_notes(row))


def _differences(row: Row, known: Person) -> Iterator[tuple[str, str, Any, Any]]:
    """Column, label, before and after of what is another one; what the file leaves empty stays."""
    remark = _with_remark(known.remark, row)
    for column, label, before, after in (
        ("name", N_("Name"), known.name, _name(row)),
        ("phone", N_("Phone"), known.phone, _phone(row)),
        ("credit_code", N_("Unified social credit code"), known.credit_code,
         row.get("credit_code")),
        ("address", N_("Address"), known.address, row.get("address")),
        ("channel", N_("Wishes to be reached by"), known.channel, row.get("channel")),
        ("remark", N_("Remark"), known.remark, remark),
        *((name, label, known.more[name], row.get(name)) for name, label in PERSON_LABELS.items()),
    ):  # fmt: skip
        if after and after != before:
            yield column, label, before, after


def _with_remark(before: str, row: Row) -> str:
    """The remark of the shop, and what the file adds to it: nothing that people wrote goes."""
    lines = _remark(row).split("\n")
    more = [line for line in lines if line and line not in before]
    return "\n".join([*([before] if before else []), *more])


# ---- Who may be known ----


def _ask_phone(row: Row, other: Person, judged: Judgement) -> Judgement:
    words = (
        N_("The shop has %(name)s with the number %(phone)s.")
        if other.id is not None
        else N_("Line %(line)s has %(name)s with the number %(phone)s.")
    )
    return _ask("same_phone", N_("One number, two names"), words, row, other, judged)


def _ask_name(row: Row, other: Person, judged: Judgement) -> Judgement:
    words = (
        N_("The shop has %(name)s with another number, %(phone)s.")
        if other.id is not None
        else N_("Line %(line)s has %(name)s with another number, %(phone)s.")
    )
    return _ask("same_name", N_("One name, two numbers"), words, row, other, judged)


def _ask(
    name: str, label: str, words: str, row: Row, other: Person, judged: Judgement
) -> Judgement:
    said = Words(words, {"name": other.name, "phone": other.phone, "line": other.line})
    merge = Choice("merge", N_("The same customer: keep the one that is there"), _merge(row, other))
    both = Choice("both", N_("Two customers: make another one"), judged.plan)
    return kinds.doubtful(Question(name, label, said, (merge, both, LEAVE_OUT)), judged.notes)


def _merge(row: Row, other: Person) -> tuple[Set, ...]:
    """The one that is there keeps name and number; the other number and the rest are added."""
    if other.id is None:
        return ()
    more = [] if _phone(row) == other.phone else [_phone(row)]
    lines = _remark(row, more).split("\n")
    added = [line for line in lines if line and line not in other.remark]
    values: dict[str, Any] = {}
    if added:
        values["remark"] = "\n".join([*([other.remark] if other.remark else []), *added])
    if row.get("address") and not other.address:
        values["address"] = row.get("address")
    if row.get("credit_code") and not other.credit_code:
        values["credit_code"] = row.get("credit_code")
    for name in PERSON_LABELS:
        if row.get(name) and not other.more[name]:
            values[name] = row.get(name)
    return (Set("customer", other.id, values),) if values else ()


PLACES = {
    "customer": Place(N_("Customer"), "booking.show_customer", "customer_id"),
    "vehicle": Place(N_("Vehicle"), "booking.show_vehicle", "vehicle_id"),
}

CUSTOMERS = Kind(
    "customers",
    N_("Customers"),
    COLUMNS,
    ("customer", "customer_contact", "customer_number", "consent"),
    CustomerJudge,
    frozenset({Permission.VIEW_CUSTOMERS}),
    icon="users",
    hint=N_("Names, phones, addresses. Bring them before their cars."),
    places=PLACES,
)
