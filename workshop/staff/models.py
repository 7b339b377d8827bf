"""People who work here, their roles, and the audit trail."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import sqlalchemy as sa
from flask_security.core import RoleMixin, UserMixin
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk
from workshop.staff.permissions import Permission, RoleName

if TYPE_CHECKING:
    from workshop.staff.second_factor.models import Passkey

role_user = sa.Table(
    "role_user",
    Model.metadata,
    sa.Column("role_id", ForeignKey("role.id"), primary_key=True),
    sa.Column("user_id", ForeignKey("user.id"), primary_key=True, index=True),
)


class Role(Model, RoleMixin):
    """A set of permissions under a name; begins as a preset, and a manager may change it.

    A shop's own role has a made-up `name` for programs and two names for people; a preset has its
    words in the program.
    """

    id: Mapped[intpk]
    name: Mapped[str] = mapped_column(String(40), unique=True)
    permissions: Mapped[list[str]] = mapped_column(sa.JSON)
    name_zh: Mapped[str | None] = mapped_column(String(40))
    name_en: Mapped[str | None] = mapped_column(String(40))
    # The preset that an own role was copied from: where the program asks for that, it counts as it.
    copied_from: Mapped[str | None] = mapped_column(String(40))
    retired_at: Mapped[datetime | None]
    # Who holds it signs in with a second factor.
    needs_second_factor: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    @property
    def preset(self) -> RoleName | None:
        """The preset that this role is; None for a shop's own."""
        return next((each for each in RoleName if each.value == self.name), None)

    @property
    def label(self) -> str:
        """The msgid of a preset's name; for an own role its two names, which need no words."""
        preset = self.preset
        return preset.label if preset else both_names(self.name_zh or "", self.name_en or "")

    @property
    def shown(self) -> RoleName | str:
        """What two versions of a person's roles show of it: a preset is said in words."""
        return self.preset or self.label

    def counts_as(self, role: RoleName) -> bool:
        """Whether it is this preset, or an own role that was copied from it."""
        return role.value in (self.name, self.copied_from)


def both_names(zh: str, en: str) -> str:
    """The two names of an own role as one text; one name is enough where both are the same."""
    return zh if zh == en else f"{zh} / {en}"


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
    # Only a hash; it opens nothing but the shared devices of the floor.
    pin_hash: Mapped[str | None] = mapped_column(String(255))
    # The second factor, under the names that the sign-in library asks for.
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    # The time step of the last code that fitted: a code is good once.
    totp_counter: Mapped[int | None] = mapped_column(sa.BigInteger)
    mf_recovery_codes: Mapped[list[str] | None]
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(  # type: ignore[assignment]
        String(64), index=True, unique=True
    )
    # What a manager did to the sign-in, until the person has read it.
    reset_note: Mapped[str | None] = mapped_column(String(200))
    reset_at: Mapped[datetime | None]
    # Loaded when somebody asks what the user may do: most queries that join a user never do.
    roles: Mapped[list[Role]] = relationship(  # type: ignore[assignment]  # Our own Role.
        secondary=role_user
    )
    webauthn: Mapped[list[Passkey]] = relationship(  # type: ignore[assignment]  # Our own class.
        "Passkey", back_populates="user", order_by="Passkey.id"
    )
    # Messages with a code are not offered; the library sets it all the same.
    tf_phone_number = cast("str | None", None)
    # How far this session reaches; None for all that the roles give.
    reach = cast("frozenset[Permission] | None", None)
    # Whether a role asks for a second factor, and this session has begun without one.
    needs_second_factor = False

    @property
    def rights(self) -> frozenset[Permission]:
        """All permissions that the user's roles add up to, as far as this session reaches."""
        held = _named(tuple(name for role in self.roles for name in role.permissions))
        return held if self.reach is None else held & self.reach

    def may(self, permission: Permission) -> bool:
        """Whether this active user holds the permission."""
        return self.active and permission in self.rights

    def is_(self, role: RoleName) -> bool:
        """Whether this user holds the role."""
        return any(held.counts_as(role) for held in self.roles)

    @property
    def role_label(self) -> str:
        """The msgid of the user's first role, for the page head."""
        return self.roles[0].label if self.roles else ""


@lru_cache(maxsize=256)
def _named(names: tuple[str, ...]) -> frozenset[Permission]:
    """The permissions of these names; a page asks for those of its reader dozens of times."""
    return frozenset(Permission(name) for name in names)


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
