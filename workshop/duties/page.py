"""What the pages of duties show: of oneself, and of a person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask import g, request
from flask.typing import ResponseReturnValue

from workshop import clock, kept, web
from workshop.duties import queries, service
from workshop.duties.forms import AnswerForm, HandOverForm
from workshop.duties.held import Held, list_held, list_held_by_each
from workshop.duties.models import HandOver, PermissionRequest
from workshop.shop import duty as at_work
from workshop.shop.duty import Away
from workshop.shop.models import Branch
from workshop.staff import service as staff
from workshop.staff.access import me
from workshop.staff.duty import Duty
from workshop.staff.models import User

_BEGINNINGS = (".index", "desk.home")


@dataclass(frozen=True)
class PersonRow:
    """One person of the branch with what they hold, and whether they are here."""

    user: User
    count: int
    away: Away | None


@dataclass(frozen=True)
class Waiting:
    """What waits for a person: offered to them, offered by them, asked, or for the manager."""

    offered: list[HandOver]
    given: list[HandOver]
    overdue: list[HandOver]
    asked: list[PermissionRequest]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to say."""
        return not (self.offered or self.given or self.overdue or self.asked)


def waiting_for(user: User, at: datetime) -> Waiting:
    """What waits for the person now."""
    offered = queries.list_offered_to(user)
    overdue = queries.list_overdue(user.branch_id, at) if service.may_set(user) else []
    return Waiting(
        offered=offered,
        given=queries.list_offered_by(user),
        overdue=[each for each in overdue if each not in offered],
        asked=queries.list_asked_of(user),
    )


@dataclass(frozen=True)
class Offer:
    """What the band says of a hand-over."""

    giver: str
    taker: str
    count: int
    why: str


@dataclass(frozen=True)
class Band:
    """What waits for a person, in a few words: plain values, kept from page to page."""

    offered: list[Offer]
    given: list[Offer]
    overdue: list[Offer]
    # Who asks for something.
    asked: list[str]


def find_band(user: User | None, at: datetime) -> Band | None:
    """The band over the first page of each step; None on most pages and when nothing waits."""
    endpoint = request.endpoint or ""
    if user is None or not endpoint.endswith(_BEGINNINGS) or endpoint.startswith("duties."):
        return None
    key = ("what waits for", user.id, user.reach, at.replace(second=0, microsecond=0))
    return kept.until_written(key, lambda: _read_band(user, at))


def _read_band(user: User, at: datetime) -> Band | None:
    waiting = waiting_for(user, at)
    if waiting.is_empty:
        return None
    return Band(
        _brief(waiting.offered),
        _brief(waiting.given),
        _brief(waiting.overdue),
        [each.asked_by.display_name for each in waiting.asked],
    )


def _brief(made: Iterable[HandOver]) -> list[Offer]:
    return [
        Offer(each.giver.display_name, each.taker.display_name, len(each.items), each.reason)
        for each in made
    ]


def list_people(branch: Branch, at: datetime) -> list[PersonRow]:
    """Everybody who holds something, those who are not here first."""
    people = staff.list_all(branch.id)
    held, away = list_held_by_each(people, at), at_work.find_all_away(people, branch, at)
    rows = [PersonRow(each, len(held[each.id]), away.get(each.id)) for each in people]
    busy = [row for row in rows if row.count]
    return sorted(busy, key=lambda row: (row.away is None, -row.count, row.user.id))


def by_kind(held: Iterable[Held]) -> list[tuple[Duty, list[Held]]]:
    """What is held, each kind with its records."""
    groups = groupby(held, key=lambda each: each.duty)
    return [(duty, list(records)) for duty, records in groups]


def show_index(
    refused: AnswerForm | None = None, *, declined: int = 0, answered: int = 0
) -> ResponseReturnValue:
    """The page of what waits and what is held; with the refused answer, and what it was to."""
    at, user = clock.now(), me()
    form = refused or AnswerForm.blank()
    return web.page(
        "duties/index.html",
        form.status,
        waiting=waiting_for(user, at),
        held=by_kind(list_held(user, at)),
        asked_by_me=queries.list_asked_by(user),
        people=list_people(g.branch, at) if service.may_set(user) else [],
        answer=form,
        blank=AnswerForm.blank(),
        declined=declined,
        answered=answered,
    )


def show_person(user: User, refused: HandOverForm | None = None) -> ResponseReturnValue:
    """The page of what one person holds, with the form that hands it over."""
    at = clock.now()
    is_own, may_set = user.id == me().id, service.may_set(me())
    held = list_held(user, at)
    form = refused or HandOverForm.blank(sets=not is_own, chosen=request.args.getlist("only"))
    return web.page(
        "duties/person.html",
        form.status,
        user=user,
        is_own=is_own,
        away=at_work.find_away(user, g.branch, at),
        held=by_kind(held),
        form=form.with_people(_list_takers(user, held, at)),
        may_hand=bool(held) and (is_own or may_set),
        chooses_to_set=is_own and may_set,
        takes_back=is_own or may_set,
        offered=queries.list_offered_by(user),
        recent=queries.list_recent(user),
    )


def _list_takers(user: User, held: list[Held], at: datetime) -> list[User]:
    """To whom it can go, those who are fit for it and at work first."""
    samples = [records[0] for _, records in by_kind(each for each in held if each.may_be_handed)]
    takers = queries.list_takers(user)
    here = at_work.list_here(takers, g.branch, at)

    def rank(taker: User) -> tuple[int, bool]:
        found = [each.find_obstacle(taker, at) for each in samples]
        return sum(each is not None for each in found), taker not in here

    return sorted(takers, key=rank)
