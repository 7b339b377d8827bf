"""What an import keeps of people, who reads it, and when it is let go."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy import select

from tests.databases import Database
from tests.factories import AT, make_branch
from tests.setup.imports import factories
from tests.setup.imports.factories import S, table
from workshop import db
from workshop.customers.models import Customer
from workshop.db import Model, session
from workshop.setup.imports import clearing, queries, service
from workshop.setup.imports.models import ImportBatch
from workshop.setup.imports.rules import ImportState

LONG_AFTER = AT + clearing.KEPT_FOR + timedelta(hours=1)
SECRETS = ("慕容测", "13877770001", "13877770002", "暗访路")
DIRTY = table(
    "姓名 手机 地址",
    ("慕容测1", "13877770001", "暗访路1号"), ("慕容测2", "1.38777E+10", "暗访路2号"),
    ("慕容测3", "13877770002、1", "暗访路3号"),
)  # fmt: skip


def what_imports_hold() -> str:
    """Everything in the tables of the imports, as text."""
    tables = [each for each in Model.metadata.sorted_tables if each.name.startswith("import_")]
    rows = [row for each in tables for row in session.execute(sa.select(each))]
    return " ".join(
        bytes(value).decode(errors="replace") if isinstance(value, (bytes, memoryview))
        else str(value)
        for row in rows for value in row
    )  # fmt: skip


def read_again(batch: ImportBatch) -> ImportBatch:
    """The file as it is now."""
    session.expire_all()
    return queries.get_batch(make_branch(), batch.id)


def test_the_rows_of_a_file_are_let_go_and_it_can_still_be_taken_back(database: Database) -> None:
    batch = factories.take_over("customers", DIRTY)
    held = what_imports_hold()
    assert all(secret in held for secret in SECRETS)
    assert clearing.clear_old(AT + clearing.KEPT_FOR) == 0
    # when
    assert clearing.clear_old(LONG_AFTER) == 1
    db.commit()
    # then
    held = what_imports_hold()
    assert not [secret for secret in SECRETS if secret in held]
    batch = read_again(batch)
    assert (batch.state, batch.counts["left"], len(batch.sha256)) == (S.APPLIED, 2, 64)
    assert list(queries.list_left(batch)) == []
    assert clearing.clear_old(LONG_AFTER) == 0
    factories.undo(batch)
    assert session.scalars(select(Customer)).all() == []


def test_a_file_that_is_given_up_is_let_go_at_once(database: Database) -> None:
    batch = factories.check("customers", DIRTY)
    service.give_up(batch, by=factories.boss(), at=AT)
    db.commit()
    held = what_imports_hold()
    assert not [secret for secret in SECRETS if secret in held]


def test_a_file_that_nobody_went_on_with_is_given_up(database: Database) -> None:
    batch = factories.check("customers", DIRTY)
    assert clearing.clear_old(LONG_AFTER) == 1
    db.commit()
    assert read_again(batch).state is ImportState.CANCELLED
    assert not [secret for secret in SECRETS if secret in what_imports_hold()]
