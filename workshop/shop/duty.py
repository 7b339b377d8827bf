"""Who is at work now: neither gone for good, nor away, nor off by the weekly hours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from workshop.errors import N_, Missing
from workshop.shop import absences, calendar
from workshop.shop.models import Branch
from workshop.staff.models import User

_MOMENT = timedelta(minutes=1)


class AwayKind(Enum):
    """Why somebody is not at work."""

    LEFT = "left"
    ABSENT = "absent"
    OFF = "off"


_WORDS = {
    AwayKind.LEFT: N_("%(name)s works here no longer"),
    AwayKind.ABSENT: N_("%(name)s is away until %(time)s"),
    AwayKind.OFF: N_("%(name)s is not on duty now by the weekly hours"),
}


@dataclass(frozen=True)
class Away:
    """That a person is not at work; `until` of an absence only."""

    user: User
    kind: AwayKind
    until: datetime | None = None

    @property
    def words(self) -> Missing:
        """The same in words, with name and time."""
        values = {"name": self.user.display_name, "time": self.until}
        return Missing(_WORDS[self.kind], self.kind.value, values)


def find_away(user: User, branch: Branch, at: datetime) -> Away | None:
    """Why this person is not at work at this moment; None for who is."""
    return find_all_away([user], branch, at).get(user.id)


def find_all_away(users: Sequence[User], branch: Branch, at: datetime) -> dict[int, Away]:
    """Those of these people who are not at work at this moment, by their id; read at once."""
    day, moment = calendar.local_day(branch, at), (at, at + _MOMENT)
    noted = {each.user_id: each for each in reversed(absences.list_touching(users, moment))}
    table = calendar.Timetable(branch, day, day, people=users)
    found = {}
    for each in users:
        if not each.active:
            found[each.id] = Away(each, AwayKind.LEFT)
        elif each.id in noted:
            found[each.id] = Away(each, AwayKind.ABSENT, noted[each.id].ends_at)
        elif not table.is_on_duty(each.id, moment):
            found[each.id] = Away(each, AwayKind.OFF)
    return found


def list_here(users: Iterable[User], branch: Branch, at: datetime) -> list[User]:
    """Those of these people who are at work at this moment, in their order."""
    people = [each for each in users if each.active]
    day = calendar.local_day(branch, at)
    table = calendar.Timetable(branch, day, day, people=people)
    return [each for each in people if table.is_on_duty(each.id, (at, at + _MOMENT))]
