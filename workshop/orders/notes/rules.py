"""How long a note may be corrected, and whom its words name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

CORRECTABLE = timedelta(minutes=10)


def is_correctable(written_at: datetime, at: datetime) -> bool:
    """Whether the writer may still change the words; later a new note says it."""
    return at < written_at + CORRECTABLE


def named_in(text: str, names: Iterable[tuple[int, str]]) -> set[int]:
    """The people whom the words name with an @ before the name; the longest name counts."""
    found: set[int] = set()
    for user_id, name in sorted(names, key=lambda each: -len(each[1])):
        if name and f"@{name}" in text:
            found.add(user_id)
            text = text.replace(f"@{name}", "")
    return found
