"""Sentences of a dry run as the database keeps them; each reader gets them in the own language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any

from workshop.errors import WorkshopError
from workshop.setup.imports.kind import Judgement, Note, Question
from workshop.setup.imports.rules import Labelled
from workshop.sheets import Words

Kept = dict[str, Any]


def keep(said: Any) -> Kept:
    """A sentence for the database; `said` has a message and values."""
    values = {key: _value(each) for key, each in said.values.items()}
    return {"message": said.message, "values": values}


def keep_refusal(error: WorkshopError) -> Kept:
    """A refusal for the database."""
    return keep(Words(error.message, error.values))


def tell(kept: Mapping[str, Any]) -> Words:
    """The sentence that was kept."""
    return Words(kept["message"], {key: _told(each) for key, each in kept["values"].items()})


def of_row(judgement: Judgement, warnings: list[Note]) -> Kept | None:
    """All that is said of a row; None when there is nothing to say."""
    kept: Kept = {}
    notes = [*warnings, *judgement.notes]
    if notes:
        kept["notes"] = [{"column": each.column, **keep(each.said)} for each in notes]
    if judgement.differences:
        kept["differences"] = [
            [each.label, _value(each.before), _value(each.after)] for each in judgement.differences
        ]
    if judgement.question is not None:
        kept["question"] = _question(judgement.question)
    return kept or None


def _question(question: Question) -> Kept:
    more = [] if question.also is None else [keep(question.also)]
    return {
        "label": _labels(question.label, question.also_label),
        **keep(question.said),
        "more": more,
        "choices": [[each.value, _labels(each.label, each.also)] for each in question.choices],
    }


def _labels(label: str, also: str) -> list[str]:
    return [label, also] if also else [label]


def tell_question(kept: Mapping[str, Any]) -> list[Words]:
    """The sentences of a question that was kept: one on each matter that it decides."""
    return [tell(kept), *(tell(each) for each in kept.get("more", ()))]


def tell_labels(kept: list[str]) -> list[Labelled]:
    """The words of an answer, or of a question for all rows."""
    return [Labelled(each) for each in kept]


def show_value(kept: Any) -> Any:
    """A value of a difference as it can be shown."""
    return _told(kept)


def _value(value: Any) -> Any:
    label = getattr(value, "label", None)
    if isinstance(label, str):
        return {"$label": label}
    if isinstance(value, (list, tuple)):
        return [_value(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _told(value: Any) -> Any:
    if isinstance(value, list):
        return [_told(each) for each in value]
    return Labelled(value["$label"]) if isinstance(value, dict) else value
