"""Sessions on the server's side, and sign-ins that failed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk
from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.staff.floor.models import FloorDevice
from workshop.staff.models import User


class SignInWay(LabelledEnum):
    """What somebody proved themselves with."""

    PASSWORD = "password", N_("Password")
    LINK = "link", N_("One-time link")
    PASSKEY = "passkey", N_("Passkey")
    PIN = "pin", N_("PIN on a shared device")
    DEMO = "demo", N_("Demo")


class SignIn(Model):
    """One session of a person in one browser; the cookie holds a token, this row its hash.

    Once it has ended, the database refuses to let it live again.
    """

    id: Mapped[intpk]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    way: Mapped[SignInWay]
    agent: Mapped[str] = mapped_column(String(200), default="")
    address: Mapped[str] = mapped_column(String(64), default="")
    device_id: Mapped[int | None] = mapped_column(ForeignKey("floor_device.id"), index=True)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    user: Mapped[User] = relationship(foreign_keys=[user_id])
    device: Mapped[FloorDevice | None] = relationship()


class SignInFailure(Model):
    """How often a name was tried and did not fit from one place since it last fitted.

    Both are kept as hashes: a name that does not exist is counted like any other.
    """

    id: Mapped[intpk]
    name_hash: Mapped[str] = mapped_column(String(64))
    place_hash: Mapped[str] = mapped_column(String(64))
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)

    __table_args__ = (
        UniqueConstraint("name_hash", "place_hash"),
        CheckConstraint("count > 0", name="count"),
    )
