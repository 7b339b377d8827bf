"""What a life of a table is made of, and the records that stand at its beginning."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import select

from tests.factories import make_user
from workshop.db import Model, session
from workshop.orders.flow import Stage
from workshop.orders.models import Job, RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName


@dataclass(frozen=True)
class On:
    """The way on from a state: who makes the record, who opens which page, what is pressed there.

    `page` is filled with the `row`; `press` is a pattern of the end of the form's address. After it
    the record has left the state. They come `minutes` after the told moment.
    """

    make: Callable[[], Any]
    by: RoleName | Callable[[Any], User]
    page: str | Callable[[Any], str]
    press: str
    typed: dict[str, str] = field(default_factory=dict)
    minutes: int = 0

    def person(self, row: Any) -> User:
        """Who presses."""
        return as_(self.by) if isinstance(self.by, RoleName) else self.by(row)

    def address(self, row: Any) -> str:
        """Where they press."""
        page = self.page if isinstance(self.page, str) else self.page(row)
        job = session.get(Job, getattr(row, "job_id", None) or 0)
        return page.format(row=row, job=job)

    def pattern(self, row: Any) -> str:
        """What they press."""
        return self.press.format(row=row)


@dataclass(frozen=True)
class Last:
    """Nothing has to follow; `why` is said to the next reader."""

    why: str


_Row = TypeVar("_Row", bound=Model)
Life = dict[str, On | Last]


def told(stage: Stage) -> Callable[[], RepairOrder]:
    """The oldest order of the told day that is in the stage."""

    def find() -> RepairOrder:
        query = select(RepairOrder).where(RepairOrder.stage == stage).order_by(RepairOrder.id)
        found = session.scalars(query).first()
        assert found is not None, stage
        return found

    return find


def newest(kind: type[_Row], **values: Any) -> _Row:
    """The record of this kind that was made last."""
    query = select(kind).filter_by(**values)
    found = session.scalars(query.order_by(kind.id.desc())).first()  # type: ignore[attr-defined]  # Every table has one.
    assert found is not None, kind
    return found


def after(act: Callable[[], Any], kind: type[_Row]) -> Callable[[], _Row]:
    """What the act has made."""

    def do() -> _Row:
        act().do()
        session.flush()
        return newest(kind)

    return do


def of_act(act: Callable[[], Any]) -> Callable[[], Any]:
    """What the act is about to change."""
    return lambda: act().on


def as_(role: RoleName) -> User:
    """Somebody of this role and no other."""
    return make_user(role)
