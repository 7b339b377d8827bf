"""The one error tree. A refusal carries words, values and the field it concerns.

Messages are English msgids with %(name)s placeholders; the edge translates them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any


def N_(message: str) -> str:  # noqa: N802 - the name that message extraction looks for.
    """Mark a text for translation where it is written; it is translated where it is shown."""
    return message


class Minutes(int):
    """A length of time in a sentence; it is shown in hours and minutes."""


@dataclass(frozen=True)
class Way:
    """The page on which what a refusal advises can be done: its endpoint, and the link's words.

    Who may open it is what the page itself declares; who may not reads who may.
    """

    endpoint: str
    label: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Instead:
    """Who may do instead what the reader may not: whoever holds one of these rights.

    Roles are the shop's own to change, so no sentence names one; who it is by now is asked when the
    sentence is shown. `another` where the rule wants a second person, whatever the reader may.
    """

    rights: frozenset[str]
    another: bool = False


class WorkshopError(Exception):
    """A refusal in words.

    `message` is a msgid, `values` fill its placeholders, `field` names the form field at fault
    and `code` is a stable short name for programs. What advises something has the `way` to it.
    """

    code = "error"

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        code: str | None = None,
        way: Way | Instead | None = None,
        **values: Any,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.values = values
        self.field = field
        self.way = way
        if code is not None:
            self.code = code

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message


class NotFound(WorkshopError):
    """What was asked for does not exist, or not for this person."""

    code = "not_found"


class RuleBroken(WorkshopError):
    """A rule of the shop forbids it now; `missing` lists the facts that are not there yet."""

    code = "rule_broken"

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        code: str | None = None,
        missing: Iterable[Missing] = (),
        way: Way | Instead | None = None,
        **values: Any,
    ) -> None:
        super().__init__(message, field=field, code=code, way=way, **values)
        self.missing = list(missing)


class Conflict(WorkshopError):
    """Somebody else changed the record meanwhile; both versions are shown (label → value)."""

    code = "conflict"

    def __init__(
        self,
        message: str,
        *,
        theirs: Mapping[str, Any] | None = None,
        yours: Mapping[str, Any] | None = None,
        **values: Any,
    ) -> None:
        super().__init__(message, **values)
        self.theirs = dict(theirs or {})
        self.yours = dict(yours or {})


class NotAllowed(WorkshopError):
    """This person may not do it."""

    code = "not_allowed"


class Invalid(WorkshopError):
    """A value is wrong in itself; `field` says which."""

    code = "invalid"


@dataclass(frozen=True)
class Missing:
    """One fact a gate waits for. The page shows it beside the disabled button."""

    message: str
    code: str
    values: Mapping[str, Any] = field(default_factory=dict)
    way: Way | Instead | None = None

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message


def require(missing: Iterable[Missing]) -> None:
    """Raise RuleBroken that names the first missing fact and carries all; pass when none is."""
    found = list(missing)
    if found:
        first = found[0]
        raise RuleBroken(
            first.message, code=first.code, missing=found, way=first.way, **first.values
        )
