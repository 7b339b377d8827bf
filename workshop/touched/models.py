"""Call lists: what an act took the ground from, a row for each thing that was touched."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from workshop.db import Model, intpk
from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.steps.booking.models import Appointment


class Why(LabelledEnum):
    """Why something cannot stay as it is, the most pressing first."""

    CLOSED = "closed", N_("The shop is closed then")
    ADVISOR = "advisor", N_("The advisor is not at work then")
    TECHNICIAN = "technician", N_("The technician is not at work then")
    SKILL = "skill", N_("The technician is not qualified for it")
    BAY = "bay", N_("The bay is out of use")
    HOURS = "hours", N_("No working hours for it any more")
    DUTY = "duty", N_("Whose it is works here no longer")
    OWNER = "owner", N_("The car has a new owner")
    WISHED = "wished", N_("The wished technician is not at work then")
    OPERATION = "operation", N_("The operation is no longer offered")
    PACKAGE = "package", N_("The package is no longer offered")
    PART = "part", N_("The part is out of use")


class CallList(Model):
    """What one act touched. `act` is the act's name in the audit trail, `about` what it was about.

    Without an `act` somebody put a thing on the list that no act of a person had touched; `by` is
    None where nobody was signed in: a timer, or who sits at the computer itself.
    """

    id: Mapped[intpk]
    branch_id: Mapped[int] = mapped_column(ForeignKey("branch.id"), index=True)
    act: Mapped[str] = mapped_column(String(60), default="")
    about: Mapped[str] = mapped_column(String(200), default="")
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    by: Mapped[User | None] = relationship(lazy="joined")


class TouchedThing(Model):
    """One thing of a call list: open as long as the fact stands and nobody has agreed to it.

    `subject` names the record that lies wrong: an appointment (A7), a job (J9), an order (R3), a
    quotation (Q4), a reservation (P5) or a duty of who has left (Dcase:6), which has a `name` of
    its own. That it was moved or cancelled is seen from the facts.
    """

    id: Mapped[intpk]
    list_id: Mapped[int] = mapped_column(ForeignKey("call_list.id"))
    why: Mapped[Why]
    subject: Mapped[str] = mapped_column(String(60), index=True)
    name: Mapped[str] = mapped_column(String(120), default="")
    appointment_id: Mapped[int | None] = mapped_column(ForeignKey("appointment.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("repair_order.id"), index=True)
    # When it was to be, at the time of the act.
    was_at: Mapped[datetime | None]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    agreed_with: Mapped[str] = mapped_column(String(80), default="")
    agreed_at: Mapped[datetime | None]
    agreed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    call_list: Mapped[CallList] = relationship(lazy="joined")
    appointment: Mapped[Appointment | None] = relationship()
    order: Mapped[RepairOrder | None] = relationship()
    owner: Mapped[User | None] = relationship(foreign_keys=owner_id)
    agreed_by: Mapped[User | None] = relationship(foreign_keys=agreed_by_id)

    @property
    def key(self) -> tuple[Why, str]:
        """The fact that it is about."""
        return self.why, self.subject

    __table_args__ = (
        UniqueConstraint("list_id", "why", "subject"),
        CheckConstraint("appointment_id IS NULL OR order_id IS NULL", name="one_record"),
        CheckConstraint(
            "appointment_id IS NOT NULL OR order_id IS NOT NULL OR name <> ''", name="named"
        ),
        CheckConstraint("(agreed_at IS NULL) = (agreed_by_id IS NULL)", name="agreed"),
        CheckConstraint("(agreed_at IS NULL) = (agreed_with = '')", name="agreed_with"),
    )
