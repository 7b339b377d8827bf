"""What pages share is never older than the last thing that anybody wrote."""

from __future__ import annotations

import sqlalchemy as sa

from tests.databases import Database
from tests.factories import make_branch
from workshop import db, kept
from workshop.shop.models import Branch


def _make(name: str) -> Branch:
    branch = make_branch()
    branch.name = name
    return branch


def _read_name(branch_id: int) -> str:
    """As a page would: in a transaction of its own that only reads."""

    def read() -> str:
        name = db.session.scalar(sa.select(Branch.name).where(Branch.id == branch_id))
        _reads.append(name)
        return str(name)

    with db.reading():
        found = kept.until_written(("name", branch_id), read)
        db.rollback()
    return found


_reads: list[str] = []


def _reads_of(branch_id: int, times: int) -> tuple[list[str], int]:
    """Again, if somebody else has written meanwhile: a test server has other databases as well."""
    _reads.clear()
    for _ in range(_TRIES):
        db.rollback()
        before = len(_reads)
        found = [_read_name(branch_id) for _ in range(times)]
        if len(_reads) - before <= 1:
            return found, min(len(_reads), 1)
    raise AssertionError("nothing is kept")


_TRIES = 30


def test_it_is_read_once_and_again_after_a_commit(database: Database) -> None:
    assert database
    branch = _make("First name")
    db.commit()
    branch_id = branch.id
    assert _reads_of(branch_id, 3) == (["First name"] * 3, 1)
    branch.name = "Second name"
    db.commit()
    assert _reads_of(branch_id, 2) == (["Second name"] * 2, 1)


def test_what_another_process_writes_is_seen(database: Database) -> None:
    branch = _make("First name")
    db.commit()
    assert _read_name(branch.id) == "First name"
    other = sa.create_engine(database.app.config["SQLALCHEMY_DATABASE_URI"])
    with other.begin() as connection:
        connection.execute(sa.text("UPDATE branch SET name = 'From elsewhere'"))
    other.dispose()
    assert _read_name(branch.id) == "From elsewhere"


def test_a_reader_that_began_earlier_keeps_nothing_for_later_ones(database: Database) -> None:
    """Its answer is as old as its note, though it is kept after the commit of another."""
    branch = _make("First name")
    db.commit()
    other = sa.create_engine(database.app.config["SQLALCHEMY_DATABASE_URI"])
    with db.reading():
        # It has begun, and knows the name, when somebody else writes.
        assert db.session.get_one(Branch, branch.id).name == "First name"
        with other.begin() as connection:
            connection.execute(sa.text("UPDATE branch SET name = 'From elsewhere'"))
        found = kept.until_written(
            ("name", branch.id), lambda: db.session.get_one(Branch, branch.id).name
        )
        assert found == "First name"
        db.rollback()
    other.dispose()
    assert _read_name(branch.id) == "From elsewhere"


def test_an_act_reads_by_itself(database: Database) -> None:
    """What it has written and not committed is its own, and nobody else's."""
    assert database
    branch = _make("First name")
    db.commit()
    assert _read_name(branch.id) == "First name"
    branch.name = "Not committed"
    db.session.flush()
    assert kept.until_written(("name", branch.id), lambda: branch.name) == "Not committed"
    db.rollback()
    assert _read_name(branch.id) == "First name"


def test_a_database_that_was_let_go_is_not_remembered(database: Database) -> None:
    branch = _make("First name")
    db.commit()
    assert _read_name(branch.id) == "First name"
    database.renew()
    other = _make("Another shop")
    db.commit()
    assert other.id == branch.id
    assert _read_name(other.id) == "Another shop"
