"""What somebody tries to do, and with which words it is refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.factories import make_user
from workshop.staff.models import User
from workshop.staff.permissions import RoleName


@dataclass(frozen=True)
class Try:
    """One press of one person: where it leads, what it sends, and the refusal in words."""

    by: User
    url: str
    words: str
    data: dict[str, Any] = field(default_factory=dict)
    status: int = 409


Moment = Callable[[], list[Try]]


def advisor() -> User:
    """An advisor who serves somebody else."""
    return make_user(RoleName.SERVICE_ADVISOR)


def cashier() -> User:
    """A cashier."""
    return make_user(RoleName.CASHIER)


def manager() -> User:
    """A service manager."""
    return make_user(RoleName.SERVICE_MANAGER)


def clerk() -> User:
    """A parts clerk."""
    return make_user(RoleName.PARTS_CLERK)


def controller() -> User:
    """A job controller."""
    return make_user(RoleName.JOB_CONTROLLER)
