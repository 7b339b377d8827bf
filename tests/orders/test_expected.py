"""One honest time: the rule by a table, and every surface says the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import AT, make_bay, make_job, make_order, make_technician, make_user
from workshop import db
from workshop.db import session
from workshop.orders import expected
from workshop.orders.flow import Stage
from workshop.orders.models import JobState, OrderForecast, RepairOrder
from workshop.orders.rules import Expected, Forecast, Why, expect
from workshop.screen import queries as screens
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.lounge import page as lounge
from workshop.steps.lounge import suggesting
from workshop.steps.scheduling.dispatch import service as dispatch
from workshop.steps.scheduling.watch import service as watch
from workshop.track import service as track
from workshop.web.times import local

SignIn = Callable[[User], FlaskClient]
HOUR = timedelta(hours=1)
LATE, SOON, PAST = AT + 2 * HOUR, AT + HOUR, AT - HOUR


@pytest.mark.parametrize(
    ("promised", "first", "seen", "is_over", "wanted"),
    [
        (None, None, None, False, Expected()),
        (None, None, LATE, False, Expected()),
        (SOON, SOON, None, False, Expected(SOON, SOON)),
        # The forecast keeps the promise, or breaks it.
        (SOON, SOON, AT, False, Expected(SOON, SOON)),
        (SOON, SOON, LATE, False, Expected(SOON, LATE, SOON, Why.BEFORE)),
        # The promise was moved, and stands; or stands no more.
        (SOON, AT, None, False, Expected(SOON, SOON, AT, Why.LONGER)),
        (SOON, AT, LATE, False, Expected(SOON, LATE, SOON, Why.BEFORE)),
        # Over, and nobody knows; or the watch does.
        (PAST, PAST, None, False, Expected(PAST, None, PAST, Why.UNKNOWN)),
        (PAST, PAST, SOON, False, Expected(PAST, SOON, PAST, Why.BEFORE)),
        # A forecast of a time that is over is none.
        (PAST, PAST, PAST + HOUR / 2, False, Expected(PAST, None, PAST, Why.UNKNOWN)),
        # A car that is ready breaks no promise.
        (PAST, PAST, SOON, True, Expected(PAST, PAST)),
    ],
)
def test_the_honest_time(
    promised: datetime | None,
    first: datetime | None,
    seen: datetime | None,
    is_over: bool,
    wanted: Expected,
) -> None:
    forecast = Forecast(seen, Why.BEFORE, AT - timedelta(minutes=14)) if seen else None
    changed = Why.LONGER
    found = expect(promised, first, is_over=is_over, forecast=forecast, changed=changed, now=AT)
    assert found == wanted


def test_a_forecast_that_nobody_renews_is_none() -> None:
    old = Forecast(LATE, Why.LONGER, AT - timedelta(minutes=16))
    kept = expect(SOON, SOON, is_over=False, forecast=old, changed=None, now=AT)
    assert kept == Expected(SOON, SOON)


def car(
    promised: datetime | None, seen: datetime | None = None, why: Why = Why.PART
) -> RepairOrder:
    order = make_order(Stage.REPAIR, stays=True, promised_at=promised, first_promised_at=promised)
    if seen is not None:
        session.add(OrderForecast(order_id=order.id, expected_at=seen, why=why, at=AT))
        session.flush()
    return order


ONE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


@ONE
@pytest.mark.parametrize(
    ("promised", "seen", "says", "never"),
    [
        (SOON, None, ["11:00"], ["takes longer", "Expected", "new time follows"]),
        (SOON, LATE, ["11:00", "12:00", "waiting for a part"], []),
        (PAST, LATE, ["09:00", "12:00", "waiting for a part"], []),
        (PAST, None, ["09:00", "later, new time follows"], ["We keep to"]),
        (None, None, [], ["Expected", "We keep to", "new time follows"]),
    ],
    ids=["kept", "later", "over", "over and unknown", "no promise"],
)
def test_every_surface_says_the_same(
    database: Database,
    sign_in: SignIn,
    promised: datetime | None,
    seen: datetime | None,
    says: list[str],
    never: list[str],
) -> None:
    order = car(promised, seen)
    make_job(order, state=JobState.WAITING)
    boss = make_user(RoleName.SERVICE_MANAGER)
    boss.locale = "en"
    link = track.make_link(order, by=order.advisor, at=AT)
    time = expected.of(order, AT)
    (row,) = screens.list_rows(order.branch, "a secret", AT)
    no = order.no
    db.commit()
    desk, phone = sign_in(boss), database.app.test_client()
    english = {"Accept-Language": "en"}
    pages = {
        path: client.get(path, headers=english).text
        for client, path in [
            (desk, "/?whose=all"),
            (desk, f"/orders/{no}"),
            (desk, f"/orders/{no}/lounge"),
            (desk, f"/orders/{no}/repair"),
            (desk, "/lounge"),
            (desk, "/scheduling"),
            (phone, f"/t/{link}"),
        ]
    }
    for path, text in pages.items():
        if path == "/lounge" and promised is None:
            continue
        assert [each for each in says if each not in text] == [], path
        assert [each for each in never if each in text] == [], path
    clock_of = lambda at: local(at).strftime("%H:%M") if at else ""  # noqa: E731
    assert row.promise[-5:] == clock_of(time.at)
    assert row.first[-5:] == clock_of(time.instead_of)
    assert row.reason == (time.why.value if time.why else "")


@ONE
def test_the_watch_tells_all_when_a_car_will_be_late_and_why(database: Database) -> None:
    order = car(SOON)
    job = make_job(order, book_minutes=90)
    dispatch.assign(job, make_technician(), make_bay(), AT, by=order.advisor, at=AT)
    watch.look_after(order.branch, at=AT)
    time = expected.of(order, AT)
    # 90 minutes of work and 15 for the wash and the papers.
    assert (time.at, time.instead_of, time.why) == (AT + 1.75 * HOUR, SOON, Why.LONGER)


@ONE
def test_what_is_suggested_is_true_at_this_minute(database: Database) -> None:
    kept, moved, checked = car(SOON), car(SOON), car(SOON)
    moved.first_promised_at = AT
    checked.move_to(Stage.QUALITY_CHECK, None, AT)
    checked.move_to(Stage.FINAL_CHECK, None, AT)
    said = {
        name: lounge.say(suggesting.suggest(order, AT))
        for name, order in (("kept", kept), ("moved", moved), ("checked", checked))
    }
    assert "11:00" in said["kept"]
    # Nobody hears “as promised” of a time that has just moved.
    assert "10:00" in said["moved"]
    assert "原定" in said["moved"]
    assert "终检" in said["checked"]
    start = suggesting.DueReport(checked, AT, suggesting.Occasion.START)
    assert "已开始" not in lounge.say(suggesting.suggest(checked, AT, start))


@ONE
def test_words_that_were_overtaken_are_not_recorded(database: Database, sign_in: SignIn) -> None:
    order = car(SOON)
    no, advisor = order.no, order.advisor
    offered = suggesting.suggest(order, AT)
    words = "We keep to 11:00."
    sent = {
        "occasion": "hourly",
        "channel": "in_person",
        "said": words,
        "offered": words,
        "facts": offered.facts,
    }
    desk = sign_in(advisor)
    order.promised_at = LATE
    db.commit()
    english = {"Accept-Language": "en"}
    refused = desk.post(f"/orders/{no}/lounge/report", data=sent, headers=english)
    assert refused.status_code == 409
    assert "12:00" in refused.text
    # Who wrote own words answers for them.
    own = {**sent, "said": "我来告诉您"}
    assert desk.post(f"/orders/{no}/lounge/report", data=own).status_code == 302
