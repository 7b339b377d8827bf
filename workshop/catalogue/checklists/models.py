"""Lists in versions: what is asked in each, as it was asked. A published version never changes."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.catalogue.checklists.rules import (
    Bond,
    ItemKind,
    Limits,
    Places,
    Use,
    VersionState,
)
from workshop.db import BilingualName, Model, intpk, partial_index
from workshop.staff.models import User


class Checklist(Model, BilingualName):
    """A list of a use: the general one, one for a kind of job, a template, the words of a step."""

    id: Mapped[intpk]
    use: Mapped[Use]
    # Which of several lists of the use: a kind of job, a template, a step; empty: the general one.
    topic: Mapped[str] = mapped_column(String(40))
    # Of a kind of job: beginnings of operation codes and skill codes, parted by blanks.
    codes: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    # Of a template: whether one touch may say that a whole group of looked-at lines is in order.
    green_groups: Mapped[bool] = mapped_column(default=False, server_default=sa.false())

    __table_args__ = (UniqueConstraint("use", "topic"),)

    @property
    def is_needed(self) -> bool:
        """Whether the program asks it, so that it stays in use."""
        return self.use.is_needed and not self.topic


class ChecklistVersion(Model):
    """One wording of a list: a draft, the one in use, or an earlier one."""

    id: Mapped[intpk]
    checklist_id: Mapped[int] = mapped_column(ForeignKey("checklist.id"), index=True)
    no: Mapped[int]
    state: Mapped[VersionState] = mapped_column(default=VersionState.DRAFT)
    note: Mapped[str] = mapped_column(String(200), default="")
    made_at: Mapped[datetime]
    # None: it came with the program.
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    replaced_at: Mapped[datetime | None]
    checklist: Mapped[Checklist] = relationship(lazy="joined")
    made_by: Mapped[User | None] = relationship(foreign_keys=[made_by_id])
    published_by: Mapped[User | None] = relationship(foreign_keys=[published_by_id])
    items: Mapped[list[ChecklistItem]] = relationship(
        back_populates="version",
        order_by="(ChecklistItem.position, ChecklistItem.id)",
        cascade="all, delete-orphan",
    )

    __table_args__ = (
        UniqueConstraint("checklist_id", "no"),
        partial_index("uq_checklist_version_current", "checklist_id", where="state = 'current'"),
        partial_index("uq_checklist_version_draft", "checklist_id", where="state = 'draft'"),
        CheckConstraint("(state = 'draft') = (published_at IS NULL)", name="published"),
        CheckConstraint("(state = 'past') = (replaced_at IS NOT NULL)", name="replaced"),
    )


class ChecklistItem(Model):
    """One line of a version. Of words, the title says when and the standard what is said.

    Limits are thousandths of the unit; the law's own ends are kept beside them.
    """

    id: Mapped[intpk]
    version_id: Mapped[int] = mapped_column(ForeignKey("checklist_version.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    group_zh: Mapped[str] = mapped_column(String(80), default="")
    group_en: Mapped[str] = mapped_column(String(80), default="")
    title_zh: Mapped[str] = mapped_column(String(200))
    title_en: Mapped[str] = mapped_column(String(200))
    standard_zh: Mapped[str] = mapped_column(String(500), default="")
    standard_en: Mapped[str] = mapped_column(String(500), default="")
    kind: Mapped[ItemKind] = mapped_column(default=ItemKind.LOOK)
    unit: Mapped[str] = mapped_column(String(20), default="")
    places: Mapped[Places] = mapped_column(default=Places.ONE, server_default="one")
    # The operation or the package, by its code, that mends what is not in order.
    recommend: Mapped[str] = mapped_column(String(20), default="", server_default="")
    red_low_milli: Mapped[int | None]
    green_low_milli: Mapped[int | None]
    green_high_milli: Mapped[int | None]
    red_high_milli: Mapped[int | None]
    law_low_milli: Mapped[int | None]
    law_high_milli: Mapped[int | None]
    needs_photo: Mapped[bool] = mapped_column(default=False)
    required: Mapped[bool] = mapped_column(default=False)
    bond: Mapped[Bond] = mapped_column(default=Bond.FREE)
    version: Mapped[ChecklistVersion] = relationship(back_populates="items", lazy="joined")

    __table_args__ = (
        UniqueConstraint("version_id", "code"),
        CheckConstraint("title_zh <> '' AND title_en <> ''", name="title"),
        CheckConstraint(
            "kind = 'measured' OR (red_low_milli IS NULL AND green_low_milli IS NULL "
            "AND green_high_milli IS NULL AND red_high_milli IS NULL)",
            name="measured",
        ),
        CheckConstraint(
            "red_low_milli <= green_low_milli AND green_low_milli <= green_high_milli "
            "AND green_high_milli <= red_high_milli",
            name="limits",
        ),
        CheckConstraint(
            "law_low_milli IS NULL OR (red_low_milli IS NOT NULL "
            "AND red_low_milli >= law_low_milli)",
            name="law_low",
        ),
        CheckConstraint(
            "law_high_milli IS NULL OR (red_high_milli IS NOT NULL "
            "AND red_high_milli <= law_high_milli)",
            name="law_high",
        ),
    )

    @property
    def limits(self) -> Limits:
        """Where green ends and red begins."""
        return Limits(
            self.green_low_milli, self.green_high_milli, self.red_low_milli, self.red_high_milli
        )

    @property
    def is_measured(self) -> bool:
        """Whether a value is asked for."""
        return self.kind is ItemKind.MEASURED

    @property
    def wears(self) -> bool:
        """Whether it tells of a part that gets thinner: a voltage has a least value as well."""
        return self.is_measured and self.unit == "mm" and self.red_low_milli is not None

    @property
    def says_limits(self) -> bool:
        """Whether the limits are said beside the standard: it says none, or the law's own."""
        ends = (self.red_low_milli, self.red_high_milli)
        is_stricter = self.bond.is_law and ends != (self.law_low_milli, self.law_high_milli)
        return self.is_measured and (not self.standard_en or is_stricter)

    def title_in(self, locale: str) -> str:
        """What is asked, in `locale` ("zh_CN" or "en")."""
        return self.title_zh if locale.startswith("zh") else self.title_en

    def standard_in(self, locale: str) -> str:
        """What it must be, or what is said, in `locale`."""
        return self.standard_zh if locale.startswith("zh") else self.standard_en

    def group_in(self, locale: str) -> str:
        """The heading it stands under, in `locale`."""
        return self.group_zh if locale.startswith("zh") else self.group_en
