"""What a session is worth, how long a failed sign-in makes wait, and a browser in words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from workshop.errors import N_

UNSEEN_DAYS = 60
"""A browser that nobody has used for so long is signed out."""
PIN_HOURS = 12
"""A shift; then the shared device asks for the PIN again."""
KEPT_DAYS = 180
"""Where somebody was signed in is forgotten after half a year."""
SEEN_EVERY = timedelta(minutes=10)
"""How exactly the time of the last use is kept."""

FREE_TRIES = 5
"""People mistype; from the next failure on each one makes wait twice as long as the one before."""
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=30)
FORGET_AFTER = timedelta(hours=24)
"""Failures of yesterday count no more."""


def is_over(started_at: datetime, seen_at: datetime, *, by_pin: bool, at: datetime) -> bool:
    """Whether a session has ended by itself."""
    if by_pin and at - started_at > timedelta(hours=PIN_HOURS):
        return True
    return at - seen_at > timedelta(days=UNSEEN_DAYS)


def wait_after(failures: int) -> timedelta:
    """How long the next try must wait after so many failures in a row."""
    if failures < FREE_TRIES:
        return timedelta(0)
    doubled: timedelta = FIRST_WAIT * 2 ** min(failures - FREE_TRIES, 12)
    return min(doubled, LONGEST_WAIT)


def wait_left(failures: int, last_at: datetime, at: datetime) -> timedelta:
    """How much of the wait is left; nothing once the failures are forgotten."""
    if at - last_at > FORGET_AFTER:
        return timedelta(0)
    return max(last_at + wait_after(failures) - at, timedelta(0))


@dataclass(frozen=True)
class Device:
    """A browser in words: the kind of device (a msgid), and the names of system and browser."""

    kind: str
    system: str
    browser: str


_SYSTEMS = (
    (r"iPhone", "iPhone"),
    (r"iPad", "iPad"),
    (r"HarmonyOS|OpenHarmony", "HarmonyOS"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "macOS"),
    (r"CrOS", "ChromeOS"),
    (r"Linux", "Linux"),
)
# The ones that pretend to be others first.
_BROWSERS = (
    (r"MicroMessenger", "WeChat"),
    (r"Edg(e|A|iOS)?/", "Edge"),
    (r"OPR/|Opera", "Opera"),
    (r"QQBrowser", "QQ"),
    (r"UCBrowser", "UC"),
    (r"HuaweiBrowser", "Huawei"),
    (r"Firefox|FxiOS", "Firefox"),
    (r"Chrome|CriOS", "Chrome"),
    (r"Safari", "Safari"),
)


def describe(agent: str) -> Device:
    """What a browser says of itself, in words; empty names for what it does not say."""
    system = _first(_SYSTEMS, agent)
    tablet = (
        system == "iPad" or "Tablet" in agent or (system == "Android" and "Mobile" not in agent)
    )
    phone = system == "iPhone" or "Mobile" in agent
    kind = N_("Tablet") if tablet else N_("Phone") if phone else N_("Computer")
    return Device(kind, system, _first(_BROWSERS, agent))


def _first(named: tuple[tuple[str, str], ...], agent: str) -> str:
    return next((name for pattern, name in named if re.search(pattern, agent)), "")
