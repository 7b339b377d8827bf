"""Coming and going: clocked in, on a break, gone home; forgotten, corrected, guarded, in a race."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from tests.databases import Database
from tests.factories import AT, make_attendance, make_technician, make_user
from tests.shop.factories import hour
from workshop import db, events
from workshop.attendance import corrections, forgotten, presence
from workshop.attendance import rules as attendance_rules
from workshop.attendance import service as attendance
from workshop.attendance.models import Attendance, AttendanceBreak, PresenceChanged
from workshop.attendance.presence import State
from workshop.db import session
from workshop.errors import Conflict, Invalid, NotAllowed, RuleBroken, WorkshopError
from workshop.shop import rules
from workshop.shop.models import Branch, Technician
from workshop.staff.models import AuditEntry, User
from workshop.staff.permissions import RoleName


@pytest.fixture
def somebody(database: Database) -> Technician:
    """A technician who has not come yet."""
    return make_technician(here_since=None)


def clock_in(who: Technician, hours: float) -> Attendance:
    return attendance.clock_in(who, by=who.user, at=hour(hours))


def state(who: Technician, hours: float) -> State:
    return presence.of(who, hour(hours)).state


# ---- Rules ----


def test_attended_time_is_the_stay_without_its_breaks() -> None:
    stay, pause = (hour(8), hour(17)), (hour(12), hour(12.75))
    assert rules.minutes_of(attendance_rules.worked(stay, [pause])) == 495
    assert attendance_rules.worked(stay, [pause]) == [(hour(8), hour(12)), (hour(12.75), hour(17))]


@pytest.mark.parametrize(
    ("breaks", "wrong"),
    [
        ([], None),
        ([(12, 13)], None),
        ([(12, 13), (13, 14)], None),
        ([(13, 14), (12, 13)], None),
        ([(12, 12)], 0),
        ([(7, 9)], 0),
        ([(12, 13), (16.5, 17.5)], 1),
        ([(12, 13), (12.5, 14)], 0),
    ],
)
def test_breaks_lie_inside_the_stay_and_apart(
    breaks: list[tuple[float, float]], wrong: int | None
) -> None:
    spans = [(hour(starts), hour(ends)) for starts, ends in breaks]
    assert attendance_rules.find_disorder((hour(8), hour(17)), spans) == wrong


# ---- A day at the time clock ----


def test_a_day_from_coming_to_going_home(somebody: Technician) -> None:
    assert state(somebody, 7) is State.OUT
    clock_in(somebody, 8)
    assert state(somebody, 8) is State.IN
    attendance.start_break(somebody, by=somebody.user, at=hour(12))
    assert state(somebody, 12.2) is State.ON_BREAK
    assert presence.of(somebody, hour(12.2)).since == hour(12)
    attendance.end_break(somebody, by=somebody.user, at=hour(12.5))
    assert state(somebody, 12.5) is State.IN
    attendance.clock_out(somebody, by=somebody.user, at=hour(17))
    assert state(somebody, 17) is State.GONE
    # what was at a moment of the past is still known
    assert state(somebody, 12.2) is State.ON_BREAK
    assert state(somebody, 9) is State.IN
    # and who comes again in the evening has a second stay
    clock_in(somebody, 18)
    assert state(somebody, 18.1) is State.IN
    told = [each for each in events.take() if isinstance(each, PresenceChanged)]
    assert len(told) == 5
    actions = set(session.scalars(select(AuditEntry.action)))
    assert {"shop.clock_in", "shop.start_break", "shop.end_break", "shop.clock_out"} <= actions


def test_what_cannot_be_is_refused_in_words(somebody: Technician) -> None:
    def refuses(words: str, act: Callable[..., object], hours: float) -> None:
        with pytest.raises(RuleBroken, match=words):
            act(somebody, by=somebody.user, at=hour(hours))

    refuses("is not clocked in", attendance.start_break, 8)
    refuses("is not clocked in", attendance.end_break, 8)
    refuses("is not clocked in", attendance.clock_out, 8)
    clock_in(somebody, 8)
    refuses("clocked in already", attendance.clock_in, 9)
    refuses("on no break", attendance.end_break, 9)
    attendance.start_break(somebody, by=somebody.user, at=hour(9))
    refuses("on a break already", attendance.start_break, 9.1)
    refuses("clocked in already", attendance.clock_in, 9.1)


def test_who_goes_home_from_a_break_has_ended_it(somebody: Technician) -> None:
    clock_in(somebody, 8)
    pause = attendance.start_break(somebody, by=somebody.user, at=hour(12))
    stay = attendance.clock_out(somebody, by=somebody.user, at=hour(12.5))
    assert (pause.ended_at, stay.ended_at) == (hour(12.5), hour(12.5))


def test_everybody_clocks_for_themselves_but_the_controller_may_help(somebody: Technician) -> None:
    stranger = make_technician().user
    with pytest.raises(NotAllowed):
        attendance.clock_in(somebody, by=stranger, at=AT)
    with pytest.raises(NotAllowed):
        attendance.clock_in(somebody, by=make_user(RoleName.CASHIER), at=AT)
    controller = make_user(RoleName.JOB_CONTROLLER)
    assert attendance.clock_in(somebody, by=controller, at=AT).made_by_id == controller.id


def test_a_clock_out_that_was_forgotten_is_no_night_at_work(somebody: Technician) -> None:
    # given: came on Monday, and nobody clocked out
    clock_in(somebody, 8)
    # then: on Tuesday morning the person is not here
    assert presence.of(somebody, hour(8, 1)).state is State.OUT
    with pytest.raises(RuleBroken, match="not clocked in"):
        attendance.clock_out(somebody, by=somebody.user, at=hour(8, 1))
    # when
    attendance.clock_in(somebody, last_seen_at=hour(16.5), by=somebody.user, at=hour(8, 1))
    # then: Monday ends with the shift, and says that it is assumed
    monday, tuesday = session.scalars(select(Attendance).order_by(Attendance.id))
    assert (monday.ended_at, monday.is_end_assumed) == (hour(18), True)
    assert (tuesday.ended_at, tuesday.is_end_assumed) == (None, False)


def test_who_was_seen_after_the_shift_left_no_sooner(somebody: Technician) -> None:
    stay = clock_in(somebody, 8)
    attendance.clock_in(somebody, last_seen_at=hour(19), by=somebody.user, at=hour(8, 1))
    assert stay.ended_at == hour(19)


def test_a_stay_ends_by_itself_once_its_day_is_over_and_the_break_with_it(
    somebody: Technician,
) -> None:
    # given: who went on a break at five, and home from it
    stay = clock_in(somebody, 8)
    attendance.start_break(somebody, by=somebody.user, at=hour(17))
    branch = session.get_one(Branch, somebody.branch_id)
    # then: on the evening itself nobody knows
    assert forgotten.end_forgotten(branch, at=hour(23)) == []
    # when
    assert forgotten.end_forgotten(branch, at=hour(0.1, 1)) == [stay]
    # then
    assert (stay.ended_at, stay.is_end_assumed, stay.ended_by_id) == (hour(18), True, None)
    assert [each.ended_at for each in stay.breaks] == [hour(18)]
    assert presence.of(somebody, hour(22)).state is State.GONE
    assert forgotten.list_unconfirmed(branch) == [stay]
    # and it is ended once, and somebody else says what it was
    assert forgotten.end_forgotten(branch, at=hour(0.3, 1)) == []
    boss = make_user(RoleName.SERVICE_MANAGER)
    corrections.correct(stay, hour(8), hour(17), [], "忘打卡", by=boss, at=hour(9, 1))
    assert forgotten.list_unconfirmed(branch) == []


def test_a_night_without_a_shift_goes_on_over_midnight(somebody: Technician) -> None:
    stay = clock_in(somebody, 20)
    branch = session.get_one(Branch, somebody.branch_id)
    assert forgotten.end_forgotten(branch, at=hour(6, 1)) == []
    with pytest.raises(RuleBroken, match="clocked in already"):
        attendance.clock_in(somebody, by=somebody.user, at=hour(6, 1))
    # nobody stays for sixteen hours: it ends with what is known
    assert forgotten.end_forgotten(branch, at=hour(12, 1)) == [stay]
    assert stay.ended_at == hour(20)


# ---- Corrections ----


def test_a_correction_is_a_new_version_with_its_reason(somebody: Technician) -> None:
    # given
    stay = clock_in(somebody, 8)
    attendance.clock_in(somebody, last_seen_at=hour(16.5), by=somebody.user, at=hour(8, 1))
    manager = make_user(RoleName.SERVICE_MANAGER)
    # when
    new = corrections.correct(
        stay,
        hour(8),
        hour(18),
        [(hour(12), hour(13))],
        "忘打下班卡",
        by=manager,
        at=hour(9, 1),
    )
    # then: the old one stays as it was, and counts no more
    assert new.corrects_id == stay.id
    assert (stay.ended_at, stay.replaced_at) == (hour(18), hour(9, 1))
    monday = presence.list_stays([somebody], (hour(0), hour(23)))
    assert monday == [new]
    assert [(each.started_at, each.ended_at) for each in new.breaks] == [(hour(12), hour(13))]
    entry = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "shop.correct_attendance")
    ).one()
    assert entry.details["reason"] == "忘打下班卡"
    assert "10:00" in entry.details["now"]
    # and it is corrected once only
    with pytest.raises(Conflict):
        corrections.correct(stay, hour(8), hour(17), [], "又来", by=manager, at=hour(9, 1))


def test_who_is_still_here_can_have_come_earlier(somebody: Technician) -> None:
    stay = clock_in(somebody, 9)
    attendance.start_break(somebody, by=somebody.user, at=hour(9.8))
    controller = make_user(RoleName.JOB_CONTROLLER)
    new = corrections.correct(stay, hour(8), None, [], "忘打上班卡", by=controller, at=AT)
    assert presence.of(somebody, AT).stay is new
    # the break that goes on goes on
    assert state(somebody, 10) is State.ON_BREAK
    attendance.end_break(somebody, by=somebody.user, at=hour(10.2))
    assert state(somebody, 10.2) is State.IN


@pytest.mark.parametrize(
    ("started", "ended", "breaks", "reason", "field"),
    [
        (8, 9, [], " ", "reason"),
        (9, 8, [], "忘了", "ended"),
        (8, 10.5, [], "忘了", "ended"),
        (-16, 9, [], "忘了", "ended"),
        # Nobody is here for more than sixteen hours.
        (-6.01, 10, [], "忘了", "ended"),
        (8, 9, [(7, 7.5)], "忘了", "break0_until"),
    ],
)
def test_wrong_times_of_a_correction_are_marked(
    somebody: Technician,
    started: float,
    ended: float,
    breaks: list[tuple[float, float]],
    reason: str,
    field: str,
) -> None:
    spans = [(hour(starts), hour(ends)) for starts, ends in breaks]
    manager = make_user(RoleName.SERVICE_MANAGER)
    with pytest.raises(Invalid) as caught:
        corrections.add_stay(somebody, hour(started), hour(ended), spans, reason, by=manager, at=AT)
    assert caught.value.field == field


def test_a_stay_that_was_never_clocked_is_added_beside_no_other(somebody: Technician) -> None:
    manager = make_user(RoleName.SERVICE_MANAGER)
    corrections.add_stay(somebody, hour(7), hour(8), [], "没带手机", by=manager, at=AT)
    clock_in(somebody, 8.5)
    with pytest.raises(RuleBroken, match="another attendance"):
        corrections.add_stay(somebody, hour(7.5), hour(8.2), [], "没带手机", by=manager, at=AT)
    with pytest.raises(RuleBroken, match="another attendance"):
        corrections.add_stay(somebody, hour(8.6), hour(9), [], "没带手机", by=manager, at=AT)


def test_nobody_corrects_their_own_hours_and_an_advisor_nobodys(somebody: Technician) -> None:
    stay = clock_in(somebody, 8)
    for by in (somebody.user, make_user(RoleName.SERVICE_ADVISOR)):
        with pytest.raises(NotAllowed):
            corrections.correct(stay, hour(7), None, [], "早到", by=by, at=AT)
    somebody.user.roles = [*somebody.user.roles, *make_user(RoleName.SERVICE_MANAGER).roles]
    with pytest.raises(NotAllowed, match="own hours"):
        corrections.correct(stay, hour(7), None, [], "早到", by=somebody.user, at=AT)


# ---- What the database refuses ----


_GUARD = r"constraint|overlap|frozen:|order:"


def refuses(statement: str) -> None:
    """Run raw SQL that the database must not take."""
    session.flush()
    with pytest.raises(DatabaseError, match=_GUARD), session.begin_nested():
        session.execute(text(statement))


def refuses_row(row: Attendance | AttendanceBreak) -> None:
    """Add a row that the database must not take."""
    session.flush()

    def write() -> None:
        with session.begin_nested():
            session.add(row)

    with pytest.raises(DatabaseError, match=_GUARD):
        write()


def test_a_stay_is_never_rewritten_nor_deleted(somebody: Technician) -> None:
    stay = make_attendance(somebody, hour(7), hour(8))
    session.add(AttendanceBreak(attendance_id=stay.id, started_at=hour(7.2), ended_at=hour(7.4)))
    refuses("UPDATE attendance SET started_at = ended_at")
    refuses("UPDATE attendance SET ended_at = started_at")
    refuses("UPDATE attendance SET ended_at = NULL, ended_by_id = NULL")
    refuses("UPDATE attendance SET technician_id = technician_id + 1")
    refuses("UPDATE attendance_break SET started_at = ended_at")
    refuses("UPDATE attendance_break SET ended_at = NULL")
    refuses("DELETE FROM attendance_break")
    refuses("DELETE FROM attendance")


def test_nobody_is_here_twice_at_one_moment(somebody: Technician) -> None:
    clock_in(somebody, 8)
    refuses_row(_stay(somebody, hour(9)))
    refuses_row(_stay(somebody, hour(9), hour(9.5)))
    # an earlier one that ends when this one begins is none of its business
    session.add(_stay(somebody, hour(7), hour(8)))
    session.flush()


def test_a_break_lies_in_its_stay_and_beside_no_other(somebody: Technician) -> None:
    stay = clock_in(somebody, 8)
    attendance.start_break(somebody, by=somebody.user, at=hour(9))
    for starts_at, ends_at in ((hour(7), hour(7.5)), (hour(9.2), None), (hour(8.5), hour(9.5))):
        refuses_row(AttendanceBreak(attendance_id=stay.id, started_at=starts_at, ended_at=ends_at))
    # nor does a stay end while its break goes on, or before it
    refuses(f"UPDATE attendance SET ended_at = started_at, ended_by_id = {somebody.user_id}")


def _stay(who: Technician, started_at: datetime, ended_at: datetime | None = None) -> Attendance:
    return Attendance(
        technician_id=who.id,
        started_at=started_at,
        ended_at=ended_at,
        made_at=started_at,
        made_by_id=who.user_id,
        ended_by_id=who.user_id if ended_at else None,
    )


# ---- Two at once ----


def test_of_many_taps_at_once_one_counts(database: Database) -> None:
    who = make_technician(here_since=None)
    key, user_id = who.id, who.user_id
    db.commit()

    def at_once(act: Callable[..., object], at: datetime) -> list[str]:
        barrier = threading.Barrier(6)

        def run(_number: int) -> str:
            barrier.wait()
            with database.app.app_context():
                try:
                    technician = session.get_one(Technician, key)
                    act(technician, by=session.get_one(User, user_id), at=at)
                    db.commit()
                except WorkshopError as refusal:
                    db.rollback()
                    return refusal.code
                finally:
                    session.remove()
                return "done"

        with ThreadPoolExecutor(6) as pool:
            return sorted(pool.map(run, range(6)))

    assert at_once(attendance.clock_in, AT) == ["clocked_in"] * 5 + ["done"]
    later = AT + timedelta(minutes=5)
    assert at_once(attendance.start_break, later) == ["done"] + ["on_break"] * 5
    later += timedelta(minutes=5)
    assert at_once(attendance.end_break, later) == ["done"] + ["no_break"] * 5
    later += timedelta(minutes=5)
    assert at_once(attendance.clock_out, later) == ["done"] + ["not_clocked_in"] * 5
    session.rollback()
    (stay,) = session.scalars(select(Attendance)).all()
    assert (stay.started_at, stay.ended_at, len(stay.breaks)) == (AT, later, 1)
