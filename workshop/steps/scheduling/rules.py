"""Who comes first, and what is late: the rules of the job control board (domain.md step 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from workshop.enums import LabelledEnum
from workshop.errors import N_, Minutes
from workshop.shop.buffers import must_end_by

# A request for more time is in these steps, and never longer than a morning.
MORE_TIME_STEP = 5
MOST_MORE_MINUTES = 240
# N3, N4: the folder is taken by these minutes before the planned start, and back by as many
# before the planned end.
FOLDER_MINUTES = 15
# An alarm that somebody sees to speaks again after so many more minutes, if there is no buffer.
WORSE_MINUTES = 15


class MoreTimeReason(LabelledEnum):
    """Why a job takes longer than it was planned to."""

    HARDER = "harder", N_("More work than it looked")
    STUCK = "stuck", N_("Rusted or stuck")
    PART = "part", N_("The part does not fit")
    TOOL = "tool", N_("Had to wait for a tool")
    HELPED = "helped", N_("Helped on another car")
    OTHER = "other", N_("Other reason")


class MoreTimeState(LabelledEnum):
    """What became of a request for more time."""

    OPEN = "open", N_("Waits for the advisor")
    GRANTED = "granted", N_("In the plan")
    LEFT = "left", N_("Noted, the plan stays")
    REPLACED = "replaced", N_("Replaced by a newer one")

    @property
    def is_open(self) -> bool:
        """Whether it waits for an answer."""
        return self is MoreTimeState.OPEN

    @property
    def is_replaced(self) -> bool:
        """Whether a newer one counts."""
        return self is MoreTimeState.REPLACED

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        tones = {
            MoreTimeState.OPEN: "warn",
            MoreTimeState.GRANTED: "good",
        }
        return tones.get(self, "neutral")


@dataclass(frozen=True)
class Alarm:
    """Something on the board that is not as it should be; tone is warn or bad."""

    message: str
    code: str
    tone: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Facts:
    """What the alarms of one planned job are judged by."""

    starts_at: datetime
    ends_at: datetime
    promised_at: datetime | None
    delivery_minutes: int
    waiting: bool
    over: bool
    folder_taken: bool
    folder_returned: bool
    at_work: bool = True


@dataclass(frozen=True)
class Gravity:
    """How bad an alarm is: the minutes late (None: nobody knows), and whether it has happened."""

    minutes: int | None
    has_happened: bool


def gravity(
    due_at: datetime, until_at: datetime | None, *, late_from: datetime | None, now: datetime
) -> Gravity:
    """How bad it is that what was due comes at `until_at` (None: nobody knows when).

    From `late_from` on it is no warning any more: what it warned of has happened.
    """
    minutes = None
    if until_at is not None:
        minutes = max(0, int((until_at - due_at).total_seconds() // 60))
    return Gravity(minutes, late_from is not None and now > late_from)


def is_worse(seen: Gravity, now: Gravity, *, step_minutes: int) -> bool:
    """Whether somebody who saw it so must hear of it again: by another buffer (N1), or it happened.

    A shop without a buffer takes a quarter of an hour.
    """
    if now.has_happened and not seen.has_happened:
        return True
    if seen.minutes is None or now.minutes is None:
        return seen.minutes is not None
    return now.minutes - seen.minutes >= (step_minutes or WORSE_MINUTES)


LATER_MINUTES = (15, 30, 60)
"""For how long the alarms of a car may be put off."""


# By what `priority` says.
PRIORITIES = (
    N_("Internal rework"),
    N_("Repeat repair"),
    N_("Booked, waits here"),
    N_("Walk-in, waits here"),
    N_("Booked"),
    N_("Walk-in"),
)


def priority(*, rework: bool, repeat: bool, stays: bool | None, walk_in: bool) -> int:
    """The place in the queue, 0 first: our own faults, comebacks, then who waits here."""
    if rework or repeat:
        return 0 if rework else 1
    if stays:
        return 3 if walk_in else 2
    return 5 if walk_in else 4


def slack_minutes(
    ends_at: datetime, promised_at: datetime | None, delivery_minutes: int
) -> int | None:
    """Minutes to spare before the work must end; negative when it ends too late."""
    if promised_at is None:
        return None
    limit = must_end_by(promised_at, delivery_minutes)
    return int((limit - ends_at).total_seconds() // 60)


def alarms(facts: Facts, at: datetime) -> list[Alarm]:
    """What is wrong with a planned job now, the worst first."""
    found = [*_time_alarms(facts, at), *_folder_alarms(facts, at)]
    return sorted(found, key=lambda alarm: alarm.tone != "bad")


def more_time_alarms(facts: Facts, minutes: int) -> list[Alarm]:
    """What a technician's request for so many more minutes means: it is in the forecast only."""
    if not minutes or facts.over:
        return []
    values = {"minutes": minutes}
    found = [Alarm(N_("%(minutes)s more minutes are needed."), "more_time", "warn", values)]
    ends_at = facts.ends_at + timedelta(minutes=minutes)
    before = slack_minutes(facts.ends_at, facts.promised_at, facts.delivery_minutes)
    slack = slack_minutes(ends_at, facts.promised_at, facts.delivery_minutes)
    if slack is not None and before is not None and slack < 0 <= before:
        message = N_("With them it ends %(late)s too late for the promise.")
        found.insert(0, Alarm(message, "promise", "bad", {"late": Minutes(-slack)}))
    return found


def _time_alarms(facts: Facts, at: datetime) -> list[Alarm]:
    found = []
    slack = slack_minutes(facts.ends_at, facts.promised_at, facts.delivery_minutes)
    if slack is not None and slack < 0 and not facts.over:
        message = N_("Ends %(late)s too late for the promise.")
        found.append(Alarm(message, "promise", "bad", {"late": Minutes(-slack)}))
    if not facts.at_work and not facts.over:
        message = N_("The technician is not at work for all of this time.")
        found.append(Alarm(message, "absent", "bad"))
    if facts.waiting and at > facts.starts_at:
        late = int((at - facts.starts_at).total_seconds() // 60)
        message = N_("Not started, %(late)s late.")
        found.append(Alarm(message, "start", "warn", {"late": Minutes(late)}))
    if not facts.waiting and not facts.over and at > facts.ends_at:
        late = int((at - facts.ends_at).total_seconds() // 60)
        message = N_("Not finished, %(late)s over.")
        found.append(Alarm(message, "finish", "bad", {"late": Minutes(late)}))
    return found


def _folder_alarms(facts: Facts, at: datetime) -> list[Alarm]:
    due = facts.starts_at - timedelta(minutes=FOLDER_MINUTES)
    if facts.waiting and not facts.folder_taken and at >= due:
        tone = "bad" if at > facts.starts_at else "warn"
        return [Alarm(N_("The folder has not been taken."), "folder_taken", tone)]
    back_by = facts.ends_at - timedelta(minutes=FOLDER_MINUTES)
    if facts.folder_taken and not facts.folder_returned and at >= back_by:
        return [Alarm(N_("The folder is not back with the advisor."), "folder_back", "warn")]
    return []
