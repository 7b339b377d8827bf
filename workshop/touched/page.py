"""What the list before an act and the pages of the call list show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from workshop.errors import N_
from workshop.shop.models import Branch
from workshop.staff.access import me
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.touched import lists, rules
from workshop.touched.lists import Done, Open, Shown
from workshop.touched.models import Why
from workshop.touched.things import Thing

# What a thing is, by the first letter of its subject, in the order of the counts.
_KINDS = {
    "A": N_("Appointments"),
    "J": N_("Planned jobs"),
    "R": N_("Cars in the shop"),
    "Q": N_("Open quotations"),
    "P": N_("Reserved parts"),
    "D": N_("Duties"),
}
_WAYS = {
    "J": ("scheduling.place", N_("Move")),
    "R": ("desk.order", N_("Open the order")),
    "Q": ("quotation.show", N_("Open the quotation")),
    "P": ("parts.show", N_("Open the parts")),
}


@dataclass(frozen=True)
class Line:
    """A thing as a list shows it: where it is, and where it can be solved."""

    thing: Thing
    open: Open | None = None

    @property
    def kind(self) -> str:
        """What it is, in the plural of the counts."""
        return _KINDS[self.thing.subject[0]]

    @property
    def no(self) -> str:
        """The number of the appointment or the order."""
        found = self.thing.appointment or self.thing.order
        return found.no if found is not None else ""

    @property
    def label(self) -> str:
        """What it is, in words, where it is neither a car nor its work."""
        return self.thing.held.kind.label if self.thing.held is not None else ""

    @property
    def name(self) -> str:
        """What such a thing is called; a case is called by its customer."""
        held = self.thing.held
        return held.name if held is not None and self.shows_customer else ""

    @property
    def url(self) -> str:
        """The page of the record."""
        if self.thing.held is not None:
            return self.thing.held.url
        if self.thing.appointment is not None:
            return url_for("booking.appointment", no=self.no)
        return url_for("desk.order", no=self.no)

    @property
    def way(self) -> tuple[str, str]:
        """Where it can be solved: the address, and the words of the button."""
        held = self.thing.held
        if held is not None and held.kind.hand is not None:
            return url_for("duties.person", user_id=held.user.id, only=held.key), N_("Hand over")
        if held is not None:
            return held.url, N_("Open")
        if self.thing.appointment is not None and self.thing.why is Why.OWNER:
            car = url_for("booking.show_vehicle", vehicle_id=self.thing.appointment.vehicle_id)
            return car, N_("Give it to the new owner")
        if self.thing.appointment is not None:
            return url_for("booking.change", no=self.no), N_("Another time")
        endpoint, words = _WAYS[self.thing.subject[0]]
        if self.thing.why is Why.CLOSED and self.thing.job is None:
            return url_for("scheduling.show", no=self.no, _anchor="promise"), N_("Another promise")
        if self.thing.job is not None:
            return url_for(endpoint, no=self.no, job_id=self.thing.job.id), words
        return url_for(endpoint, no=self.no), words

    @property
    def is_named(self) -> bool:
        """Whether what is not there has names in two languages."""
        return hasattr(self.thing.what, "name_in")

    @property
    def shows_customer(self) -> bool:
        """Whether who looks may see whose car it is and call."""
        return me().may(Permission.VIEW_CUSTOMERS)

    @property
    def has_customer(self) -> bool:
        """Whether there is somebody to call."""
        return bool(self.thing.name)

    @property
    def owner(self) -> User | None:
        """Who sees to it by name."""
        return self.open.owner if self.open is not None else None

    @property
    def may_see_to(self) -> bool:
        """Whether who looks may write down what became of it."""
        return self.open is not None and me().may(self.open.permission)


@dataclass(frozen=True)
class Before:
    """What an act touches, before it is kept."""

    act: str
    lines: list[Line]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many of what."""
        found = Counter(each.kind for each in self.lines)
        return [(kind, found[kind]) for kind in _KINDS.values() if found[kind]]


def before(things: Iterable[Thing], act: str) -> Before:
    """The list that is shown before an act of this name."""
    return Before(act, [Line(each) for each in things])


@dataclass(frozen=True)
class Listed:
    """One call list of the page."""

    shown: Shown
    lines: list[Line]

    @property
    def act(self) -> str:
        """What was done that touched these."""
        record = self.shown.record
        return rules.TAKES_AWAY.get(record.act, "") if record is not None else ""

    @property
    def made_by(self) -> str:
        """Who did it; empty where nobody was signed in."""
        by = self.shown.record.by if self.shown.record is not None else None
        return by.display_name if by is not None else ""

    @property
    def done(self) -> list[Done]:
        """What is seen to."""
        return self.shown.done

    @property
    def is_open(self) -> bool:
        """Whether somebody must still see to something of it."""
        return bool(self.lines)


def list_lists(branch: Branch, at: datetime, whose: str) -> list[Listed]:
    """The call lists, of all or only with what is for who looks."""
    found = lists.list_lists(branch, at)
    listed = [
        Listed(
            each, [Line(one.thing, one) for one in each.open if whose != "mine" or one.is_for(me())]
        )
        for each in found
    ]
    return [each for each in listed if each.lines or (whose == "all" and each.shown.done)]
