"""A section of a page that is one line while nothing in it waits for its reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workshop.errors import Missing


@dataclass(frozen=True)
class Fold:
    """What the line of a folded section says; `title` is a msgid, `line` stands in the reader's
    language.

    `gaps` are what the section still owes, and stand in place of the line; `is_open` unfolds it.
    """

    key: str
    title: str
    icon: str
    line: str = ""
    gaps: Sequence[Missing] = ()
    is_done: bool = False
    is_open: bool = False
