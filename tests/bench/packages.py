"""What work packages save on the demo's days. Run from the top of the repository:

    python -m tests.bench.packages

Every signed quotation of the demo is planned again on the demo's morning, with each line a job of
its own and in packages: cards, minutes of buffer, and the earliest promise. No promise is later.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest import mock

from sqlalchemy import select

from tests.factories import AT
from tests.releases import make
from workshop import clock, upgrading
from workshop.db import session
from workshop.errors import WorkshopError
from workshop.orders.work.rules import WorkLine
from workshop.steps.quotation import promise, queries
from workshop.steps.quotation.models import Decision, Quotation, QuotationState
from workshop.steps.quotation.packing import work_packages
from workshop.steps.quotation.packing.work_packages import Packages
from workshop.steps.quotation.promise import EarliestPromise

# The demo's shop.
_BUFFER = 15


def main() -> int:
    """Print the table; 1 when any promise is later than before."""
    with _demo():
        pairs = list(_pairs(AT))
    before, after = [each for each, _ in pairs], [each for _, each in pairs]
    gains = [one.promise_at - other.promise_at for one, other in pairs]
    later = sum(gain < timedelta(0) for gain in gains)
    print(f"signed quotations {len(pairs)}")
    print("                     line by line   in packages")
    cards = [sum(len(each.packages) for each in side) for side in (before, after)]
    print(f"{'cards':20} {cards[0]:12} {cards[1]:13}")
    print(f"{'minutes of buffer':20} {cards[0] * _BUFFER:12} {cards[1] * _BUFFER:13}")
    sooner = [gain for gain in gains if gain > timedelta(0)]
    minutes = sum(sooner, timedelta(0)).total_seconds() / 60
    print(f"promises sooner {len(sooner)} (together {minutes:.0f} min), later {later}")
    return 1 if later else 0


def _pairs(at: datetime) -> Iterator[tuple[EarliestPromise, EarliestPromise]]:
    signed = select(Quotation).where(Quotation.state == QuotationState.SIGNED)
    for quotation in session.scalars(signed.order_by(Quotation.id)).all():
        lines = [
            line for line in queries.list_lines(quotation) if line.decision is Decision.ACCEPTED
        ]
        if not any(line.is_labour for line in lines):
            continue
        try:
            with mock.patch.object(
                work_packages, "form", lambda work, *_: [[n] for n in range(len(work))]
            ):
                alone = promise.find_earliest(quotation.order, lines, at)
            yield alone, promise.find_earliest(quotation.order, lines, at)
        except WorkshopError:
            continue


def _line_by_line(work: Sequence[WorkLine], *_: object) -> Packages:
    return work_packages.singly(work)


@contextmanager
def _demo() -> Iterator[None]:
    """The demo's living day with a short history, told in a database that is gone afterwards."""
    clock.freeze(AT)
    with make.empty_database("sqlite") as app, app.app_context():
        upgrading.upgrade(at=AT)
        make._tell_a_little()
        yield
        session.rollback()


if __name__ == "__main__":
    sys.exit(main())
