"""Waiting for a long writer: SQLite has one at a time, and nobody shall be refused for that.

Who wants to write waits as long as the connection says. While something is written of which it is
known that it takes long, such as a file of 100,000 rows, they wait on.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection
from sqlalchemy.exc import OperationalError

# With the twenty seconds of each connection that is two minutes.
MOST_WAITS = 6
Question = Callable[[Connection], bool]
_questions: list[Question] = []


def know(is_written: Question) -> None:
    """Let `is_written` say, in plain SQL, whether something long is being written now."""
    if is_written not in _questions:
        _questions.append(is_written)


def is_for_long(connection: Connection) -> bool:
    """Whether something long is being written."""
    return any(question(connection) for question in _questions)


def begin_to_write(connection: Connection) -> None:
    """Begin a transaction that may write, once whoever writes is done."""
    for _ in range(MOST_WAITS - 1):
        try:
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        except OperationalError as error:
            if "locked" not in str(error.orig) or not is_for_long(connection):
                raise
        else:
            return
    connection.exec_driver_sql("BEGIN IMMEDIATE")
