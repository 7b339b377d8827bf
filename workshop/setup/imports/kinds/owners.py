"""Whose car a row means: somebody the shop knows, or somebody who is not there yet."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.customers import rules
from workshop.customers.models import Channel, CustomerKind
from workshop.errors import N_
from workshop.setup.imports.kind import AT, Put, Ref, Row
from workshop.setup.imports.kinds.people import People, Person
from workshop.setup.imports.kinds.sides import Option, Side
from workshop.sheets import Words


@dataclass(frozen=True)
class Owner:
    """The owner's id, or the ref of who must be made before.

    `side` is what must be asked, each answer with its Owner; the first of them stands here as well.
    `unknown` says why nobody was found.
    """

    id: int | Ref | None = None
    name: str = ""
    makes: tuple[Put, ...] = ()
    side: Side | None = None
    unknown: Words | None = None

    @property
    def key(self) -> int | str | None:
        """What tells this owner from others of the file."""
        return self.id.name if isinstance(self.id, Ref) else self.id


class Owners:
    """Finds the owners of the rows of one file; it remembers whom earlier rows would make."""

    def __init__(self) -> None:
        self.people = People()
        self._new: dict[str, tuple[str, int]] = {}

    def find(self, row: Row) -> Owner:
        """Whose car it is; an Owner without id when the row does not say."""
        number = row.get("owner_number", "")
        if number and number in self.people.by_number:
            known = self.people.by_number[number]
            return Owner(known.id, known.name)
        phones = row.get("owner_phone")
        if phones is None:
            return _unnamed(number)
        phone, name = phones.numbers[0], str(row.get("owner_name") or phones.name)
        candidates = self.people.by_phone.get(phone, [])
        alike = [each for each in candidates if each.name == name] if name else []
        if alike or (len(candidates) == 1 and not name):
            known = (alike or candidates)[0]
            return Owner(known.id, known.name)
        if candidates:
            return _ask_who(candidates, phone, name)
        return self._ask_to_make(row.line, phone, name)

    def _ask_to_make(self, line: int, phone: str, name: str) -> Owner:
        """Nobody has the number; of two names for one new number somebody says which."""
        first, at = self._new.setdefault(phone, (name, line))
        if name and not first:
            # A car before had no name with the number: this is its owner's.
            self._new[phone] = (name, at)
        elif first and name and first != name:
            return _ask_two_names(phone, first, name, at)
        made = _make(phone, first)
        words = N_("Nobody here has the number %(phone)s: %(name)s.")
        side = Side(
            "owner_missing",
            N_("The owner is not here yet"),
            Words(words, {"phone": phone, "name": name or first or "—"}),
            (Option("yes", N_("Make the owner, with this name and number"), made),),
        )
        return _asked(side)


def _asked(side: Side) -> Owner:
    first: Owner = side.options[0].of
    return Owner(first.id, first.name, first.makes, side)


def _unnamed(number: str) -> Owner:
    if not number:
        return Owner()
    words = Words(N_("Nobody here has the customer number %(number)s."), {"number": number})
    return Owner(unknown=words)


_OTHER = N_("Somebody else: make the owner, with this name and number")


def _ask_who(candidates: list[Person], phone: str, name: str) -> Owner:
    first = candidates[0]
    if name:
        words = N_("%(phone)s is the number of %(known)s here, and of %(name)s in the file.")
    else:
        words = N_("Several customers have the number %(phone)s; the oldest is %(known)s.")
    yes = N_("It is the car of whoever has the number here")
    options = [Option("yes", yes, Owner(first.id, first.name))]
    if name:
        options.append(Option("other", _OTHER, _make(phone, name)))
    said = Words(words, {"phone": phone, "known": first.name, "name": name})
    label = N_("The owner's number is that of somebody else")
    return _asked(Side("owner_unsure", label, said, tuple(options)))


def _ask_two_names(phone: str, first: str, name: str, line: int) -> Owner:
    words = N_("Line %(line)s has %(first)s with the number %(phone)s, this line %(name)s.")
    said = Words(words, {"line": line, "first": first, "phone": phone, "name": name})
    options = (
        Option("same", N_("The owner of the other line"), _make(phone, first)),
        Option("other", _OTHER, _make(phone, name)),
    )
    return _asked(Side("owner_two_names", N_("One number, two names"), said, options))


def _make(phone: str, name: str) -> Owner:
    ref = f"owner:{phone}:{name}" if name else f"owner:{phone}"
    made = Put(
        "customer",
        {
            "kind": CustomerKind.PERSON,
            "name": name or phone,
            "initials": rules.pinyin_initials(name),
            "phone": phone,
            "phone_invalid": False,
            "credit_code": None,
            "birthday": None,
            "address": "",
            "channel": Channel.PHONE,
            "remark": "",
            "created_at": AT,
        },
        ref=ref,
    )
    return Owner(Ref(ref), name or phone, (made,))
