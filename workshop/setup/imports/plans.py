"""Plans as text: what a row would do is kept from the dry run until it is taken over.

An act is {put | set: table, values}, and beside it apart what is no plain value: `refs`, `marks`,
`days`, `times` and `hours`, each by column. A plain one needs no look then, of which there are
millions.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import Enum
from typing import Any

from workshop.setup.imports.kind import Judgement, Mark, Put, Ref, Set

ONLY = ""
"""The answer of a row that asks nothing."""
Act = dict[str, Any]


def write(judgement: Judgement) -> str:
    """What the row would do, by answer; empty when it does nothing in any case."""
    question = judgement.question
    if question is None:
        found = {ONLY: judgement.plan} if judgement.plan else {}
    else:
        found = {each.value: each.plan for each in question.choices}
    plain = {answer: [_act(each) for each in plan] for answer, plan in found.items()}
    return _TEXT.encode(plain) if plain else ""


_TEXT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def read(text: str, answer: str) -> list[Act]:
    """What is done with this answer."""
    acts: list[Act] = json.loads(text).get(answer, []) if text else []
    return acts


def _act(act: Put | Set) -> Act:
    kept: Act = apart(act.values)
    if isinstance(act, Set):
        own = {"ref": act.id.name} if isinstance(act.id, Ref) else {"id": act.id}
        return {"set": act.table, **own, **kept}
    if act.ref:
        kept["ref"] = act.ref
    if isinstance(act.part_of, Ref):
        kept["part_of"] = act.part_of.name
    elif act.part_of is not None:
        kept["part_of"] = list(act.part_of)
    return {"put": act.table, **kept}


def apart(values: Mapping[str, Any]) -> Act:
    """Values as JSON has them: the plain ones, and by their kind those that are not."""
    kept: Act = {"values": {}}
    for name, value in values.items():
        kind, plain = _told(value)
        kept.setdefault(kind, {})[name] = plain
    return kept


def _told(value: Any) -> tuple[str, Any]:
    if isinstance(value, Ref):
        return "refs", value.name
    if isinstance(value, Mark):
        return "marks", value.name
    if isinstance(value, Enum):
        return "values", value.value
    if isinstance(value, datetime):
        return "times", value.isoformat()
    if isinstance(value, time):
        return "hours", value.isoformat()
    return ("days", value.isoformat()) if isinstance(value, date) else ("values", value)


def together(
    act: Act,
    refs: Mapping[str, tuple[str, int]] | None = None,
    marks: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The values of an act, or what `apart` made of a row, as they are written."""
    values: dict[str, Any] = dict(act["values"])
    for name, ref in act.get("refs", _NONE).items():
        values[name] = (refs or _NONE)[ref][1]
    for name, mark in act.get("marks", _NONE).items():
        known = (marks or _NONE)[mark]
        values[name] = known() if callable(known) else known
    for name, day in act.get("days", _NONE).items():
        values[name] = date.fromisoformat(day)
    for name, moment in act.get("times", _NONE).items():
        values[name] = datetime.fromisoformat(moment)
    for name, hour in act.get("hours", _NONE).items():
        values[name] = time.fromisoformat(hour)
    return values


_NONE: dict[str, Any] = {}
