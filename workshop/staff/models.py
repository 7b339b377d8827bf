"""People who work here, their roles, and the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk
from workshop.staff.permissions import Permission, RoleName

role_user = sa.Table(
    "role_user",
    Model.metadata,
    sa.Column("role_id", ForeignKey("role.id"), primary_key=True),
    sa.Column("user_id", ForeignKey("user.id"), primary_key=True, index=True),
)


class Role(Model, RoleMixin):
    """A set of permissions under a name; begins as a preset, and a manager may change it."""

    id: Mapped[intpk]
    name: Mapped[str] = mapped_column(String(40), unique=True)
    permissions: Mapped[list[str]] = mapped_column(sa.JSON)

    @property
    def label(self) -> str:
        return RoleName(self.name).label


class KnownPermission(Model):
    """A permission that the roles of this database were asked about; a later one is new."""

    name: Mapped[str] = mapped_column(String(40), primary_key=True)


class User(Model, UserMixin):
    """A person with a sign-in. Leaving the firm makes it inactive; it is never deleted."""

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    username: Mapped[str] = mapped_column(String(64), unique=True)
    # Staff sign in by name; not everybody in a workshop has a mail address.
    email: Mapped[str | None] = mapped_column(String(254))  # type: ignore[assignment]
    display_name: Mapped[str] = mapped_column(String(64))
    phone: Mapped[str | None] = mapped_column(String(32))
    # Nobody has a password before the one-time link was used.
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    locale: Mapped[str] = mapped_column(String(10), default="zh_CN")
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    # How often a new one-time link was made: each ends the ones before it.
    links_made: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    # Loaded when somebody asks what the user may do: most queries that join a user never do.
    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]  # Our own Role.
        secondary=role_user
    )

    @property
    def rights(self) -> frozenset[Permission]:
        """All permissions that the user's roles add up to."""
        return frozenset(Permission(name) for role in self.roles for name in role.permissions)

    def may(self, permission: Permission) -> bool:
        """Whether this active user holds the permission."""
        return self.active and permission in self.rights

    def is_(self, role: RoleName) -> bool:
        """Whether this user holds the role."""
        return any(held.name == role.value for held in self.roles)

    @property
    def role_label(self) -> str:
        """The msgid of the user's first role, for the page head."""
        return self.roles[0].label if self.roles else ""


class AuditEntry(Model):
    """Who did what to what. Append-only: the database refuses an update or a delete."""

    id: Mapped[intpk]
    at: Mapped[datetime] = mapped_column(index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    action: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str | None] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    by: Mapped[User | None] = relationship()

    __table_args__ = (sa.Index("ix_audit_entry_subject", "subject", "subject_id"),)
