"""The band over a step's page: what the shop still needs for it, and who can mend that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app, request

from workshop import kept
from workshop.config import Settings
from workshop.errors import Missing
from workshop.orders.rows import Step
from workshop.setup import queries
from workshop.setup.backups import gates
from workshop.setup.gaps import rules
from workshop.setup.gaps.rules import Gap
from workshop.setup.places_page import PLACES
from workshop.setup.rules import Facts
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.staff.permissions import Permission

HOME = "desk.home"
# Where somebody begins the step's work; the blueprint of a step has the step's name.
_SHOWN = 3
_BEGINNINGS = {f"{step.value}.index": step for step in Step} | {
    "booking.new": Step.BOOKING,
    "quotation.show": Step.QUOTATION,
}


@dataclass(frozen=True)
class GapRow:
    """One sentence, with the page that mends it, or else the names of who may."""

    what: Missing
    url: str | None
    asked: list[str]


@dataclass(frozen=True)
class Band:
    """What stops cars, and what stops some operations only."""

    rows: list[GapRow]
    partial: list[GapRow]
    may_set_up: bool = False
    # What is wrong with the backups, for who keeps them.
    backups: tuple[Missing, ...] = ()

    @property
    def first(self) -> list[GapRow]:
        """What the band shows of it."""
        return self.rows[:_SHOWN]

    @property
    def leads_to_all(self) -> bool:
        """Whether there is more than the band shows, for who may set it up."""
        return self.may_set_up and len(self.rows) > _SHOWN


def find_band(branch: Branch, reader: User, at: datetime) -> Band | None:
    """The band over this request's page; None on most pages, and when nothing is missing.

    The first page of the desk tells of all steps, and of what stops cars alone.
    """
    if request.endpoint != HOME and request.endpoint not in _BEGINNINGS:
        return None
    facts, gaps = _know(branch, calendar.local_day(branch, at))
    step = _BEGINNINGS.get(request.endpoint or "")
    rows = [each for each in gaps if not each.is_partial and step in (None, each.step)]
    partial = [each for each in gaps if each.is_partial and each.step is step]
    partial = [each for each in partial if reader.may(each.right)]
    backups = _backups(reader, at) if request.endpoint == HOME else ()
    if not rows and not partial and not backups:
        return None
    return Band(
        [_row(each, facts, reader) for each in rows],
        [_row(each, facts, reader) for each in partial],
        reader.may(Permission.MANAGE_SHOP),
        backups,
    )


def _know(branch: Branch, day: date) -> tuple[Facts, list[Gap]]:
    def read() -> tuple[Facts, list[Gap]]:
        facts = queries.read_facts(branch, day)
        return facts, rules.find_gaps(facts)

    return kept.until_written(("gaps of the set-up", branch.id, day), read)


def _backups(reader: User, at: datetime) -> tuple[Missing, ...]:
    settings: Settings = current_app.extensions["workshop_settings"]
    if settings.demo or not reader.may(Permission.KEEP_BACKUPS):
        return ()
    return tuple(gates.missing_for(settings, at))


def _row(gap: Gap, facts: Facts, reader: User) -> GapRow:
    url = PLACES[gap.mended_at].url_for(reader)
    asked = [] if reader.may(gap.right) else [each.name for each in facts.may(gap.right)]
    return GapRow(gap.what, url, asked)
