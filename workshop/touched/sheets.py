"""The open lines of the call lists as a list that may be taken along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workshop.customers import shown as shown_data
from workshop.errors import N_
from workshop.listing import Asked, Column, ListSheet, Msgid
from workshop.staff.permissions import Permission
from workshop.touched import lists, rules
from workshop.touched.lists import Open, Shown

_CALLS = frozenset({Permission.VIEW_CUSTOMERS})


@dataclass(frozen=True)
class _Line:
    """One open thing with the list that it stands in."""

    shown: Shown
    open: Open

    @property
    def act(self) -> str:
        """What was done that touched it."""
        record = self.shown.record
        return rules.TAKES_AWAY.get(record.act, "") if record is not None else ""

    @property
    def no(self) -> str | None:
        """The number of the appointment or the order."""
        found = self.open.thing.appointment or self.open.thing.order
        return found.no if found is not None else None


def whose(asked: Asked) -> str:
    """“mine” or “all”."""
    return "mine" if asked.args.get("whose") == "mine" else "all"


def _open(asked: Asked) -> Iterator[_Line]:
    reader = asked.by if whose(asked) == "mine" else None
    for found in lists.list_lists(asked.branch, asked.at):
        shown = (each for each in found.open if reader is None or each.is_for(reader))
        yield from (_Line(found, each) for each in shown)


SHEETS = (
    ListSheet(
        "call-list",
        N_("Call list"),
        "touched.index",
        (
            Column(N_("Act"), lambda line: Msgid(line.act)),
            Column(N_("When"), lambda line: line.open.thing.at),
            Column(
                N_("Plate"), lambda line: line.open.thing.vehicle and line.open.thing.vehicle.called
            ),
            Column(N_("Number"), lambda line: line.no),
            Column(N_("Why"), lambda line: line.open.thing.why),
            Column(N_("Whom to call"), lambda line: line.open.thing.name, _CALLS),
            Column(N_("Phone"), lambda line: shown_data.phone(line.open.thing.phone), _CALLS),
            Column(N_("Sees to it"), lambda line: line.open.owner and line.open.owner.display_name),
            Column(N_("Since"), lambda line: line.open.since()),
        ),
        _open,
    ),
)
