"""One thing that cannot stay as it is: what it is about, whom to call, and who has it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workshop.customers.contacts import queries as contacts
from workshop.customers.contacts.queries import Reach
from workshop.customers.models import Vehicle
from workshop.orders.models import Job, RepairOrder
from workshop.staff.duty import Duty
from workshop.staff.models import User
from workshop.steps.booking.models import Appointment
from workshop.touched.models import Why


@dataclass(frozen=True)
class Held:
    """An open record of somebody who has left, of a kind that is neither a car nor its work."""

    kind: Duty
    record: Any
    user: User

    @property
    def name(self) -> str:
        """How people call it."""
        return self.kind.name_of(self.record)

    @property
    def key(self) -> str:
        """How a form of the duties names it."""
        return f"{self.kind.key}:{self.record.id}"

    @property
    def url(self) -> str:
        """Where it is shown."""
        return self.kind.url_of(self.record)


@dataclass(frozen=True)
class Thing:
    """One thing that cannot stay as it is: an appointment, something of an order, or a duty.

    `subject` names the record as TouchedThing does, `at` is when it is planned, and `what` is who
    or what is not there for it.
    """

    why: Why
    subject: str
    at: datetime | None
    appointment: Appointment | None = None
    order: RepairOrder | None = None
    job: Job | None = None
    what: Any = None
    held: Held | None = None

    @property
    def key(self) -> tuple[Why, str]:
        """What tells this fact from all others."""
        return self.why, self.subject

    @property
    def address(self) -> str:
        """The same in one word, for addresses."""
        return f"{self.why.value}-{self.subject}"

    @property
    def seen(self) -> str:
        """The fact with all that somebody decides by: who has seen it has seen this."""
        return f"{self.address} {self.at} {self.promised_at}"

    @property
    def vehicle(self) -> Vehicle | None:
        """The car, where it is about one."""
        return self._of.vehicle if self._of is not None else None

    @property
    def name(self) -> str:
        """Whom to call."""
        if self.appointment is not None and self.appointment.contact_name:
            return self.appointment.contact_name
        return self._reach.name if self._reach is not None else ""

    @property
    def phone(self) -> str:
        """The number to call."""
        if self.appointment is not None and self.appointment.contact_phone:
            return self.appointment.contact_phone
        return self._reach.phone if self._reach is not None else ""

    @property
    def promised_at(self) -> datetime | None:
        """What the customer was promised."""
        return self.order.promised_at if self.order is not None else None

    @property
    def advisor(self) -> User | None:
        """Whose customer it is."""
        return self._of.advisor if self._of is not None else None

    @property
    def holder_id(self) -> int | None:
        """Who has it, and is not there for it."""
        if self.held is not None:
            return self.held.user.id
        return self.advisor.id if self.advisor is not None else None

    @property
    def _reach(self) -> Reach | None:
        if self.order is not None:
            return self.order.reach
        booked = self.appointment
        return contacts.reach(booked.customer, booked.vehicle) if booked is not None else None

    @property
    def _of(self) -> Appointment | RepairOrder | None:
        return self.appointment or self.order
