"""Run inside the copy of the program: migrate a filled database, and walk a car through the step.

Arguments: the database's address, the order's number, and the sign-in names of a washer, a
cashier and the order's advisor.
"""

from __future__ import annotations

import contextvars
import sys
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import select
from workshop.steps.interior import service as cleaning

import workshop
from workshop import clock, db, steps, upgrading
from workshop.app import create_app
from workshop.config import Settings
from workshop.db import session
from workshop.demo import next_acts
from workshop.orders.flow import Stage, Step
from workshop.orders.models import RepairOrder
from workshop.orders.rows import Bucket, Milestone
from workshop.orders.ticks import Progress
from workshop.screen import queries as screens
from workshop.staff.models import User
from workshop.staff.sessions import service as sessions
from workshop.staff.sessions.models import SignInWay
from workshop.track import service as track

ENGLISH = {"Accept-Language": "en"}
NOT_CLEANED = "The inside of the car is not cleaned yet."


class Client(FlaskClient):
    """Asks outside the script's own context, as a browser does."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        db.rollback()
        answer = contextvars.Context().run(super().open, *args, **kwargs)
        db.rollback()
        db.session.expire_all()
        return answer


def walk(url: str, no: str, washer: str, cashier: str, advisor: str) -> None:
    folder = Path(workshop.__file__).parent.parent
    settings = Settings(folder, url, None, "a key for tests only", False, testing=True)
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    app.test_client_class = Client
    with app.app_context():
        before = count_orders()
        session.remove()
        done = upgrading.upgrade(at=clock.now())
        assert (done.before, done.after) == (upgrading.list_revisions()[-2], "9999")
        assert count_orders() == before > len(Stage) - 2
        address = f"/orders/{no}/interior"
        # Who has the permission opens the page, and nobody else.
        assert browser_of(app, cashier).get(address).status_code == 403
        hands = browser_of(app, washer)
        assert hands.get(address, headers=ENGLISH).status_code == 200
        assert hands.get("/interior", headers=ENGLISH).status_code == 200
        # The car enters the stage; desk, screen and link show it.
        assert hands.post(f"{address}/begin").status_code == 302
        assert stage_of(no) is Stage.INTERIOR
        assert no in hands.get("/interior").text
        see(app, no, advisor)
        # The gate refuses, until the fact is there.
        refused = hands.post(f"{address}/finish", headers=ENGLISH)
        assert refused.status_code == 409
        assert NOT_CLEANED in refused.text
        assert stage_of(no) is Stage.INTERIOR
        assert hands.post(f"{address}/clean").status_code == 302
        assert hands.post(f"{address}/finish").status_code == 302
        assert stage_of(no) is Stage.WASH
        # The flow bar says what the step says of itself.
        (drawn,) = [each for each in steps.flow_of(get_order(no)) if each.is_of("interior")]
        assert drawn.tick.progress is Progress.DONE
        assert list(Step).index(Step.INTERIOR) == list(Step).index(Step.REPAIR) + 1
        play_the_demo(washer)
    print("walked")  # noqa: T201 - The test reads it.


def play_the_demo(washer: str) -> None:
    """The people of the running demo take the next car through as well."""
    found = next_acts.find(Stage.INTERIOR)
    assert found is not None
    assert Stage.INTERIOR in next_acts.list_stages()
    order = session.scalars(
        select(RepairOrder).where(RepairOrder.stage == Stage.FINAL_CHECK)
    ).first()
    hands = session.scalars(select(User).where(User.username == washer)).one()
    cleaning.begin(order, by=hands, at=clock.now())
    found[1](None, order, clock.now())
    assert order.stage is Stage.WASH


def see(app: Any, no: str, advisor: str) -> None:
    order = get_order(no)
    desk = browser_of(app, advisor)
    home = desk.get("/?whose=all", headers=ENGLISH).text
    page = desk.get(f"/orders/{no}", headers=ENGLISH).text
    assert f"/orders/{no}/interior" in home
    assert "Interior" in page
    assert NOT_CLEANED in page
    row = next(
        each
        for each in screens.list_rows(order.branch, app.config["SECRET_KEY"], clock.now())
        if each.id == screens.meaningless_id(order.id, app.config["SECRET_KEY"])
    )
    look = order.stage.look(order.facts)
    assert row.stage == Bucket.QUALITY_CHECK.value == look.screen.value
    assert look.milestone is Milestone.CHECK
    token = track.make_link(order, by=order.advisor, at=clock.now())
    db.commit()
    link = app.test_client().get(f"/t/{token}", headers=ENGLISH)
    assert link.status_code == 200
    assert "Interior" in link.text


def begin_session(user: User) -> str:
    _, token = sessions.begin(user, SignInWay.PASSWORD, at=clock.now())
    db.commit()
    return token


def browser_of(app: Any, username: str) -> FlaskClient:
    user = session.scalars(select(User).where(User.username == username)).one()
    browser = app.test_client()
    with browser.session_transaction() as kept:
        kept["_user_id"], kept["_fresh"] = begin_session(user), True
    return browser


def get_order(no: str) -> RepairOrder:
    return session.scalars(select(RepairOrder).where(RepairOrder.no == no)).one()


def count_orders() -> int:
    return len(session.execute(select(RepairOrder.id)).all())


def stage_of(no: str) -> Stage:
    return get_order(no).stage


if __name__ == "__main__":
    walk(*sys.argv[1:])
