"""What customers allow, by purpose and channel: the newest word counts, and each is kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import select

from workshop import db
from workshop.customers.models import Channel, Consent, ConsentPurpose, Customer
from workshop.db import session
from workshop.staff import audit
from workshop.staff.models import User
from workshop.web import versions
from workshop.web.versions import State

# In person nobody has to be asked first.
CHANNELS = (Channel.PHONE, Channel.SMS, Channel.WECHAT)
Wanted = Mapping[ConsentPurpose, Collection[Channel]]
"""The channels that a customer agrees to, by purpose."""


def standing(customer: Customer) -> dict[tuple[ConsentPurpose, Channel], Consent]:
    """The newest word of the customer on each purpose and channel; none where nobody asked."""
    query = select(Consent).where(Consent.customer_id == customer.id).order_by(Consent.id)
    return {(each.purpose, each.channel): each for each in session.scalars(query)}


def find_last(customer: Customer) -> Consent | None:
    """The last word of the customer, on whatever it was."""
    return max(standing(customer).values(), key=lambda each: each.id, default=None)


def agreed(customer: Customer) -> dict[ConsentPurpose, list[Channel]]:
    """The channels that the customer agrees to now, by purpose."""
    said = standing(customer)
    return {
        purpose: [
            channel
            for channel in CHANNELS
            if (found := said.get((purpose, channel))) is not None and found.given
        ]
        for purpose in ConsentPurpose
    }


def state_of(wanted: Wanted) -> State:
    """What people see of it, to notice a stale page."""
    return {
        purpose.label: [each for each in CHANNELS if each in wanted.get(purpose, ())]
        for purpose in ConsentPurpose
    }


def note(
    customer: Customer, wanted: Wanted, *, seen: str | None = None, by: User, at: datetime
) -> None:
    """Keep what the customer says now; what is as before is not said again.

    Raises Conflict when the page was stale.
    """
    db.lock("consent", customer.id)
    was = agreed(customer)
    versions.refuse_stale(seen, state_of(was), state_of(wanted))
    for purpose in ConsentPurpose:
        for channel in CHANNELS:
            given = channel in wanted.get(purpose, ())
            if given != (channel in was[purpose]):
                session.add(
                    Consent(
                        customer_id=customer.id, purpose=purpose, channel=channel, given=given,
                        at=at, by_id=by.id,
                    )
                )  # fmt: skip
    old, new = state_of(was), state_of(wanted)
    changed = {
        label: [[each.value for each in old[label]], [each.value for each in new[label]]]
        for label in new
        if new[label] != old[label]
    }
    audit.write(by, "customers.note_consent", customer, at, changed=changed)
    session.flush()
