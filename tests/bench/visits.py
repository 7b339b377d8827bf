"""How much of a database a page looks at: a count that no busy machine changes.

SQLite counts the steps of its virtual machine, PostgreSQL the rows that its scans have read.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.engine import Engine

# SQLite calls back after so many steps of its machine.
_EACH = 20


class Visits:
    """Counts what each statement of an engine looks at."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.by_statement: dict[str, int] = defaultdict(int)
        self.statements = 0
        self._now = ""
        self._rows = 0
        event.listen(engine, "before_cursor_execute", self._begin)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", self._count_steps)
            engine.dispose()

    @property
    def total(self) -> int:
        """Steps or rows since the last `start`."""
        if self.engine.dialect.name == "sqlite":
            return sum(self.by_statement.values()) * _EACH
        return self._read_rows() - self._rows

    def start(self) -> None:
        """Forget what was counted."""
        self.by_statement.clear()
        self.statements = 0
        if self.engine.dialect.name != "sqlite":
            self._rows = self._read_rows()

    def stop(self) -> None:
        """Count no more."""
        event.remove(self.engine, "before_cursor_execute", self._begin)
        if self.engine.dialect.name == "sqlite":
            event.remove(self.engine, "connect", self._count_steps)
            self.engine.dispose()

    def _begin(self, _connection: Any, _cursor: Any, statement: str, *_: object) -> None:
        self._now = statement
        self.statements += 1

    def _count_steps(self, connection: Any, _record: object) -> None:
        connection.set_progress_handler(self._step, _EACH)

    def _step(self) -> int:
        self.by_statement[self._now] += 1
        return 0

    def _read_rows(self) -> int:
        """What the pool's connections have counted; they tell only when their work ends."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT pg_stat_force_next_flush()"))
            connection.commit()
            query = "SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_user_tables"
            return int(connection.execute(text(query)).scalar_one() or 0)
