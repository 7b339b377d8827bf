"""Lists that people may take along as a file: a package declares each once, in its face."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from werkzeug.datastructures import MultiDict


class Msgid(str):
    """A value that is said in the reader's language."""

    __slots__ = ()


class Unit(str):
    """The unit of a part as the shop writes it; it is shown in the reader's language."""

    __slots__ = ()


# What stands beside the filter in an address or a form.
# SQLite refuses a pattern of 50,000 characters, and nobody types so many.
MOST_TYPED = 200
_NO_FILTER = frozenset({"csrf_token", "page"})


@dataclass(frozen=True)
class Asked:
    """Who asks for a list of which branch, with which filter, and when.

    `args` are those of the page's address; `by` is None where the operator asks at the machine,
    who sees everything.
    """

    branch: Any
    by: Any | None
    args: MultiDict[str, str]
    at: datetime

    def may(self, *rights: Enum) -> bool:
        """Whether the reader holds one of the rights."""
        return self.by is None or bool(self.by.rights & set(rights))

    @property
    def text(self) -> str:
        """What was typed into the page's search, as far as a database looks for it."""
        return self.args.get("q", "").strip()[:MOST_TYPED]

    def day(self, name: str) -> date | None:
        """The day under this name; None when there is none, or it is no day."""
        try:
            return date.fromisoformat(self.args.get(name, ""))
        except ValueError:
            return None

    @property
    def page(self) -> int:
        """The page of a long list, the first being 1."""
        typed = self.args.get("page", "")
        return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 8 else 1

    @property
    def filter(self) -> dict[str, str]:
        """What was filled in of the filter: not the page, and not what is empty."""
        return {
            key: self.args[key] for key in self.args if self.args[key] and key not in _NO_FILTER
        }


@dataclass(frozen=True)
class Column:
    """One column: its head, and what a row says in it; for who holds one of the rights, if any.

    `value` gives a row's own value, such as an enum, a time or a record with a name.
    """

    label: str
    value: Callable[[Any], Any]
    rights: frozenset[Enum] = frozenset()


def money(label: str, fen: Callable[[Any], int | None], *rights: Enum) -> Column:
    """A column of money: yuan as a number that a table program adds up."""
    return Column(label, lambda row: _scaled(fen(row), 2), frozenset(rights))


def amount(label: str, milli: Callable[[Any], int | None]) -> Column:
    """A column of quantities: thousandths of a unit as a number of units."""
    return Column(label, lambda row: _scaled(milli(row), 3))


def within(get: Callable[[Any], Any], columns: Iterable[Column]) -> tuple[Column, ...]:
    """The same columns of a part of the row."""
    return tuple(replace(each, value=_inside(get, each.value)) for each in columns)


def _inside(get: Callable[[Any], Any], value: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda row: value(get(row))


def _scaled(number: int | None, places: int) -> Decimal | None:
    return None if number is None else Decimal(number).scaleb(-places)


@dataclass(frozen=True)
class ListSheet:
    """A list of a page: `name` stands in addresses, `endpoint` says whose rights open it.

    `rows` gives all that the page lists with the same filter, of all its pages, one by one.
    """

    name: str
    label: str
    endpoint: str
    columns: tuple[Column, ...]
    rows: Callable[[Asked], Iterable[Any]]
    # Where only some of those who open the page see the list.
    rights: frozenset[Any] = frozenset()

    def columns_for(self, asked: Asked) -> list[Column]:
        """The columns that the reader may see."""
        return [each for each in self.columns if not each.rights or asked.may(*each.rights)]
