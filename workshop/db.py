"""The database: declarative base, column types, the session, and the one way to commit."""

from __future__ import annotations

import enum
import re
import zlib
from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Annotated, Any, TypeVar

import sqlalchemy as sa
from flask import Flask, g, has_app_context
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, scoped_session
from sqlalchemy.orm import Session as Session

from workshop import events
from workshop.storage import busy
from workshop.storage.conditions import WrittenEnum, values_of

T = TypeVar("T")
intpk = Annotated[int, mapped_column(primary_key=True)]
_NOTED = "noted"


class UtcDateTime(sa.TypeDecorator[datetime]):
    """An aware datetime; UTC in the database whatever the database can hold."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone was about to be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(
        self,
        value: datetime | None,
        dialect: sa.Dialect,  # noqa: ARG002 - SQLAlchemy's signature.
    ) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def partial_index(name: str, *columns: str, where: str, unique: bool = True) -> sa.Index:
    """An index over the rows for which `where` holds, alike on both engines."""
    condition = sa.text(where)
    return sa.Index(
        name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition
    )


def present(name: str, *columns: str, where: str) -> sa.Index:
    """An index over what is not over; see `workshop.storage.conditions`."""
    return partial_index(name, *columns, where=where, unique=False)


class Model(DeclarativeBase):
    """Base of all models; the table is named after the class, in snake case."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UtcDateTime,
        date: sa.Date,
        dict[str, Any]: sa.JSON,
        list[Any]: sa.JSON,
        list[str]: sa.JSON,
        # Text; the migrations guard which values there are, so a new one rebuilds no table.
        enum.Enum: WrittenEnum(enum.Enum, native_enum=False, length=40, values_callable=values_of),
    }

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805 - SQLAlchemy hands over the class.
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


class BilingualName:
    """A name in the shop's two languages, for what a shop puts into lists itself."""

    name_zh: Mapped[str] = mapped_column(sa.String(80))
    name_en: Mapped[str] = mapped_column(sa.String(80))

    def name_in(self, locale: str) -> str:
        """The name in `locale` ("zh_CN" or "en")."""
        return self.name_zh if locale.startswith("zh") else self.name_en


db = SQLAlchemy(metadata=Model.metadata, disable_autonaming=True)
session: scoped_session[Any] = db.session

_reading: ContextVar[bool] = ContextVar("reading", default=False)


def init_app(app: Flask) -> None:
    """Bind the database to the app and set up each new SQLite connection."""
    db.init_app(app)
    with app.app_context():
        configure(db.engine)

    @app.teardown_appcontext
    def drop_untold_events(_error: BaseException | None) -> None:
        events.take()


def configure(engine: Engine) -> None:
    """Make SQLite take part in real transactions; PostgreSQL needs nothing."""
    if engine.dialect.name != "sqlite":
        return
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)


def _on_connect(connection: Any, _record: Any) -> None:
    # pysqlite would begin late, and check-then-insert would book twice; we begin ourselves.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        # First, for the others may have to wait as well.
        "busy_timeout=20000",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        # Guards that are triggers must see the writes of other triggers as well.
        "recursive_triggers=ON",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    if only_reads():
        connection.exec_driver_sql("BEGIN DEFERRED")
    else:
        busy.begin_to_write(connection)


def only_reads() -> bool:
    """Whether transactions begun now only read, as they do for a page that is looked at."""
    return _reading.get() or (has_app_context() and bool(g.get("only_reads", False)))


def begin_as_reader(is_reader: bool) -> None:
    """Say whether transactions of this request only read (SQLite: BEGIN) or may write.

    It is forgotten with the request: what the same thread does next, for a socket, may write.
    """
    g.only_reads = is_reader


@contextmanager
def reading() -> Iterator[None]:
    """Transactions begun inside only read, so they wait for no writer."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def is_sqlite() -> bool:
    """Whether the bound database is SQLite."""
    return db.engine.dialect.name == "sqlite"


def commit() -> None:
    """Commit, then tell the subscribers what happened. The only place that commits.

    What is asked before (`ask_before_commit`) may stop it; then nothing is kept.
    """
    recorded = events.take()
    for question in _questions:
        question()
    session.commit()
    events.publish(recorded)


_questions: list[Callable[[], None]] = []


def ask_before_commit(question: Callable[[], None]) -> None:
    """Call `question` before each commit; it raises to stop the commit."""
    if question not in _questions:
        _questions.append(question)


def rollback() -> None:
    """Undo, and forget the events of what was undone."""
    events.take()
    session.rollback()


def reread(record: Model) -> None:
    """Write what is pending, then take over what others have committed of this record.

    Only its own columns are read. What it refers to stays loaded, unless it is another one now.
    SQLite writers are one at a time from the beginning of their transaction: nobody else has
    committed anything since this one read the record.
    """
    if is_sqlite():
        return
    session.flush()
    mapper = sa.inspect(type(record))
    known = dict(vars(record))
    session.refresh(record, [column.key for column in mapper.column_attrs])
    for relation in mapper.relationships:
        keys = {mapper.get_property_by_column(each).key for each in relation.local_columns}
        if any(known.get(key) != getattr(record, key) for key in keys):
            session.expire(record, [relation.key])


@dataclass
class _Memory:
    """What a transaction remembers, and by kind of record which of it depends on that kind."""

    found: dict[Hashable, Any] = field(default_factory=dict)
    keys: dict[type[Model], set[Hashable]] = field(default_factory=lambda: defaultdict(set))


def remember(key: Hashable, kinds: Collection[type[Model]], read: Callable[[], T]) -> T:
    """What `read` finds, read once as long as this transaction writes no record of these kinds.

    For what changes rarely and is asked for again and again. `Model` stands for all kinds.
    """
    # As any query would, so that what is pending counts.
    session.flush()
    memory: _Memory = session().info.setdefault(MEMORY, _Memory())
    if key not in memory.found:
        memory.found[key] = read()
        for kind in kinds:
            memory.keys[kind].add(key)
    return memory.found[key]  # type: ignore[no-any-return]  # It is what `read` gave for the key.


MEMORY = "remembered"


def _forget_written(of: Session, _context: Any) -> None:
    memory = of.info.get(MEMORY)
    if memory is not None:
        for kind in {Model, *(type(each) for each in (*of.new, *of.dirty, *of.deleted))}:
            for key in memory.keys.pop(kind, ()):
                memory.found.pop(key, None)


def _forget_all(of: Session, transaction: Any) -> None:
    if transaction.parent is None or transaction.nested:
        of.info.pop(MEMORY, None)
    if transaction.parent is None:
        of.info.pop(_NOTED, None)


def note(what: Model) -> None:
    """Keep in mind until the end of the transaction that this was written in it."""
    session().info.setdefault(_NOTED, []).append(what)


def list_noted() -> list[Model]:
    """What was noted in this transaction."""
    return list(session().info.get(_NOTED, ()))


event.listen(session, "after_flush", _forget_written)
event.listen(session, "after_transaction_end", _forget_all)


def lock(kind: str, key: int) -> None:
    """Let one transaction at a time pass for (`kind`, `key`), until it ends.

    SQLite writers are one at a time already, by BEGIN IMMEDIATE. Take several locks in sorted
    order, or PostgreSQL reports a deadlock.
    """
    if not is_sqlite():
        number = zlib.crc32(kind.encode()) - 2**31
        session.execute(
            sa.text("SELECT pg_advisory_xact_lock(CAST(:kind AS int), CAST(:key AS int))"),
            {"kind": number, "key": key % 2**31},
        )
        # Who had the lock before may have written what this transaction remembers.
        session().info.pop(MEMORY, None)
