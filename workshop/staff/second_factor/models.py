"""Passkeys, with the columns that the sign-in library asks for."""

from __future__ import annotations

from datetime import datetime

from flask_security.core import WebAuthnMixin
from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk
from workshop.staff.models import User


class Passkey(Model, WebAuthnMixin):
    """A key that a phone, a computer or a stick holds for one person."""

    id: Mapped[intpk]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    credential_id: Mapped[bytes] = mapped_column(unique=True)
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None]
    backup_state: Mapped[bool]
    device_type: Mapped[str] = mapped_column(String(64))
    extensions: Mapped[str | None] = mapped_column(String(255))
    lastuse_datetime: Mapped[datetime]
    name: Mapped[str] = mapped_column(String(64))
    # "first" signs in alone, "secondary" comes after the password: the library's own words.
    usage: Mapped[str] = mapped_column(String(16))
    user: Mapped[User] = relationship(back_populates="webauthn")

    __table_args__ = (UniqueConstraint("user_id", "name"),)
