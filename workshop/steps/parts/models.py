"""Pick lists with their lines, and what was done with each line."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk, partial_index, present
from workshop.orders.models import RepairOrder
from workshop.shop.models import Technician
from workshop.staff.models import User
from workshop.steps.parts.rules import LIVE, MoveKind, PickState, ReturnReason
from workshop.steps.quotation.models import QuotationLine
from workshop.stock.models import Part
from workshop.storage.conditions import one_of

_IN_USE = "state IN ('open', 'partly_picked', 'picked', 'issued')"


class PickList(Model):
    """The parts that one release of an order needs, and the basket they are picked into.

    `needed_by` is 15 minutes before the work was planned to start when the order was released;
    the pages ask the plan again.
    """

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("repair_order.id"), index=True)
    no: Mapped[str] = mapped_column(String(32), unique=True)
    state: Mapped[PickState] = mapped_column(default=PickState.OPEN)
    basket_no: Mapped[int]
    needed_by: Mapped[datetime | None]
    supplementary: Mapped[bool] = mapped_column(default=False)
    released_at: Mapped[datetime]
    released_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    picked_at: Mapped[datetime | None]
    picked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    issued_at: Mapped[datetime | None]
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    issued_to_id: Mapped[int | None] = mapped_column(ForeignKey("technician.id"))
    closed_at: Mapped[datetime | None]
    order: Mapped[RepairOrder] = relationship(lazy="joined")
    released_by: Mapped[User] = relationship(foreign_keys=released_by_id)
    picked_by: Mapped[User | None] = relationship(foreign_keys=picked_by_id)
    issued_by: Mapped[User | None] = relationship(foreign_keys=issued_by_id)
    issued_to: Mapped[Technician | None] = relationship()

    __table_args__ = (
        CheckConstraint("basket_no > 0", name="basket_no"),
        # Two lists never share a basket.
        partial_index("uq_pick_list_basket", "branch_id", "basket_no", where=_IN_USE),
        present("ix_pick_list_open", "branch_id", "state", where=one_of("state", LIVE)),
    )


class PickLine(Model):
    """One authorised part on its way from the shelf to the technician, in thousandths.

    Reserved, picked, issued and returned are totals of the line: each is part of the one before.
    `short_milli` is what the shelf had not and is on order.
    """

    id: Mapped[intpk]
    pick_list_id: Mapped[int] = mapped_column(ForeignKey("pick_list.id"), index=True)
    # An authorised line is picked once, however often somebody presses release.
    quotation_line_id: Mapped[int] = mapped_column(ForeignKey("quotation_line.id"), unique=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"), index=True)
    ordered_milli: Mapped[int]
    reserved_milli: Mapped[int] = mapped_column(default=0)
    picked_milli: Mapped[int] = mapped_column(default=0)
    issued_milli: Mapped[int] = mapped_column(default=0)
    unused_milli: Mapped[int] = mapped_column(default=0)
    returned_milli: Mapped[int] = mapped_column(default=0)
    # Returned pieces in whose place others are needed: so much more than was ordered is handled.
    again_milli: Mapped[int] = mapped_column(default=0)
    short_milli: Mapped[int] = mapped_column(default=0)
    # The price of one unit as it was signed.
    unit_fen: Mapped[int]
    old_wanted: Mapped[bool] = mapped_column(default=False)
    old_bagged_at: Mapped[datetime | None]
    pick_list: Mapped[PickList] = relationship(lazy="joined")
    part: Mapped[Part] = relationship(lazy="joined")
    quotation_line: Mapped[QuotationLine] = relationship(lazy="joined")

    __table_args__ = (
        CheckConstraint("ordered_milli > 0 AND short_milli >= 0", name="ordered"),
        CheckConstraint(
            "reserved_milli + short_milli <= ordered_milli + again_milli", name="reserved"
        ),
        CheckConstraint("again_milli BETWEEN 0 AND returned_milli", name="again"),
        CheckConstraint("picked_milli <= reserved_milli", name="picked"),
        CheckConstraint("issued_milli <= picked_milli", name="issued"),
        CheckConstraint("unused_milli <= issued_milli", name="unused"),
        CheckConstraint("returned_milli BETWEEN 0 AND unused_milli", name="returned"),
        present("ix_pick_line_unused", "pick_list_id", where="unused_milli > returned_milli"),
    )

    @property
    def needed_milli(self) -> int:
        """How much is handled in all: without what was given up, with what replaces pieces."""
        return self.reserved_milli + self.short_milli

    @property
    def to_replace_milli(self) -> int:
        """Returned pieces in whose place no others are needed so far."""
        return self.returned_milli - self.again_milli

    @property
    def to_give_up_milli(self) -> int:
        """Replacing pieces that nobody has picked yet, so that they need not come."""
        return min(self.again_milli, self.to_pick_milli + self.short_milli)

    @property
    def to_pick_milli(self) -> int:
        """On the shelf for this line, not yet in the basket."""
        return self.reserved_milli - self.picked_milli

    @property
    def in_basket_milli(self) -> int:
        """In the basket, not yet handed out."""
        return self.picked_milli - self.issued_milli

    @property
    def is_issued(self) -> bool:
        """Whether all of it is handed out."""
        return self.issued_milli > 0 and self.issued_milli == self.needed_milli

    @property
    def out_milli(self) -> int:
        """With the technician or in the car: issued less returned."""
        return self.issued_milli - self.returned_milli

    @property
    def to_return_milli(self) -> int:
        """Not used, and not back yet."""
        return self.unused_milli - self.returned_milli


class PickMove(Model):
    """One thing that was done with a line: who, when, how many. Append-only."""

    id: Mapped[intpk]
    pick_line_id: Mapped[int] = mapped_column(ForeignKey("pick_line.id"), index=True)
    kind: Mapped[MoveKind]
    quantity_milli: Mapped[int]
    technician_id: Mapped[int | None] = mapped_column(ForeignKey("technician.id"))
    # Why pieces came back, or are not needed.
    reason: Mapped[ReturnReason | None]
    note: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    line: Mapped[PickLine] = relationship()
    technician: Mapped[Technician | None] = relationship()
    by: Mapped[User] = relationship()
