"""What a row leaves open: one matter with its answers, or two that are asked as one question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

from workshop.setup.imports.kind import LEAVE_OUT, Choice, Plan, Question
from workshop.sheets import Words


@dataclass(frozen=True)
class Option:
    """One answer: its value, its words (msgid), and what it stands for."""

    value: str
    label: str
    of: Any = None


@dataclass(frozen=True)
class Side:
    """One matter that somebody has to decide: for all rows that leave it open, and for this one."""

    name: str
    label: str
    said: Words
    options: tuple[Option, ...]


def ask(side: Side, plan: Callable[[Any], Plan]) -> Question:
    """The question of one matter; `plan` says what is done with what an answer stands for."""
    choices = [Choice(each.value, each.label, plan(each.of)) for each in side.options]
    return Question(side.name, side.label, side.said, (*choices, LEAVE_OUT))


def ask_both(first: Side, second: Side | None, plan: Callable[[Any, Any], Plan]) -> Question:
    """The question of two matters of a row: each answer decides both."""
    if second is None:
        return ask(first, lambda of: plan(of, None))
    choices = [
        Choice(f"{one.value}_{other.value}", one.label, plan(one.of, other.of), other.label)
        for one, other in product(first.options, second.options)
    ]
    return Question(
        f"{first.name}_{second.name}", first.label, first.said, (*choices, LEAVE_OUT),
        second.label, second.said,
    )  # fmt: skip
