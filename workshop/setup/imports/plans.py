"""Plans as text: what a row would do is kept from the dry run until it is taken over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any

from workshop.setup.imports.kind import Judgement, Mark, Plan, Put, Ref, Set

ONLY = ""
"""The answer of a row that asks nothing."""


def write(judgement: Judgement) -> str:
    """What the row would do, by answer; empty when it does nothing in any case."""
    question = judgement.question
    if question is None:
        found = {ONLY: judgement.plan} if judgement.plan else {}
    else:
        found = {each.value: each.plan for each in question.choices}
    plain = {answer: [_act(each) for each in plan] for answer, plan in found.items()}
    return _TEXT.encode(plain) if plain else ""


def read(text: str, answer: str) -> list[dict[str, Any]]:
    """What is done with this answer: each act as {put | set, values, …}; see `_act`."""
    acts: list[dict[str, Any]] = json.loads(text).get(answer, []) if text else []
    return acts


def _act(act: Put | Set) -> dict[str, Any]:
    if isinstance(act, Set):
        return {"set": act.table, "id": _value(act.id), "values": _plain(act.values)}
    kept: dict[str, Any] = {"put": act.table, "values": _plain(act.values)}
    if act.ref:
        kept["ref"] = act.ref
    if isinstance(act.part_of, Ref):
        kept["part_of"] = act.part_of.name
    elif act.part_of is not None:
        kept["part_of"] = list(act.part_of)
    return kept


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _value(value) for key, value in values.items()}


def _value(value: Any) -> Any:
    """A value as JSON has it; what is no plain one stands as {"$kind": …}."""
    if isinstance(value, Ref):
        return {"$ref": value.name}
    if isinstance(value, Mark):
        return {"$mark": value.name}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return {"$time": value.isoformat()}
    if isinstance(value, date):
        return {"$day": value.isoformat()}
    if value is None or isinstance(value, (bool, int, str)):
        return value
    return {"$json": value}


_TEXT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def storable(value: Any) -> Any:
    """A value of a table as JSON keeps it, to compare it later or put it back."""
    return _value(value)


def restored(value: Any, refs: Mapping[str, tuple[str, int]], marks: Mapping[str, Any]) -> Any:
    """The value that stands for this piece of a plan."""
    if not isinstance(value, dict):
        return value
    ((kind, plain),) = value.items()
    if kind == "$ref":
        return refs[plain][1]
    if kind == "$mark":
        return marks[plain]
    if kind == "$day":
        return date.fromisoformat(plain)
    return datetime.fromisoformat(plain) if kind == "$time" else plain


__all__ = ["ONLY", "Plan", "read", "restored", "storable", "write"]
