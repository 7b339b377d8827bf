"""Years of history behind today: closed orders of a told shop, copied by the database itself.

Each copy takes every row along that hangs on its order, lies on a day of its own before the
shop's first, and has numbers of its own. Today's open work stays as it was told, so what differs
between two sizes is only the past. Indexes, references and guards sleep meanwhile and are made
again at the end, so a past that would break one is found.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import Connection

from tests import words
from tests.bench import bare
from tests.bench.copies import CARS, NAMED, PER_DAY, VISITS, Values, keys_of
from workshop import db

# What is only of today, and what counts by itself.
_OF_TODAY = frozenset({"touched_thing", "hand_over_item", "import_row", "number_series"})
# A closed order of which its maker still owes money, or an old part lies here: today's work.
_STILL_OPEN = (
    "SELECT order_id FROM settlement JOIN settlement_line "
    "ON settlement_line.settlement_id = settlement.id WHERE payer <> 'customer' "
    "UNION SELECT order_id FROM core_return"
)


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
    with bare.asleep(connection):
        _note(connection, picked, orders)
        for table in db.Model.metadata.sorted_tables:
            if picked.rows[table.name]:
                connection.execute(sa.text(_copy(connection.dialect.name, table, picked)))
        words.cut_again(connection)
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
    for column, target in keys_of(table).items():
        query = f'SELECT id, "{column}" FROM "{table.name}" WHERE "{column}" IS NOT NULL'
        for key, value in connection.execute(sa.text(query)):
            yield key, target, value
    if named := NAMED.get(table.name):
        kind, number = named
        query = f'SELECT id, "{kind}", "{number}" FROM "{table.name}" WHERE "{number}" IS NOT NULL'
        for key, name, value in connection.execute(sa.text(query)):
            yield key, str(name), value


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
    bare.run(connection, "ANALYZE grow_copy", "ANALYZE grow_row")


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
    make = Values(dialect, table, picked.steps)
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


def _day(value: object) -> date:
    if isinstance(value, datetime):
        return value.date()
    return date.fromisoformat(str(value)[:10])
