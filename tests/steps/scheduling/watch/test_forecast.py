"""When the work really ends, without a database: people, bays, cars, breaks, pauses, parts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from workshop.shop.rules import Span
from workshop.steps.scheduling import rules
from workshop.steps.scheduling.watch.forecast import Work, finish_of, forecast

DAY = datetime(2026, 11, 23, tzinfo=UTC)


def at(hours: float) -> datetime:
    return DAY + timedelta(hours=hours)


def shift(days: int = 2) -> list[Span]:
    """Eight to twelve and one to six, on each of some days."""
    return [
        (at(24 * day + begins), at(24 * day + ends))
        for day in range(days)
        for begins, ends in ((8, 12), (13, 18))
    ]


def work(job: int, starts: float, minutes: int = 60, **values: Any) -> Work:
    """A piece of work of a car of its own, of technician 1, without a bay."""
    begun = values.pop("begun", None)
    ready = values.pop("ready", None)
    return Work(
        job_id=job,
        order_id=values.pop("order", job),
        technician_id=values.pop("technician", 1),
        bay_id=values.pop("bay", None),
        starts_at=at(starts),
        ends_at=at(starts + minutes / 60),
        minutes=minutes,
        begun_at=None if begun is None else at(begun),
        ready_at=None if ready is None else at(ready),
        **values,
    )


def ends(now: float, *works: Work) -> dict[int, float]:
    """The hour at which each job ends, by its id."""
    shifts = {1: shift(), 2: shift()}
    found = forecast(works, shifts, now=at(now), buffer_minutes=15)
    return {job: (span[1] - DAY).total_seconds() / 3600 for job, span in found.items()}


def test_what_is_on_time_ends_as_planned() -> None:
    assert ends(9.5, work(1, 9, begun=9), work(2, 10.25), work(3, 14)) == {1: 10, 2: 11.25, 3: 15}


def test_an_overrun_ends_now_at_the_earliest_and_pushes_the_next_by_the_buffer() -> None:
    assert ends(10.5, work(1, 9, begun=9), work(2, 10.25)) == {1: 10.5, 2: 11.75}


def test_an_overrun_at_half_past_ten_endangers_a_promise_of_five_at_once() -> None:
    # given a day that is full to the minute at which the promise needs it
    day = [
        work(1, 9, begun=9),
        work(2, 10.25, 105),
        work(3, 13, 105),
        work(4, 15, 105, order=9),
    ]
    promised = at(17)
    assert ends(9.9, *day)[4] == 16.75
    # when the first job overruns
    late = ends(10.5, *day)[4]
    # then the last one ends after a quarter to five, and that is known at half past ten
    slack = rules.slack_minutes(at(late), promised, 15)
    assert slack is not None
    assert slack < 0


def test_pauses_so_far_make_a_running_job_longer() -> None:
    assert ends(9.5, work(1, 9, begun=9, paused_minutes=20)) == {1: 10 + 20 / 60}


def test_a_running_job_rests_in_the_break() -> None:
    assert ends(11.75, work(1, 11.5, begun=11.5)) == {1: 13.5}


def test_a_late_start_moves_its_own_end_and_the_next() -> None:
    assert ends(9.5, work(1, 9), work(2, 10.25)) == {1: 10.5, 2: 11.75}


def test_what_no_longer_fits_before_the_break_or_the_evening_goes_on_after_it() -> None:
    assert ends(11.25, work(1, 10)) == {1: 14}
    assert ends(17.5, work(1, 16)) == {1: 33}


def test_the_bay_and_the_car_are_waited_for_like_the_technician() -> None:
    bay = [work(1, 9, begun=9, bay=7), work(2, 10.25, technician=2, bay=7)]
    assert ends(10.5, *bay)[2] == 11.75
    car = [work(1, 9, begun=9, order=5), work(2, 10, technician=2, order=5)]
    assert ends(10.5, *car)[2] == 11.5


def test_two_jobs_of_a_car_that_were_planned_at_once_stay_so() -> None:
    car = [work(1, 9, begun=9, order=5), work(2, 9.5, technician=2, order=5)]
    assert ends(9.25, *car) == {1: 10, 2: 10.5}


def test_rework_waits_for_the_job_that_it_mends() -> None:
    assert ends(10.5, work(1, 9, begun=9), work(2, 10, technician=2, after=(1,)))[2] == 11.5


def test_a_job_waits_for_its_parts_and_lets_others_pass() -> None:
    assert ends(9, work(1, 9.5, ready=14), work(2, 10.75)) == {1: 15, 2: 11.75}


def test_a_paused_job_still_needs_what_was_not_worked() -> None:
    paused = work(1, 9, begun=9, is_paused=True, paused_minutes=30)
    # given half an hour worked until half past nine, and a pause since then
    assert ends(10, paused) == {1: 10.5}


def test_a_pause_that_is_longer_than_its_piece_takes_what_the_others_leave() -> None:
    lost = work(1, 8, 60, begun=8, is_paused=True, paused_minutes=60, is_left_over=True)
    assert ends(9.5, lost, work(2, 9.75), work(3, 11)) == {1: 13.5, 2: 10.75, 3: 12}


def test_a_car_is_done_with_its_last_job_and_not_before_what_has_no_place() -> None:
    assert finish_of([at(15), at(11)], 0, now=at(10)) == at(15)
    assert finish_of([at(11)], 120, now=at(10)) == at(12)
    assert finish_of([], 0, now=at(10)) is None
