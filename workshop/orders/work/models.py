"""The signed lines inside a job, kept with it as they were signed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from workshop.orders.work import rules
from workshop.orders.work.rules import WorkLine


class WithLines:
    """A job: what it asks is what its lines ask together."""

    title_zh: Mapped[str]
    title_en: Mapped[str]
    skill_id: Mapped[int | None]
    level: Mapped[int]
    book_minutes: Mapped[int]
    bay_kinds: Mapped[list[str]]
    # As `rules.WorkLine` writes them; empty for rework, and for jobs from before there were any.
    work_lines: Mapped[list[Any]] = mapped_column(default=list)

    @property
    def lines(self) -> list[WorkLine]:
        """What is done in one go: the signed lines inside, or the job itself as one."""
        own = (self.skill_id, self.level, self.book_minutes, tuple(self.bay_kinds))
        kept = [WorkLine.from_json(each) for each in self.work_lines or ()]
        if len(kept) > 1:
            return kept
        # A job of one line is that line.
        return [WorkLine(kept[0].id if kept else None, *own, self.title_zh, self.title_en)]

    @property
    def skills(self) -> dict[int, int]:
        """By skill: the level that whoever does it needs."""
        return rules.skills_of(self.lines)

    def hold(self, lines: Sequence[WorkLine], book_minutes: int | None = None) -> None:
        """Be these lines from now on: their titles, time, skills and common bays."""
        self.work_lines = [line.as_json() for line in lines]
        self.title_zh = rules.title_of([line.title_zh for line in lines], "、")
        self.title_en = rules.title_of([line.title_en for line in lines], ", ")
        self.skill_id, self.level = rules.lead_of(lines)
        self.book_minutes = book_minutes or sum(line.minutes for line in lines)
        self.bay_kinds = list(rules.common_bays(lines) or ())

    def title_in(self, locale: str) -> str:
        """What is done, in `locale` ("zh_CN" or "en")."""
        return self.title_zh if locale.startswith("zh") else self.title_en
