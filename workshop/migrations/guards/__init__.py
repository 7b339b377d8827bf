"""The guards of each package, as SQL for SQLite and for PostgreSQL."""

from __future__ import annotations

import importlib
import pkgutil
import re


def statements(dialect: str) -> list[str]:
    """All guards for the dialect ("sqlite" or "postgresql"), by module name."""
    found: list[str] = []
    for module in sorted(each.name for each in pkgutil.iter_modules(__path__)):
        upgrade = importlib.import_module(f"{__name__}.{module}").UPGRADE
        found.extend(upgrade[dialect])
    return found


def names(dialect: str) -> list[str]:
    """What the guards of the dialect are called: triggers, and constraints beside the models'."""
    pattern = re.compile(r"(?:CREATE TRIGGER|ADD CONSTRAINT)\s+(\w+)")
    return [name for each in statements(dialect) for name in pattern.findall(each)]
