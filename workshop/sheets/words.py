"""What is said of a file or a cell: words that the edge translates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from workshop.errors import Invalid


@dataclass(frozen=True)
class Words:
    """A sentence and what fills its places; `message` is a msgid."""

    message: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message


class Unreadable(Invalid):
    """A file that cannot be read; the sentence says why, and what to do about it."""

    code = "unreadable"
