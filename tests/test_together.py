"""Rows that are read together, and answers that are remembered, never tell what is over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Select, event, select, update
from sqlalchemy.orm import lazyload

from tests.databases import Database
from tests.factories import make_job, make_order
from workshop import db, together
from workshop.orders.models import Job, RepairOrder


def _jobs() -> Select[Job]:
    return select(Job).order_by(Job.id)


@contextmanager
def counted() -> Iterator[list[str]]:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        # On PostgreSQL a reader notes first what the database has seen.
        if statement.startswith("SELECT") and "pg_current_snapshot" not in statement:
            asked.append(statement)

    event.listen(db.db.engine, "before_cursor_execute", note)
    yield asked
    event.remove(db.db.engine, "before_cursor_execute", note)


@pytest.fixture
def orders(database: Database) -> list[RepairOrder]:
    """Three orders with a job each; nothing of them is in the session."""
    assert database
    for _ in range(3):
        make_job(make_order())
    db.commit()
    db.session.expunge_all()
    return []


def _list_jobs(order: RepairOrder) -> list[Job]:
    return together.list_of(order.id, "jobs of a test", _jobs, Job.order_id)


def test_a_page_asks_once_for_all_its_rows(orders: list[RepairOrder]) -> None:
    with db.reading():
        orders = list(db.session.scalars(select(RepairOrder)))
        with counted() as asked:
            found = [_list_jobs(order) for order in orders]
    assert [[job.order_id for job in jobs] for jobs in found] == [[order.id] for order in orders]
    assert len(asked) == 1


def test_a_relation_is_read_for_all_rows(orders: list[RepairOrder]) -> None:
    with db.reading():
        jobs = list(db.session.scalars(select(Job).options(lazyload(Job.order))))
        with counted() as asked:
            assert [job.order.id for job in jobs] == [job.order_id for job in jobs]
    assert len(asked) == 1
    del orders


def test_an_act_asks_for_its_own_record_at_that_moment(orders: list[RepairOrder]) -> None:
    orders = list(db.session.scalars(select(RepairOrder)))
    assert [len(_list_jobs(order)) for order in orders] == [1, 1, 1]
    make_job(orders[0])
    assert [len(_list_jobs(order)) for order in orders] == [2, 1, 1]


def test_the_same_question_is_asked_once_while_nothing_is_written(
    orders: list[RepairOrder],
) -> None:
    del orders
    with db.reading(), counted() as asked:
        for _ in range(3):
            assert len(db.session.scalars(_jobs()).all()) == 3
    assert len(asked) == 1


def test_what_is_written_meanwhile_is_read_again(orders: list[RepairOrder]) -> None:
    """By its record and by a statement that names no record, also on a page that only reads."""
    with db.reading():
        orders = list(db.session.scalars(select(RepairOrder)))
        minutes = select(Job.book_minutes).order_by(Job.id)
        assert len(set(db.session.scalars(minutes))) == 1
        (job,) = _list_jobs(orders[0])
        job.book_minutes = 77
        assert 77 in set(db.session.scalars(minutes))
        db.session.execute(update(Job).values(book_minutes=78))
        assert set(db.session.scalars(minutes)) == {78}
        make_job(orders[0])
        assert len(_list_jobs(orders[0])) == 2


def test_the_answer_ends_with_the_transaction(orders: list[RepairOrder]) -> None:
    del orders
    with db.reading():
        assert len(db.session.scalars(_jobs()).all()) == 3
        db.rollback()
        with counted() as asked:
            assert len(db.session.scalars(_jobs()).all()) == 3
    assert len(asked) == 1
