"""What work packages save on the demo's days. Run from the top of the repository:

    python -m tests.bench.packages

Every signed quotation of the demo is planned again on the demo's morning, with each line a job of
its own and in packages: cards, minutes of buffer, and the earliest promise. No promise is later.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from unittest import mock

from sqlalchemy import select

from tests.factories import AT
from workshop.app import create_app
from workshop.db import session
from workshop.errors import WorkshopError
from workshop.steps.quotation import promise, queries, work_packages
from workshop.steps.quotation.models import Decision, Quotation, QuotationState
from workshop.steps.quotation.promise import EarliestPromise


def main() -> int:
    """Print the table; 1 when any promise is later than before."""
    with _demo():
        pairs = list(_pairs(AT))
    before, after = [each for each, _ in pairs], [each for _, each in pairs]
    gains = [one.promise_at - other.promise_at for one, other in pairs]
    later = sum(gain < timedelta(0) for gain in gains)
    print(f"signed quotations {len(pairs)}")
    print("                     line by line   in packages")
    for name, count in (
        ("cards", [sum(len(each.packages) for each in side) for side in (before, after)]),
        ("minutes of buffer", [_buffers(side) for side in (before, after)]),
    ):
        print(f"{name:20} {count[0]:12} {count[1]:13}")
    sooner = [gain for gain in gains if gain > timedelta(0)]
    minutes = sum(sooner, timedelta(0)).total_seconds() / 60
    print(f"promises sooner {len(sooner)} (together {minutes:.0f} min), later {later}")
    return 1 if later else 0


_BUFFER = 15


def _buffers(found: list[EarliestPromise]) -> int:
    return sum(len(each.packages) * _BUFFER for each in found)


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


@contextmanager
def _demo() -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(data_dir=Path(folder))
        with app.app_context():
            yield


if __name__ == "__main__":
    sys.exit(main())
