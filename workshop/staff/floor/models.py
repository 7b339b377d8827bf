"""The phones and tablets that the floor shares."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from workshop.db import Model, intpk


class FloorDevice(Model):
    """A shared device: it shows a code, staff who enter the code make its token good.

    On it people of the floor sign in by a PIN. Of the token only a hash is kept.
    """

    id: Mapped[intpk]
    # Known once somebody of a branch has paired it.
    branch_id: Mapped[int | None] = mapped_column(ForeignKey("branch.id"), index=True)
    name: Mapped[str] = mapped_column(String(60), default="")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    pairing_code: Mapped[str | None] = mapped_column(String(8), unique=True)
    offered_at: Mapped[datetime]
    paired_at: Mapped[datetime | None]
    paired_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    revoked_at: Mapped[datetime | None]
    revoked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    last_seen_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("paired_at IS NULL OR branch_id IS NOT NULL", name="paired_to_a_branch"),
    )

    @property
    def is_live(self) -> bool:
        """Whether people may sign in on it."""
        return self.paired_at is not None and self.revoked_at is None
