"""What the lounge screen shows of an order: no name, phone, fault or price can get in here.

Source: domain.md step 4 (Status screen), surfaces.md (Lounge screen).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import datetime

from workshop.orders.flow import Stage
from workshop.orders.rows import Bucket, Facts

SHOWN = frozenset(stage for stage in Stage if stage.look(Facts()).screen)
"""Stages whose cars are on the screen."""


def bucket_of(stage: Stage, ready_at: datetime | None) -> Bucket:
    """The picture for an order of a shown stage."""
    bucket = stage.look(Facts(ready=ready_at is not None)).screen
    assert bucket is not None
    return bucket


@dataclass(frozen=True)
class Row:
    """One car on the screen, exactly as it travels.

    `id` tells nothing about the order; `plate` is masked; `promise` is the honest time and `first`
    the one that it takes the place of, on the shop's wall clock, "2026-11-23T16:30", or empty;
    `key` sorts the rows as text.
    """

    id: str
    plate: str
    stage: str
    promise: str
    first: str
    reason: str
    key: str
    version: int


def sort_key(bucket: Bucket, stays: bool | None, promise: str, ready_at: datetime | None) -> str:
    """Ready cars first, the newest on top; then the cars people wait for; then by promise."""
    if bucket is Bucket.READY:
        since = int(ready_at.timestamp()) if ready_at is not None else 0
        return f"0{10**10 - since:011d}"
    return f"{1 if stays else 2}{promise or '9'}"


def digest(rows: Iterable[Row]) -> str:
    """A short number for the whole set of rows, so that a screen notices a lost frame.

    FNV-1a over UTF-16 units, because a television's browser on plain HTTP has no other hash.
    """
    ordered = sorted(rows, key=lambda row: row.id)
    text = "\n".join("|".join(str(value) for value in astuple(row)) for row in ordered)
    units = text.encode("utf-16-le")
    number = 0x811C9DC5
    for place in range(0, len(units), 2):
        number ^= units[place] | units[place + 1] << 8
        number = number * 0x01000193 & 0xFFFFFFFF
    return f"{number:08x}"
