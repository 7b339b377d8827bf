"""Who agrees to messages by SMS, as a list of customers says it in one column."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select

from workshop.customers.models import Channel, Consent, ConsentPurpose
from workshop.db import session
from workshop.setup.imports.bulk import MOST_KEYS, portions
from workshop.setup.imports.kind import AT, BY, Put, Ref, Row

# Advertising is asked by itself: no column of an old list stands for that.
PURPOSES = (ConsentPurpose.FOLLOW_UP, ConsentPurpose.REMINDER)
Word = Mapping[ConsentPurpose, bool]
"""The newest word of a customer on SMS, by purpose."""


def look_up(customer_ids: Collection[int]) -> dict[int, dict[ConsentPurpose, bool]]:
    """The newest words of these customers."""
    found: dict[int, dict[ConsentPurpose, bool]] = {}
    for some in portions(sorted(customer_ids), MOST_KEYS):
        query = select(Consent.customer_id, Consent.purpose, Consent.given).where(
            Consent.customer_id.in_(some), Consent.channel == Channel.SMS
        )
        for customer_id, purpose, given in session.execute(query.order_by(Consent.id)):
            found.setdefault(customer_id, {})[purpose] = given
    return found


def put(row: Row, customer: Ref | int, part_of: Ref | tuple[str, int], was: Word) -> list[Put]:
    """What the row says otherwise than the customer has."""
    given = row.get("sms")
    if given is None:
        return []
    return [
        Put(
            "consent",
            {
                "customer_id": customer, "purpose": purpose, "channel": Channel.SMS,
                "given": given, "at": AT, "by_id": BY,
            },
            part_of=part_of,
        )
        for purpose in PURPOSES
        if was.get(purpose) is not given
    ]  # fmt: skip


def shown(was: Word) -> bool | None:
    """What the customer has agreed to so far, as the column says it."""
    said = [was[purpose] for purpose in PURPOSES if purpose in was]
    return all(said) if said else None
