"""The televisions in the lounges."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk
from workshop.shop.models import Branch


class ScreenDevice(Model):
    """One television: bound to a branch, it may only read, and only until it is revoked.

    The television makes its token itself and shows a pairing code; staff who enter the code make
    the token good. Of the token only a hash is kept.
    """

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    name: Mapped[str] = mapped_column(String(60), default="")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    pairing_code: Mapped[str | None] = mapped_column(String(8), unique=True)
    offered_at: Mapped[datetime]
    locale: Mapped[str] = mapped_column(String(10), default="zh_CN")
    chime: Mapped[bool] = mapped_column(default=False)
    paired_at: Mapped[datetime | None]
    paired_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    last_seen_at: Mapped[datetime | None]
    branch: Mapped[Branch] = relationship(lazy="joined")

    @property
    def is_live(self) -> bool:
        """Whether the token opens the screen."""
        return self.paired_at is not None and self.revoked_at is None
