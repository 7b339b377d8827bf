"""Transactions that read or write, and records that others have changed meanwhile."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import event, select, text, update

from tests.databases import Database
from tests.factories import make_customer, make_order, make_user
from workshop import db
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName


def in_another_thread(act: Callable[[], None]) -> None:
    """Do something in a thread of its own, and wait until it is done."""
    failed: list[BaseException] = []

    def run() -> None:
        try:
            act()
        except BaseException as error:
            failed.append(error)

    thread = threading.Thread(target=contextvars.Context().run, args=(run,))
    thread.start()
    thread.join(30)
    assert not failed
    assert not thread.is_alive()


def test_a_page_that_reads_waits_for_no_writer(database: Database) -> None:
    # given a writer that has not committed yet
    make_user(RoleName.CASHIER)
    db.commit()
    db.session.execute(text("UPDATE role SET name = name"))

    # then
    def read() -> None:
        with database.app.app_context():
            db.begin_as_reader(True)
            assert db.session.scalars(select(User)).one()

    in_another_thread(read)


def test_what_follows_a_page_in_the_same_thread_may_write(database: Database) -> None:
    """A socket's handler runs in a thread that has served pages before."""
    begun: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("BEGIN"):
            begun.append(statement)

    def serve_a_page_and_a_socket() -> None:
        for only_reads in (True, None):
            with database.app.app_context():
                if only_reads is not None:
                    db.begin_as_reader(only_reads)
                db.session.scalars(select(User)).all()

    event.listen(db.db.engine, "before_cursor_execute", note)
    in_another_thread(serve_a_page_and_a_socket)
    event.remove(db.db.engine, "before_cursor_execute", note)
    # PostgreSQL begins both alike, and out of sight.
    assert begun == (["BEGIN DEFERRED", "BEGIN IMMEDIATE"] if database.kind == "sqlite" else [])


# On SQLite nobody else can have changed what a writer has read.
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_record_is_read_again_without_losing_what_it_refers_to(database: Database) -> None:
    # given
    order = make_order()
    vehicle, other = order.vehicle, make_customer("李娜")
    # when somebody else changes it
    theirs = update(RepairOrder).values(concern="方向盘抖", customer_id=other.id)
    db.session.execute(theirs.execution_options(synchronize_session=False))
    order.bringer_name = "王小明"
    db.reread(order)
    # then both changes are there, and only what is another one now is looked up again
    assert (order.concern, order.bringer_name) == ("方向盘抖", "王小明")
    assert "vehicle" in vars(order)
    assert "customer" not in vars(order)
    assert order.customer is other
    assert order.vehicle is vehicle


def test_what_is_remembered_is_read_once_until_its_kind_is_written(database: Database) -> None:
    # given
    order = make_order()
    asked: list[str] = []

    def concern() -> str:
        def read() -> str:
            asked.append("read")
            return str(db.session.scalar(select(RepairOrder.concern)))

        return db.remember(("concern", order.id), {RepairOrder}, read)

    # when
    first, second = concern(), concern()
    make_customer("李娜")
    third = concern()
    order.concern = "方向盘抖"
    fourth = concern()
    # then
    assert [first, second, third, fourth] == [first, first, first, "方向盘抖"]
    assert len(asked) == 2


def test_nothing_is_remembered_beyond_the_transaction(database: Database) -> None:
    asked: list[int | None] = []

    def read() -> None:
        asked.append(db.session.scalar(select(RepairOrder.id)))

    for end in (db.commit, db.rollback, db.commit):
        db.remember("key", {RepairOrder}, read)
        end()
    assert len(asked) == 3
