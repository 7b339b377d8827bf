"""Open a count, count, count again, book the differences."""

from __future__ import annotations

from datetime import datetime

from workshop import db
from workshop.db import session
from workshop.errors import N_, Conflict, Invalid, RuleBroken, Way
from workshop.staff import audit
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.stock import service as stock
from workshop.stock import shelf
from workshop.stock.counting import queries
from workshop.stock.counting.models import Stocktake, StocktakeLine
from workshop.stock.models import Part, StockMove


def open_count(
    branch: shelf.Place, bin_from: str, bin_to: str, no: str, *, by: User, at: datetime
) -> Stocktake:
    """Begin to count the bins of a range; work goes on meanwhile.

    Raises Invalid for a range that is none, RuleBroken while somebody counts one of these bins.
    """
    staff.require_permission(by, Permission.PICK_PARTS)
    first, last = bin_from.strip().upper(), (bin_to.strip() or bin_from.strip()).upper()
    if not first or first > last:
        raise Invalid(N_("Say from which bin to which one is counted."), field="bin_from")
    db.lock("stocktake", branch.id)
    other = queries.find_overlapping(branch.id, first, last)
    if other is not None:
        raise RuleBroken(
            N_("Count %(no)s is at these bins already. Count along on it."),
            code="counted_already",
            field="bin_from",
            no=other.no,
        )
    made = Stocktake(
        branch_id=branch.id,
        no=no,
        bin_from=first,
        bin_to=last,
        opened_at=at,
        opened_by_id=by.id,
    )
    session.add(made)
    audit.write(by, "stock.open_count", made, at, no=no, bins=[first, last])
    session.flush()
    return made


def count(
    stocktake: Stocktake,
    part: Part,
    counted_milli: int,
    *,
    seen_line: int = 0,
    elsewhere_milli: int = 0,
    by: User,
    at: datetime,
) -> StocktakeLine:
    """Write down what lies on the shelf, in thousandths; a part may be counted again.

    `seen_line` is the id of the line that the page showed, 0 for none; `elsewhere_milli` of the
    ledger's pieces stand in baskets. Raises Conflict when somebody else has counted it meanwhile.
    """
    staff.require_permission(by, Permission.PICK_PARTS)
    if counted_milli < 0:
        raise Invalid(N_("A quantity cannot be negative."), field="counted")
    level = shelf.locked_level(stocktake.branch_id, part)
    _lock(stocktake)
    before = queries.find_line(stocktake, part.id)
    if before is not None and before.id != seen_line:
        _refuse_twice(before, counted_milli)
    if before is not None:
        before.replaced_at = at
        session.flush()
    line = StocktakeLine(
        stocktake_id=stocktake.id,
        part_id=part.id,
        bin=level.bin,
        counted_milli=counted_milli,
        expected_milli=max(level.on_hand_milli - elsewhere_milli, 0),
        counted_at=at,
        counted_by_id=by.id,
    )
    session.add(line)
    session.flush()
    return line


def _lock(stocktake: Stocktake) -> None:
    db.lock("stocktake_lines", stocktake.id)
    db.reread(stocktake)
    if not stocktake.is_open:
        raise RuleBroken(N_("Count %(no)s is over."), code="over", no=stocktake.no)


def _refuse_twice(before: StocktakeLine, counted_milli: int) -> None:
    label = N_("Counted")
    raise Conflict(
        N_("Somebody else has counted this part meanwhile. Look at both and count again."),
        theirs={label: shelf.plain(before.counted_milli)},
        yours={label: shelf.plain(counted_milli)},
        version=before.id,
    )


def book(stocktake: Stocktake, reason: str, *, by: User, at: datetime) -> list[Part]:
    """Put the shelf right by the differences; parts that nobody counted stay as they are.

    What moved since a part was counted stays moved. Gives the parts that changed. Raises Invalid
    without a reason, RuleBroken when less would be there than is reserved.
    """
    staff.require_permission(by, Permission.PICK_PARTS)
    if not reason.strip():
        raise Invalid(N_("Say why the count differs."), field="reason")
    lines = queries.list_lines(stocktake)
    shelf.lock_parts(line.part_id for line in lines)
    _lock(stocktake)
    # Again under the locks: somebody may have counted until now.
    lines = [line for line in queries.list_lines(stocktake) if line.difference_milli]
    for line in sorted(lines, key=lambda line: line.part_id):
        _book_line(line, stocktake, reason.strip(), by, at)
    stocktake.booked_at, stocktake.ended_by_id = at, by.id
    stocktake.reason = reason.strip()[:110]
    told = [[line.part.no, line.difference_milli] for line in lines]
    audit.write(by, "stock.book_count", stocktake, at, reason=stocktake.reason, differences=told)
    session.flush()
    return [line.part for line in lines]


def _book_line(
    line: StocktakeLine, stocktake: Stocktake, reason: str, by: User, at: datetime
) -> None:
    level = shelf.locked_level(stocktake.branch_id, line.part)
    after = level.on_hand_milli + line.difference_milli
    if after < level.reserved_milli:
        raise RuleBroken(
            N_(
                "%(part)s: %(after)s %(unit)s would be left, %(reserved)s are reserved for orders. "
                "Count again, or release them first."
            ),
            code="below_reserved",
            way=Way(
                "parts.count_give_way",
                N_("Choose who gives way"),
                {"no": stocktake.no, "reason": reason},
            ),
            part=line.part.no,
            after=shelf.plain(after),
            reserved=shelf.plain(level.reserved_milli),
            unit=line.part.unit,
        )
    level.on_hand_milli = after
    origin = f"{stocktake.no} · {reason}"[:120]
    shelf.write_entry(level, StockMove.COUNT, line.difference_milli, by, at, origin=origin)
    stock.serve_waiting(line.part, stocktake.branch_id, by=by, at=at)


def drop(stocktake: Stocktake, reason: str, *, by: User, at: datetime) -> None:
    """End a count without booking anything."""
    staff.require_permission(by, Permission.PICK_PARTS)
    if not reason.strip():
        raise Invalid(N_("Say why the count is dropped."), field="reason")
    _lock(stocktake)
    stocktake.dropped_at, stocktake.ended_by_id = at, by.id
    stocktake.reason = reason.strip()[:110]
    audit.write(by, "stock.drop_count", stocktake, at, reason=stocktake.reason)
    session.flush()
