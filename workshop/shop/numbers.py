"""Numbers for people: prefix, day and a sequence by shop, e.g. RO20260701-0012."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from workshop import db
from workshop.db import session
from workshop.shop.models import NumberSeries


def next_number(branch_id: int, prefix: str, day: date) -> str:
    """Give out the next number. Gaps may come, a number never comes twice (domain.md §7).

    `day` is the shop's local day. The row stays locked until the transaction ends.
    """
    db.lock(f"number:{prefix}", branch_id)
    series = session.scalars(
        select(NumberSeries)
        .where(
            NumberSeries.branch_id == branch_id,
            NumberSeries.prefix == prefix,
            NumberSeries.day == day,
        )
        .with_for_update()
    ).one_or_none()
    if series is None:
        series = NumberSeries(branch_id=branch_id, prefix=prefix, day=day, last=0)
        session.add(series)
    series.last += 1
    session.flush()
    # A group's branches share the number space of their documents.
    shop = "" if branch_id == 1 else f"{branch_id}-"
    return f"{prefix}{day:%Y%m%d}-{shop}{series.last:04d}"
