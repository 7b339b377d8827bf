"""Whose car a row means: somebody the shop knows, or somebody who is not there yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workshop.customers import rules
from workshop.customers.models import Channel, CustomerKind
from workshop.errors import N_
from workshop.setup.imports.kind import AT, Put, Ref, Row
from workshop.setup.imports.kinds.people import People, Person
from workshop.sheets import Words


@dataclass(frozen=True)
class Owner:
    """The owner's id, or the ref of who must be made before; `unsure` is what must be asked."""

    id: int | Ref | None = None
    name: str = ""
    makes: tuple[Put, ...] = ()
    unsure: Words | None = None
    label: str = ""
    question: str = ""
    yes: str = ""


def find(row: Row, people: People) -> Owner:
    """Whose car it is; an Owner without id and question when the row does not say."""
    number = row.get("owner_number", "")
    if number and number in people.by_number:
        known = people.by_number[number]
        return Owner(known.id, known.name)
    phones = row.get("owner_phone")
    if phones is None:
        return _unnamed(number)
    phone, name = phones.numbers[0], _name(row)
    candidates = people.by_phone.get(phone, [])
    alike = [each for each in candidates if each.name == name] if name else []
    if alike or (len(candidates) == 1 and not name):
        known = (alike or candidates)[0]
        return Owner(known.id, known.name)
    if candidates:
        return _ask_who(candidates, phone, name)
    return _ask_to_make(phone, name)


def _name(row: Row) -> str:
    phones = row.get("owner_phone")
    return str(row.get("owner_name") or (phones.name if phones else ""))


def _unnamed(number: str) -> Owner:
    if not number:
        return Owner()
    words = Words(N_("Nobody here has the customer number %(number)s."), {"number": number})
    return Owner(unsure=words)


def _ask_who(candidates: list[Person], phone: str, name: str) -> Owner:
    first = candidates[0]
    if name:
        words = N_("%(phone)s is the number of %(known)s here, and of %(name)s in the file.")
    else:
        words = N_("Several customers have the number %(phone)s; the oldest is %(known)s.")
    said = Words(words, {"phone": phone, "known": first.name, "name": name})
    return Owner(
        first.id,
        first.name,
        unsure=said,
        question="owner_unsure",
        label=N_("The owner's number is that of somebody else"),
        yes=N_("It is the car of whoever has the number here"),
    )


def _ask_to_make(phone: str, name: str) -> Owner:
    ref = f"owner:{phone}"
    made = Put(
        "customer",
        {
            "kind": CustomerKind.PERSON,
            "name": name or phone,
            "initials": rules.pinyin_initials(name),
            "phone": phone,
            "phone_invalid": False,
            "credit_code": None,
            "address": "",
            "channel": Channel.PHONE,
            "remark": "",
            "created_at": AT,
        },
        ref=ref,
    )
    words = Words(
        N_("Nobody here has the number %(phone)s: %(name)s."),
        {"phone": phone, "name": name or "—"},
    )
    return Owner(
        Ref(ref),
        name or phone,
        (made,),
        words,
        question="owner_missing",
        label=N_("The owner is not here yet"),
        yes=N_("Make the owner, with this name and number"),
    )


def about(owner: Owner) -> dict[str, Any]:
    """What a plan says of the owner."""
    return {"customer_id": owner.id}
