"""What a customer agrees to: the newest word counts, and each word is kept."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DatabaseError

from tests.databases import Database
from tests.factories import AT, make_customer, make_user
from workshop.customers import consents
from workshop.customers.merging import service as merging
from workshop.customers.models import Channel, Consent, ConsentPurpose, Customer
from workshop.db import session
from workshop.errors import Conflict
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.web import versions

P, C = ConsentPurpose, Channel


def words(customer: Customer) -> list[tuple[ConsentPurpose, Channel, bool]]:
    """All that the customer has ever said."""
    query = select(Consent).where(Consent.customer_id == customer.id).order_by(Consent.id)
    return [(each.purpose, each.channel, each.given) for each in session.scalars(query)]


@pytest.fixture
def advisor(database: Database) -> User:
    return make_user(RoleName.SERVICE_ADVISOR)


def test_who_was_never_asked_has_not_agreed(advisor: User) -> None:
    assert consents.agreed(make_customer()) == {each: [] for each in P}


def test_the_newest_word_counts_and_each_is_kept(advisor: User) -> None:
    customer = make_customer()
    consents.note(customer, {P.REMINDER: [C.SMS, C.WECHAT]}, by=advisor, at=AT)
    consents.note(customer, {P.REMINDER: [C.WECHAT]}, by=advisor, at=AT)
    assert consents.agreed(customer)[P.REMINDER] == [C.WECHAT]
    assert words(customer) == [
        (P.REMINDER, C.SMS, True), (P.REMINDER, C.WECHAT, True), (P.REMINDER, C.SMS, False),
    ]  # fmt: skip
    # The same once more is no further word.
    consents.note(customer, {P.REMINDER: [C.WECHAT]}, by=advisor, at=AT)
    assert len(words(customer)) == 3


def test_a_word_is_neither_changed_nor_deleted(advisor: User) -> None:
    customer = make_customer()
    consents.note(customer, {P.MARKETING: [C.SMS]}, by=advisor, at=AT)
    word = session.scalars(select(Consent)).one()
    for change in (
        Consent.__table__.update().values(given=False),  # type: ignore[attr-defined]
        Consent.__table__.delete().where(Consent.id == word.id),  # type: ignore[attr-defined]
    ):
        with pytest.raises(DatabaseError, match="append-only:consent"), session.begin_nested():
            session.execute(change)


def test_on_a_stale_page_both_versions_are_shown(advisor: User) -> None:
    customer = make_customer()
    seen = versions.mark(consents.state_of(consents.agreed(customer)))
    consents.note(customer, {P.REMINDER: [C.SMS]}, seen=seen, by=advisor, at=AT)
    with pytest.raises(Conflict) as conflict:
        consents.note(customer, {P.REMINDER: [C.PHONE]}, seen=seen, by=advisor, at=AT)
    assert conflict.value.theirs[P.REMINDER.label] == [C.SMS]
    assert consents.agreed(customer)[P.REMINDER] == [C.SMS]


def test_the_words_of_two_records_go_over_when_they_are_joined(advisor: User) -> None:
    kept, gone = make_customer("王建国", "13800138001"), make_customer("王建国", "13800138002")
    consents.note(gone, {P.REMINDER: [C.SMS]}, by=advisor, at=AT)
    merge = merging.join_customers(gone, kept, merging.seen_of(gone, kept), by=advisor, at=AT)
    assert consents.agreed(kept)[P.REMINDER] == [C.SMS]
    merging.part_customers(merge, by=advisor, at=AT)
    assert consents.agreed(kept)[P.REMINDER] == []
    assert consents.agreed(gone)[P.REMINDER] == [C.SMS]
