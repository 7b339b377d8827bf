"""What a page of an import shows of one row of its file, and of one question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from workshop.setup.imports import saying
from workshop.setup.imports.models import ImportRow
from workshop.setup.imports.rules import Labelled
from workshop.sheets import Words


@dataclass(frozen=True)
class Answer:
    """One choice of a question: its value, its words, and whether it was given."""

    value: str
    label: list[Labelled]
    is_given: bool


@dataclass(frozen=True)
class Line:
    """A row of the file on the page."""

    row: ImportRow
    cells: list[tuple[str, str]]
    notes: list[Words]
    differences: list[tuple[str, Any, Any]]
    question: list[Words]
    answers: list[Answer]


@dataclass(frozen=True)
class Asked:
    """A question, for all rows that ask it."""

    name: str
    label: list[Labelled]
    count: int
    open_count: int
    answers: list[Answer]


def answers_to(question: Any, given: str) -> list[Answer]:
    """The answers of a question, and which was given."""
    return [
        Answer(value, saying.tell_labels(labels), value == given)
        for value, labels in question["choices"]
    ]
