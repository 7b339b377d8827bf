"""When the demo's technicians come, rest and go home: told for the past, lived from then on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from workshop.attendance import presence
from workshop.attendance.models import Attendance, AttendanceBreak
from workshop.attendance.presence import State
from workshop.db import session
from workshop.demo import overnight
from workshop.demo.shop import Shop
from workshop.demo.timeline import Enough
from workshop.shop import calendar, rules
from workshop.shop import queries as shop_queries
from workshop.shop.models import Branch, Technician
from workshop.shop.rules import Span
from workshop.steps.repair import attending
from workshop.steps.repair import queries as repair_queries
from workshop.steps.repair.models import WorkSession

_COMES, _GOES = time(7, 24), time(20, 3)
_NOON, _BREAK = time(12, 0), timedelta(minutes=45)
# A break shorter than this was none.
_SHORTEST = timedelta(minutes=15)
# So many days before today stand in the register in full.
_DAYS = 7
# Who forgot to clock out yesterday, and who has a coffee just now.
FORGETFUL, THIRSTY = "tech5", "tech8"


# ---- What was ----


def tell_week(shop: Shop, now: datetime) -> None:
    """Everybody came in the past days, and has come today."""
    for technician in shop_queries.list_technicians(shop.branch):
        for days in range(_DAYS, -1, -1):
            be_here(technician, shop.branch, now - timedelta(days=days), now)


def be_here(technician: Technician, branch: Branch, at: datetime, now: datetime) -> datetime:
    """Make sure that the technician was clocked in on the day of `at`, as far as `now` allows.

    Returns when they are there: at once, or when they come next.
    """
    day = calendar.local_day(branch, at)
    # The same person is always as much on time.
    came_at = _at(branch, day, _COMES) - timedelta(minutes=technician.id * 5 % 13)
    went_at = _at(branch, day, _GOES) + timedelta(minutes=technician.id * 3 % 11)
    if at >= went_at:
        midnight = calendar.day_span(branch, day)[1]
        return be_here(technician, branch, midnight, now)
    known = presence.list_stays([technician], calendar.day_span(branch, day))
    if not known and came_at <= now:
        _make_stay(technician, branch, (came_at, went_at), now)
    return max(at, came_at)


def _make_stay(technician: Technician, branch: Branch, span: Span, now: datetime) -> None:
    (came_at, went_at), day = span, calendar.local_day(branch, span[0])
    is_over = went_at <= now
    stay = Attendance(
        technician_id=technician.id,
        started_at=came_at,
        ended_at=went_at if is_over else None,
        made_at=came_at,
        made_by_id=technician.user_id,
        ended_by_id=technician.user_id if is_over else None,
    )
    yesterday = calendar.local_day(branch, now) - timedelta(days=1)
    if technician.user.username == FORGETFUL and day == yesterday:
        shifts = calendar.shifts(technician, day)
        stay.is_end_assumed, stay.ended_by_id = True, None
        stay.ended_at = max((ends for _, ends in shifts), default=went_at)
    session.add(stay)
    session.flush()


def tell_breaks(shop: Shop, now: datetime) -> None:
    """Everybody had lunch where the cars let them; one has a coffee now."""
    since = calendar.day_span(
        shop.branch, calendar.local_day(shop.branch, now - timedelta(days=_DAYS))
    )[0]
    technicians = shop_queries.list_technicians(shop.branch)
    for stay in presence.list_stays(technicians, (since, now)):
        _have_lunch(stay, shop.branch, now)
    session.flush()
    for technician in technicians:
        if technician.user.username == THIRSTY:
            _have_coffee(technician, now)


def _have_lunch(stay: Attendance, branch: Branch, now: datetime) -> None:
    day = calendar.local_day(branch, stay.started_at)
    noon = _at(branch, day, _NOON)
    free = rules.subtract([(noon, noon + _BREAK)], _list_work(stay, now))
    for begins, ends in free:
        is_inside = begins < now and (stay.ended_at is None or ends <= stay.ended_at)
        if ends - begins >= _SHORTEST and is_inside and not stay.breaks:
            ended_at = ends if ends <= now else None
            stay.breaks.append(AttendanceBreak(started_at=begins, ended_at=ended_at))


def _have_coffee(technician: Technician, now: datetime) -> None:
    stay = presence.find_open(technician)
    is_free = stay is not None and all(each.ended_at is not None for each in stay.breaks)
    begins = now - timedelta(minutes=6)
    if stay is None or not is_free or begins <= stay.started_at:
        return
    if all(rules.are_apart((begins, now), each) for each in _list_work(stay, now)):
        stay.breaks.append(AttendanceBreak(started_at=begins))
        session.flush()


def _list_work(stay: Attendance, now: datetime) -> list[Span]:
    query = select(WorkSession.started_at, WorkSession.ended_at).where(
        WorkSession.technician_id == stay.technician_id,
        WorkSession.started_at >= stay.started_at - timedelta(days=1),
    )
    # One that runs goes on; nobody leaves it for lunch.
    far = now + timedelta(days=1)
    return [(begun_at, ended_at or far) for begun_at, ended_at in session.execute(query)]


def _at(branch: Branch, day: date, at: time) -> datetime:
    zoned = datetime.combine(day, at, tzinfo=ZoneInfo(branch.zone))
    return zoned.astimezone(calendar.day_span(branch, day)[0].tzinfo)


# ---- What happens while the demo runs ----


def list_acts(
    branch: Branch, at: datetime
) -> Iterator[tuple[int, Callable[[Technician, datetime], None]]]:
    """What each technician may do at the time clock, by id; after closing, all go home."""
    technicians = shop_queries.list_technicians(branch)
    is_open = overnight.is_open(branch, at)
    here = presence.of_all(technicians, at)
    for each in technicians:
        if is_open or here[each.id].is_clocked_in:
            yield each.id, live if is_open else go_home


def live(technician: Technician, at: datetime) -> None:
    """Come when the shift begins, rest at noon when no car waits in hand, and come back."""
    branch = session.get_one(Branch, technician.branch_id)
    here, by = presence.of(technician, at), technician.user
    day = calendar.local_day(branch, at)
    noon = _at(branch, day, _NOON)
    if here.state is State.OUT and any(a <= at < b for a, b in calendar.shifts(technician, day)):
        attending.arrive(by, at)
    elif here.state is State.ON_BREAK and here.since is not None and at - here.since >= _BREAK:
        attending.come_back(by, at)
    elif here.is_here and noon <= at < noon + 2 * _BREAK and _may_rest(technician, here, noon):
        attending.take_break(by, at)
    else:
        raise Enough


def _may_rest(technician: Technician, here: presence.Presence, noon: datetime) -> bool:
    had_lunch = here.stay is not None and any(
        each.started_at >= noon - _SHORTEST for each in here.stay.breaks
    )
    return not had_lunch and repair_queries.find_running_session(technician) is None


def go_home(technician: Technician, at: datetime) -> None:
    """The day is over; a car in hand waits for the morning."""
    attending.go_home(technician.user, at)
