"""What a page asks for row by row, read for all its rows in one statement.

A page that shows sixty orders asks each for its car, its lines, its bill. The first question is
answered for all records of that kind that the page has at hand, the others from what was found.
Only while nothing is written: an act reads what it changes itself, at the moment when it does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import sqlalchemy as sa
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.engine import FrozenResult, IteratorResult, Result
from sqlalchemy.engine.result import SimpleResultMetaData
from sqlalchemy.orm import (
    InstanceState,
    Mapper,
    ORMExecuteState,
    RelationshipDirection,
    RelationshipProperty,
)
from sqlalchemy.orm.attributes import set_committed_value

from workshop import db
from workshop.db import Model, session

T = TypeVar("T")
# Engines bound how many keys one statement may name.
_MOST = 500
_HELD = "held together"
_ALL = frozenset({Model})


def init_app(_app: Flask) -> None:
    """Answer relations for all rows of a page as well."""
    for name, listener in (
        ("do_orm_execute", _answer_once),
        ("after_transaction_end", _let_go),
    ):
        if not event.contains(session, name, listener):
            event.listen(session, name, listener)


def read(
    table: sa.FromClause,
    key: int,
    name: str,
    find: Callable[[Sequence[int]], Mapping[int, T]],
    kinds: Collection[type[Model]] | None = None,
) -> T | None:
    """What `find` gives for the record of this table and key, asked for all of it at hand.

    An act asks for the one alone; with `kinds` it remembers the answer until one of these is
    written, as by `db.remember`.
    """
    if not db.only_reads():
        if kinds is None:
            return find([key]).get(key)
        return db.remember((name, table, key), kinds, lambda: find([key]).get(key))
    known: dict[int, T | None] = db.remember((name, table), kinds or _ALL, dict)
    if key not in known:
        keys = _list_keys(table, key, known)
        found = find(keys)
        known.update((each, found.get(each)) for each in keys)
    return known[key]


def list_of(
    key: int,
    name: str,
    query: Callable[[], sa.Select[T]],
    column: Any,
    kinds: Collection[type[Model]] | None = None,
) -> list[T]:
    """What the query finds whose `column` names this record by its key, in the query's order.

    The name stands for the query: it is made once a process, for making it takes as long as
    asking it does.
    """
    known_as = (name, column.class_, column.key)
    asked = _asked.get(known_as)
    if asked is None:
        keys: sa.BindParameter[Sequence[int]] = sa.bindparam("keys", expanding=True)
        statement = query().add_columns(column).where(column.in_(keys))
        asked = _asked[known_as] = (_table_named_by(column), _Finder(statement))
    return list(read(asked[0], key, name, asked[1], kinds) or ())


@dataclass(frozen=True)
class _Finder:
    """By key: what a statement finds for each."""

    statement: sa.Select[Any]

    def __call__(self, keys: Sequence[int]) -> Mapping[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        for each, of in session.execute(self.statement, {"keys": keys}):
            found[of].append(each)
        return found


_asked: dict[tuple[str, type[Model], str], tuple[sa.FromClause, _Finder]] = {}


def _table_named_by(column: Any) -> sa.FromClause:
    """The table whose keys stand in this column: its own, or the one it points at."""
    (own,) = column.property.columns
    # A guard may point at another column as well; a record is named by its key.
    keys = (each.column for each in own.foreign_keys if each.column.primary_key)
    return next((each.table for each in keys), own.table)


def _list_keys(table: sa.FromClause, key: int, known: Collection[int]) -> list[int]:
    states = (each for each in session().identity_map.all_states() if _table_of(each) is table)
    keys = (int(each.identity[0]) for each in states if each.identity)
    return [key, *(each for each in keys if each != key and each not in known)][:_MOST]


def _table_of(state: InstanceState[Any]) -> sa.FromClause:
    return state.mapper.local_table


def _list_states(mapper: Mapper[Any]) -> Iterator[InstanceState[Any]]:
    return (each for each in session().identity_map.all_states() if each.mapper is mapper)


def _answer_once(asked: ORMExecuteState) -> Result[Any] | None:
    """A page that only reads hears the same answer when it asks the same again."""
    if not asked.is_select:
        # It writes rows without their records: nobody knows which.
        asked.session.info.pop(db.MEMORY, None)
        return None
    if not db.only_reads() or asked.is_column_load or asked.load_options._populate_existing:
        return None
    if asked.is_relationship_load:
        return _answer_for_all(asked)
    key = _key_of(asked)
    if key is None:
        return None
    known: dict[Any, FrozenResult[Any]] = db.remember("answers", _ALL, dict)
    if key not in known:
        result = asked.invoke_statement()
        if getattr(result, "_unique_filter_state", None):
            return result  # Its rows are told apart by who asked.
        known[key] = result.freeze()
    return known[key]()


def _key_of(asked: ORMExecuteState) -> tuple[Any, ...] | None:
    """What the statement asks, with its values; None for one that cannot be told by that."""
    made = cast(sa.Select[Any], asked.statement)._generate_cache_key()
    if made is None or asked.parameters:
        return None
    values = [each.effective_value for each in made.bindparams]
    if any(isinstance(each, dict | set) for each in values):
        return None
    return (*made.key, *(tuple(each) if isinstance(each, list) else each for each in values))


def _answer_for_all(asked: ORMExecuteState) -> IteratorResult[Any] | None:
    """A relation that is asked of one record is read for all like it; None: for that one alone."""
    owner = asked.lazy_loaded_from
    if owner is None:
        return None
    path: Any = asked.loader_strategy_path
    relation: RelationshipProperty[Any] = path[-1]
    others = [
        each
        for each in _list_states(owner.mapper)
        if each is not owner and relation.key not in each.dict and not each.expired
    ][: _MOST - 1]
    if not others or len(owner.mapper.primary_key) != 1:
        return None
    with session.no_autoflush:
        if relation.direction is RelationshipDirection.MANYTOONE:
            return _read_targets(relation, owner, others)
        return _read_members(relation, owner, others)


def _read_targets(
    relation: RelationshipProperty[Any], owner: InstanceState[Any], others: list[InstanceState[Any]]
) -> IteratorResult[Any] | None:
    """What the records point at: once it is in the session, each finds its own there."""
    target, key = relation.mapper, _find_key(relation)
    if key is None:
        return None
    known = session().identity_map
    wanted = {each.dict.get(key) for each in others} - {None, owner.dict[key]}
    missing = [
        each for each in wanted if target.identity_key_from_primary_key((each,)) not in known
    ]
    if not missing:
        return None
    query = select(target).where(target.primary_key[0].in_([owner.dict[key], *missing]))
    found = session.scalars(query).unique().all()
    # The session itself forgets what nobody holds.
    session().info.setdefault(_HELD, []).extend(found)
    mine = [each for each in found if sa.inspect(each).identity == (owner.dict[key],)]
    return _result(mine)


def _find_key(relation: RelationshipProperty[Any]) -> str | None:
    """The attribute that holds the key of the record pointed at."""
    pairs = relation.local_remote_pairs or []
    if len(pairs) != 1 or pairs[0][1] is not relation.mapper.primary_key[0]:
        return None
    return relation.parent.get_property_by_column(pairs[0][0]).key


def _read_members(
    relation: RelationshipProperty[Any], owner: InstanceState[Any], others: list[InstanceState[Any]]
) -> IteratorResult[Any]:
    """What points at the records: each gets its own."""
    (key,) = owner.mapper.primary_key
    states = {each.identity[0]: each for each in [owner, *others] if each.identity}
    query = select(key, relation.mapper).join(relation.class_attribute).where(key.in_(states))
    found: dict[int, list[Any]] = defaultdict(list)
    for of, member in session.execute(query.order_by(*relation.order_by or ())).unique():
        found[of].append(member)
    for of, state in states.items():
        if state is not owner:
            members = found[of] if relation.uselist else next(iter(found[of]), None)
            set_committed_value(state.obj(), relation.key, members)
    return _result(found[owner.identity[0]] if owner.identity else [])


def _result(records: Sequence[Any]) -> IteratorResult[Any]:
    return IteratorResult(SimpleResultMetaData(["record"]), iter([(each,) for each in records]))


def _let_go(of: Any, transaction: Any) -> None:
    if transaction.parent is None:
        of.info.pop(_HELD, None)
