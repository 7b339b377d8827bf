"""What a package brings to the program, told in its `__init__.py`: the package's face."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from types import ModuleType
from typing import Any

from flask import Blueprint

from workshop.errors import N_, Missing
from workshop.listing import ListSheet

FRONT_DESK = N_("Front desk")
WORKSHOP = N_("Workshop")
COMPLETION = N_("Completion")
SHOP = N_("Shop")

# Nothing below the packages knows an order, so the types of what concerns one stay open here.
Gate = Callable[[Any], list[Missing]]
Effects = Callable[[Any], list[Any]]
Ties = Callable[[Any, Any, Any], list[Any]]
Ticker = Callable[[Any], Any]


@dataclass(frozen=True)
class Entry:
    """One line of the menu, under the heading `group`, for who holds one of the rights.

    `is_shown` is asked too, for a page that some day nobody needs in the menu any more.
    """

    endpoint: str
    label: str
    icon: str
    group: str
    rights: frozenset[Enum]
    is_shown: Callable[[], bool] | None = None


@dataclass(frozen=True)
class Deed:
    """What the running demo does with an order that has waited for the step so many shop minutes.

    `act` takes the order and the time.
    """

    minutes: int
    act: Callable[[Any, Any], None]


@dataclass(frozen=True)
class Face:
    """What a package brings; the application reads it and knows no package otherwise.

    `pages` are the modules that hang their pages on the blueprint; `permissions` are those that
    open its pages; `jobs` are functions of the timers, each with the shop seconds between two
    runs; `missing` says what an order still needs in the step, `tick` how far the step is with it,
    `effects` what it did that a cancellation takes back, `ties` what is open
    between a car's owner and it; `deed` is for a step whose people the demo
    does not play itself; `duties` are what it binds to one person; `lists` are those of its pages
    that may be taken along as a file.
    """

    blueprint: Blueprint
    pages: tuple[ModuleType, ...]
    permissions: frozenset[Enum] = frozenset()
    menu: tuple[Entry, ...] = ()
    jobs: tuple[tuple[Callable[[], None], int], ...] = ()
    missing: Gate | None = None
    tick: Ticker | None = None
    effects: Effects | None = None
    ties: Ties | None = None
    deed: Deed | None = None
    # Each a `staff.duty.Duty`, which lies above this floor.
    duties: tuple[Any, ...] = ()
    lists: tuple[ListSheet, ...] = ()
