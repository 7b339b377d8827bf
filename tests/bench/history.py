"""Years of history behind today: closed orders of a told shop, copied by the database itself.

Each copy takes every row along that hangs on its order, lies on a day of its own before the
shop's first, and has numbers of its own. Today's open work stays as it was told, so what differs
between two sizes is only the past. Indexes, references and guards sleep meanwhile and are made
again at the end, so a past that would break one is found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from workshop import db

# A busy branch's day; more orders are more years, and no fuller days.
PER_DAY = 40
# How often a car has come in all.
VISITS = 8
# Rows above an order that its copies refer to, and do not take along each time.
CARS = ("customer", "customer_contact", "vehicle")
# What is only of today, and what counts by itself.
_OF_TODAY = frozenset({"touched_thing", "hand_over_item", "import_row", "number_series"})
# A closed order of which its maker still owes money, or an old part lies here: today's work.
_STILL_OPEN = (
    "SELECT order_id FROM settlement JOIN settlement_line "
    "ON settlement_line.settlement_id = settlement.id WHERE payer <> 'customer' "
    "UNION SELECT order_id FROM core_return"
)
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_SURNAME_LETTERS = "wlzlcyzhzwxshzglhgmrlszxhtfydxccydxfszpl"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建文斌宇浩凯健俊帆雪荣"
_GIVEN_LETTERS = "wfnmjlqljyyyjjtmcxxpggyhylhjwbyhkjjfxr"
_PROVINCES = "皖鄂湘赣闽豫冀鲁晋辽"
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


@dataclass
class Picked:
    """The template rows: by table and id the number of the tree that they belong to."""

    trees: dict[int, date] = field(default_factory=dict)
    cars: set[int] = field(default_factory=set)
    rows: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    # How far the ids of one copy are from those of the next.
    steps: dict[str, int] = field(default_factory=dict)


def fill(connection: Connection, orders: int) -> None:
    """Put `orders` closed orders behind the told shop, before the first day it tells of."""
    picked = _pick(connection)
    if not picked.trees:
        raise ValueError("the told shop has no closed order to copy")
    with _asleep(connection):
        _note(connection, picked, orders)
        for table in db.Model.metadata.sorted_tables:
            if picked.rows[table.name]:
                connection.execute(sa.text(_copy(connection.dialect.name, table, picked)))
        _set_counters(connection, picked)
        for name in ("grow_row", "grow_copy"):
            connection.execute(sa.text(f"DROP TABLE {name}"))


def _pick(connection: Connection) -> Picked:
    """Every row that hangs on a closed order or on its car, and which order that is."""
    picked = Picked()
    orders = connection.execute(
        sa.text(
            "SELECT id, arrived_at, vehicle_id FROM repair_order WHERE stage = 'closed' "
            f"AND id NOT IN ({_STILL_OPEN}) ORDER BY id"
        )
    ).all()
    for tree, (key, arrived_at, vehicle) in enumerate(orders):
        picked.trees[tree] = _day(arrived_at)
        picked.rows["repair_order"][key] = tree
        picked.rows["vehicle"].setdefault(vehicle, 1000 + tree)
    _pick_above(connection, picked)
    while _pick_below(connection, picked):
        pass
    picked.cars = {tree for name in CARS for tree in picked.rows[name].values()}
    for name in picked.rows:
        if picked.rows[name]:
            newest = connection.execute(sa.text(f'SELECT max(id) FROM "{name}"'))
            picked.steps[name] = newest.scalar_one()
    return picked


def _pick_above(connection: Connection, picked: Picked) -> None:
    vehicles = picked.rows["vehicle"]
    for key, owner in connection.execute(sa.text("SELECT id, customer_id FROM vehicle")):
        if key in vehicles:
            picked.rows["customer"].setdefault(owner, vehicles[key])
    for key, owner in connection.execute(sa.text("SELECT id, customer_id FROM customer_contact")):
        if owner in picked.rows["customer"]:
            picked.rows["customer_contact"][key] = picked.rows["customer"][owner]


def _pick_below(connection: Connection, picked: Picked) -> bool:
    found = False
    for table in db.Model.metadata.sorted_tables:
        if table.name in CARS or table.name in _OF_TODAY or "id" not in table.columns:
            continue
        mine = picked.rows[table.name]
        for key, name, target in _references(connection, table):
            tree = picked.rows[name].get(target) if name not in CARS else None
            if key not in mine and tree is not None and tree in picked.trees:
                mine[key] = tree
                found = True
    return found


def _references(connection: Connection, table: sa.Table) -> Iterator[tuple[int, str, int]]:
    """Which row refers to which, by a foreign key or by a name and a number."""
    for column, target in _keys(table).items():
        query = f'SELECT id, "{column}" FROM "{table.name}" WHERE "{column}" IS NOT NULL'
        for key, value in connection.execute(sa.text(query)):
            yield key, target, value
    if named := _NAMED.get(table.name):
        kind, number = named
        query = f'SELECT id, "{kind}", "{number}" FROM "{table.name}" WHERE "{number}" IS NOT NULL'
        for key, name, value in connection.execute(sa.text(query)):
            yield key, str(name), value


# Tables whose rows name the table that they are about.
_NAMED = {"audit_entry": ("subject", "subject_id"), "capacity_take": ("source", "source_id")}


def _keys(table: sa.Table) -> dict[str, str]:
    """The columns that refer to one other row, and its table."""
    return {
        column.name: each.column.table.name
        for column in table.columns
        for each in column.foreign_keys
        if each.column.name == "id"
    }


def _note(connection: Connection, picked: Picked, orders: int) -> None:
    """Write down which rows are copied, and how far each copy is moved."""
    for statement in (
        "CREATE TABLE grow_row "
        "(name VARCHAR(60), id INTEGER, tree INTEGER, rank INTEGER, PRIMARY KEY (name, id))",
        "CREATE TABLE grow_copy (tree INTEGER, n INTEGER, days INTEGER, place INTEGER, "
        "day DATE, PRIMARY KEY (tree, n))",
    ):
        connection.execute(sa.text(statement))
    rows = [
        {"name": name, "id": key, "tree": tree, "rank": rank}
        for name, found in picked.rows.items()
        for key, tree, rank in _ranked(connection, name, found)
    ]
    connection.execute(sa.text("INSERT INTO grow_row VALUES (:name, :id, :tree, :rank)"), rows)
    copies = -(-orders // len(picked.trees))
    first = min(picked.trees.values())
    for tree, day in picked.trees.items():
        values = {"tree": tree, "trees": len(picked.trees), "copies": copies}
        values |= {"day": day.toordinal(), "last": first.toordinal() - 3, "orders": orders}
        connection.execute(sa.text(_copies(connection)), values)
    for car in picked.cars:
        values = {"tree": car, "copies": copies // VISITS + 1}
        connection.execute(sa.text(_COPIES_OF_CARS), values)
    _run(connection, "ANALYZE grow_copy", "ANALYZE grow_row")


def _ranked(
    connection: Connection, name: str, found: dict[int, int]
) -> Iterator[tuple[int, int, int]]:
    """Rows of a tree that have the same number keep one number."""
    has_number = "no" in db.Model.metadata.tables[name].columns
    column = "no" if has_number and name != "repair_order" else "id"
    values = dict(connection.execute(sa.text(f'SELECT id, "{column}" FROM "{name}"')).all())
    ranks: dict[int, dict[object, int]] = defaultdict(dict)
    for key, tree in sorted(found.items()):
        known = ranks[tree]
        yield key, tree, known.setdefault(values[key], len(known))


def _copies(connection: Connection) -> str:
    # The oldest copy is the first, so that ids grow with the years.
    place = "((:copies - n) * :trees + :tree)"
    target = f"(:last - {place} / {PER_DAY})"
    day = f"date '0001-01-01' + ({target} - 1)"
    if connection.dialect.name == "sqlite":
        day = f"date('0001-01-01', ({target} - 1) || ' days')"
    return (
        "INSERT INTO grow_copy "
        "WITH RECURSIVE number(n) AS "
        "(SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :copies) "
        f"SELECT :tree, n, :day - {target}, {place} % {PER_DAY}, {day} FROM number "
        f"WHERE {place} < :orders"
    )


_COPIES_OF_CARS = (
    "INSERT INTO grow_copy WITH RECURSIVE number(n) AS "
    "(SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < :copies) "
    "SELECT :tree, n, 0, 0, NULL FROM number"
)


def _copy(dialect: str, table: sa.Table, picked: Picked) -> str:
    """One statement for all copies of all rows of a table."""
    make = _Values(dialect, table, picked.steps)
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    values = ", ".join(make.of(column) for column in table.columns)
    joins = "".join(
        f" LEFT JOIN grow_row {alias} ON {alias}.name = '{name}' AND {alias}.id = t.\"{column}\""
        for column, name, alias in make.references
    )
    return (
        f'INSERT INTO "{table.name}" ({names}) SELECT {values} FROM grow_row r '
        f'JOIN "{table.name}" t ON t.id = r.id JOIN grow_copy c ON c.tree = r.tree{joins} '
        f"WHERE r.name = '{table.name}' ORDER BY c.n, t.id"
    )


class _Values:
    """The SQL expression of each column of a copy."""

    def __init__(self, dialect: str, table: sa.Table, steps: dict[str, int]) -> None:
        self._is_sqlite = dialect == "sqlite"
        self._table = table
        self._steps = steps
        self._is_car = table.name in CARS
        keys = {column: name for column, name in _keys(table).items() if name in steps}
        self.references = [
            (column, name, f"f{number}") for number, (column, name) in enumerate(keys.items())
        ]
        self._number = f"(t.id * 100003 + c.n * {steps.get(table.name, 1)})"

    def of(self, column: sa.Column[object]) -> str:
        name, value = column.name, f't."{column.name}"'
        if name == "id":
            return f"t.id + c.n * {self._steps[self._table.name]}"
        for key, target, alias in self.references:
            if key == name:
                return f"CASE WHEN {alias}.id IS NULL THEN {value} ELSE {self._moved(target, value)} END"
        if named := _NAMED.get(self._table.name):
            if name == named[1]:
                return self._named(named[0], value)
        special = getattr(self, f"_{self._table.name}_{name}", None) or getattr(
            self, f"_any_{name}", None
        )
        if special is not None:
            return str(special(value))
        return self._later(column, value)

    def _later(self, column: sa.Column[object], value: str) -> str:
        if isinstance(column.type, db.UtcDateTime) and not self._is_car:
            if self._is_sqlite:
                return f"strftime('%Y-%m-%d %H:%M:%f', {value}, (-c.days) || ' days') || '000'"
            return f"{value} - make_interval(days => c.days)"
        if isinstance(column.type, sa.Date) and not self._is_car:
            return (
                f"date({value}, (-c.days) || ' days')" if self._is_sqlite else f"{value} - c.days"
            )
        return value

    def _moved(self, target: str, value: str) -> str:
        copy = "c.n"
        if target in CARS and not self._is_car:
            copy = f"(1 + (c.n - 1) / {VISITS})"
        return f"{value} + {copy} * {self._steps[target]}"

    def _named(self, kind: str, value: str) -> str:
        cases = "".join(
            f"WHEN '{name}' THEN {self._moved(name, value)} " for name in sorted(self._steps)
        )
        return f'CASE t."{kind}" {cases}ELSE {value} END'

    # Numbers of papers: their kind, the day, and what is left of them on that day.

    def _any_no(self, value: str) -> str:
        day = "strftime('%Y%m%d', c.day)" if self._is_sqlite else "to_char(c.day, 'YYYYMMDD')"
        return f"substr({value}, 1, 2) || {day} || '-' || (1000 + c.place * 10 + r.rank % 10)"

    def _any_client_id(self, value: str) -> str:
        return f"substr({value}, 1, 20) || '-' || c.n"

    # One day has more work than eight people can do in full: the places in the plan are short.

    def _slot(self, minutes: str) -> str:
        if self._is_sqlite:
            return f"datetime(c.day, ({minutes}) || ' minutes') || '.000000'"
        return f"c.day::timestamp AT TIME ZONE 'UTC' + make_interval(mins => ({minutes})::int)"

    def _allocation_starts_at(self, _value: str) -> str:
        return self._slot("c.place * 15 + r.rank % 5 * 3")

    def _allocation_lead_starts_at(self, value: str) -> str:
        return f"CASE WHEN {value} IS NULL THEN NULL ELSE {self._allocation_starts_at('')} END"

    def _allocation_ends_at(self, _value: str) -> str:
        return self._slot("c.place * 15 + r.rank % 5 * 3 + 2")

    def _allocation_blocked_until(self, _value: str) -> str:
        return self._slot("c.place * 15 + r.rank % 5 * 3 + 3")

    def _appointment_slot_at(self, _value: str) -> str:
        return self._slot("c.place * 15")

    def _appointment_day(self, _value: str) -> str:
        return "c.day"

    # People and cars who are told apart.

    def _sign(self, signs: str, divisor: int) -> str:
        return f"substr('{signs}', 1 + {self._number} / {divisor} % {len(signs)}, 1)"

    def _customer_name(self, value: str) -> str:
        surname = self._sign(_SURNAMES, 1)
        given = self._sign(_GIVEN, len(_SURNAMES)) + " || " + self._sign(_GIVEN, 7919)
        company = f"{value} || {self._number}"
        return f"CASE WHEN t.kind = 'company' THEN {company} ELSE {surname} || {given} END"

    def _customer_initials(self, value: str) -> str:
        surname = self._sign(_SURNAME_LETTERS, 1)
        letters = (
            f"{self._sign(_GIVEN_LETTERS, len(_SURNAMES))} || {self._sign(_GIVEN_LETTERS, 7919)}"
        )
        return f"CASE WHEN t.kind = 'company' THEN {value} ELSE {surname} || {letters} END"

    def _customer_phone(self, _value: str) -> str:
        return f"'15' || substr(cast(1000000000 + {self._number} * 7 % 1000000000 AS text), 2)"

    def _customer_contact_phone(self, _value: str) -> str:
        return f"'18' || substr(cast(1000000000 + {self._number} * 7 % 1000000000 AS text), 2)"

    def _vehicle_plate(self, value: str) -> str:
        tail = f"substr(cast(100000 + {self._number} % 100000 AS text), 2)"
        plate = f"{self._sign(_PROVINCES, 2400000)} || {self._sign(_LETTERS, 100000)} || {tail}"
        return f"CASE WHEN {value} IS NULL THEN NULL ELSE {plate} END"

    def _vehicle_vin(self, value: str) -> str:
        vin = f"'LGRWX' || substr(cast(1000000000000 + {self._number} AS text), 2)"
        return f"CASE WHEN {value} IS NULL THEN NULL ELSE {vin} END"


def _set_counters(connection: Connection, picked: Picked) -> None:
    """PostgreSQL counts on behind the new rows; SQLite sees them."""
    if connection.dialect.name != "postgresql":
        return
    for name in picked.rows:
        if picked.rows[name]:
            connection.execute(
                sa.text(
                    f"SELECT setval(pg_get_serial_sequence('\"{name}\"', 'id'), "
                    f'(SELECT max(id) FROM "{name}"))'
                )
            )


@contextmanager
def _asleep(connection: Connection) -> Iterator[None]:
    """Without indexes, references and triggers; made again from their own definitions."""
    is_sqlite = connection.dialect.name == "sqlite"
    taken, again = _of_sqlite(connection) if is_sqlite else _of_postgresql(connection)
    _run(connection, *taken)
    yield
    _run(connection, *again)


def _run(connection: Connection, *statements: str) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement, execution_options={"no_parameters": True})


def _of_sqlite(connection: Connection) -> tuple[list[str], list[str]]:
    query = (
        "SELECT type, name, sql FROM sqlite_master "
        "WHERE type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY rowid"
    )
    found = connection.exec_driver_sql(query).all()
    return [f'DROP {kind} "{name}"' for kind, name, _ in found], [sql for _, _, sql in found]


def _of_postgresql(connection: Connection) -> tuple[list[str], list[str]]:
    constraints = connection.exec_driver_sql(
        "SELECT conrelid::regclass::text, quote_ident(conname), pg_get_constraintdef(oid) "
        "FROM pg_constraint WHERE connamespace = 'public'::regnamespace "
        "AND contype IN ('f', 'u', 'x') ORDER BY contype = 'f' DESC, oid"
    ).all()
    indexes = connection.exec_driver_sql(
        "SELECT quote_ident(relname), pg_get_indexdef(oid) FROM pg_class "
        "WHERE relkind = 'i' AND relnamespace = 'public'::regnamespace "
        "AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = pg_class.oid)"
    ).all()
    tables = connection.exec_driver_sql(
        "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal"
    ).scalars()
    guarded = list(tables)
    taken = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in guarded]
    taken += [f"ALTER TABLE {table} DROP CONSTRAINT {name}" for table, name, _ in constraints]
    taken += [f"DROP INDEX {name}" for name, _ in indexes]
    again = [definition for _, definition in indexes]
    again += [
        f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}"
        for table, name, definition in reversed(constraints)
    ]
    again += [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in guarded]
    return taken, again


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    return date.fromisoformat(str(value)[:10])


def fast(dialect: str) -> Iterable[str]:
    """What a connection is told before a fill; the file is thrown away when it fails."""
    if dialect == "sqlite":
        pragmas = ("foreign_keys=OFF", "synchronous=OFF", "journal_mode=OFF", "cache_size=-400000")
        return [f"PRAGMA {each}" for each in pragmas]
    return ["SET synchronous_commit = off", "SET maintenance_work_mem = '512MB'"]
