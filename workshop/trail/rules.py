"""What an act's details say: what it was before and what it is after, key by key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Change:
    """One thing that an act said: before (None when it says nothing of that), and after."""

    key: str
    before: Any
    after: Any
    has_before: bool


def read_details(details: Mapping[str, Any]) -> list[Change]:
    """The details as changes: pairs of old and new become one, everything else stands alone."""
    left = dict(details)
    found = [*_changed(left), *_pairs(left), *_was(left)]
    return found + [Change(key, None, value, False) for key, value in left.items() if value != ""]


def _changed(left: dict[str, Any]) -> list[Change]:
    """What an act changed, as `{name: [before, after]}`."""
    changed = left.get("changed")
    if not isinstance(changed, Mapping) or not all(_is_pair(each) for each in changed.values()):
        return []
    left.pop("changed")
    return [Change(key, before, after, True) for key, (before, after) in changed.items()]


def _is_pair(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2


def _pairs(left: dict[str, Any]) -> list[Change]:
    found = []
    for old in [key for key in left if key == "old" or key.startswith("old_")]:
        new = "new" + old.removeprefix("old")
        if new in left:
            key = old.removeprefix("old_") if old != "old" else "changed"
            before, after = left.pop(old), left.pop(new)
            if before != after:
                found.append(Change(key, before, after, True))
    return found


# What `was` stands before, where an act says both beside each other.
_AFTER_WAS = ("now", "state", "no", "discount_fen", "fen", "skills", "week", "ends_at")


def _was(left: dict[str, Any]) -> list[Change]:
    if "was" not in left:
        return []
    was = left.pop("was")
    if isinstance(was, Mapping):
        keys = [key for key in was if key in left]
        if keys:
            found = [Change(key, was[key], left.pop(key), True) for key in keys]
            gone = [Change(key, was[key], None, True) for key in was if key not in keys]
            return [each for each in found + gone if each.before != each.after]
    for key in _AFTER_WAS:
        if key in left:
            return [Change("changed" if key == "now" else key, was, left.pop(key), True)]
    return [Change("was", was, None, True)]
