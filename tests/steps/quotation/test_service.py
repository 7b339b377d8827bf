"""Offering, signing, versions and additional work, without a browser."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from tests.databases import Database
from tests.factories import (
    AT,
    make_operation,
    make_order,
    make_part,
    make_skill,
    make_user,
    make_vehicle,
)
from tests.steps.quotation.factories import (
    make_addition,
    make_brakes,
    make_draft,
    make_offer,
    make_shop,
    make_signed,
    yes_to_all,
)
from workshop.allocation import free_time
from workshop.capacity.models import CapacityTake, TakeSource
from workshop.catalogue.models import Payer
from workshop.db import session
from workshop.errors import Conflict, Invalid, NotAllowed, RuleBroken
from workshop.orders import history
from workshop.orders.flow import Stage
from workshop.orders.models import Job, JobKind, JobState, PromiseChange, RepairOrder, Urgency
from workshop.staff.permissions import RoleName
from workshop.steps.quotation import (
    draft,
    known_work,
    lines,
    payers,
    promise,
    queries,
    versions,
)
from workshop.steps.quotation import gates as quotation_gates
from workshop.steps.quotation import service as quotation
from workshop.steps.quotation.models import (
    ConsentChannel,
    Decision,
    Quotation,
    QuotationLine,
    QuotationState,
)
from workshop.steps.quotation.packing import work_packages
from workshop.stock.models import PartClass


def list_jobs(order: RepairOrder) -> list[Job]:
    return list(session.scalars(select(Job).where(Job.order_id == order.id).order_by(Job.id)))


def sold_minutes(job: Job) -> int:
    query = select(sa.func.sum(CapacityTake.minutes)).where(
        CapacityTake.source == TakeSource.JOB,
        CapacityTake.source_id == job.id,
        CapacityTake.released_at.is_(None),
    )
    return session.scalar(query) or 0


def test_an_operation_brings_its_labour_and_its_usual_parts(database: Database) -> None:
    # when
    written = make_draft()
    # then
    labour, part = queries.list_lines(written)
    assert (labour.total_fen, part.total_fen) == (24_000, 38_000)
    assert part.parent_line_id == labour.id
    assert part.part_class is PartClass.OEM
    assert written.total_fen == 62_000
    assert queries.totals([labour, part]).tax_fen == 2761 + 4372


def test_the_same_operation_is_not_added_twice(database: Database) -> None:
    brakes = make_brakes()
    written = make_draft(brakes)
    with pytest.raises(RuleBroken, match="BR-01"):
        lines.add_operation(written, brakes, at=AT)


def test_the_customer_chooses_the_class_of_a_part(database: Database) -> None:
    # given
    oem = make_part(choice_group="pads", price_fen=38_000)
    other = make_part(choice_group="pads", price_fen=21_000, part_class=PartClass.AFTERMARKET)
    stranger = make_part(choice_group="oil")
    written = make_draft(make_brakes(part=oem))
    line = queries.list_lines(written)[1]
    # when
    lines.choose_part(line, written, other, at=AT)
    # then
    assert (line.part_class, line.total_fen) == (PartClass.AFTERMARKET, 21_000)
    assert written.total_fen == 45_000
    with pytest.raises(Invalid):
        lines.choose_part(line, written, stranger, at=AT)


def test_a_discount_needs_the_right_and_a_reason(database: Database) -> None:
    written = make_draft()
    labour = queries.list_lines(written)[0]
    manager = make_user(RoleName.SERVICE_MANAGER)
    at = written.created_at
    with pytest.raises(NotAllowed):
        lines.give_discount(labour, written, 100, "老客户", by=written.order.advisor, at=at)
    with pytest.raises(Invalid, match="why"):
        lines.give_discount(labour, written, 100, "", by=manager, at=at)
    with pytest.raises(Invalid, match="larger"):
        lines.give_discount(labour, written, 24_001, "老客户", by=manager, at=at)
    lines.give_discount(labour, written, 4_000, "老客户", by=manager, at=at)
    assert written.total_fen == 58_000


def test_goodwill_is_the_managers_to_give_and_the_parts_follow_the_payer(
    database: Database,
) -> None:
    written = make_draft()
    labour, part = queries.list_lines(written)
    with pytest.raises(NotAllowed):
        payers.choose_payer(labour, written, Payer.GOODWILL, by=written.order.advisor, at=AT)
    payers.choose_payer(labour, written, Payer.WARRANTY, by=written.order.advisor, at=AT)
    assert part.payer is Payer.WARRANTY
    assert queries.totals([labour, part]).customer_fen == 0


def test_an_empty_quotation_is_not_offered(database: Database, at: datetime) -> None:
    order = make_order(Stage.INSPECTED)
    with pytest.raises(RuleBroken, match="empty"):
        quotation.offer(order, by=order.advisor, at=at)


def test_the_offered_time_is_the_earliest_finish_and_a_quarter_of_an_hour(
    database: Database, at: datetime
) -> None:
    # given
    order = make_draft(make_brakes(), make_operation("OIL")).order
    work = work_packages.list_work(queries.list_lines(queries.find_draft(order) or Quotation()))
    pieces = work_packages.pieces_of(work, work_packages.singly(work))
    # when
    offered = quotation.offer(order, by=order.advisor, at=at)
    # then
    assert len(pieces) == 2
    finish_at = free_time.earliest_finish(order.branch, pieces, at)
    assert offered.offered_promise_at == finish_at + timedelta(minutes=15)
    assert order.stage is Stage.QUOTED
    assert offered.state is QuotationState.OFFERED
    assert offered.promise_why["jobs"] == 2
    assert promise.explain(offered.promise_why)[0].values == {"time": 120, "jobs": 2}


def test_a_part_that_is_not_here_puts_the_promise_off_until_it_arrives(
    database: Database, at: datetime
) -> None:
    late = make_part(on_hand=0, lead_days=2)
    offered = make_offer(make_brakes(part=late))
    # A quarter past nine of the day after tomorrow.
    assert offered.offered_promise_at == at + timedelta(days=2, minutes=-45)
    assert offered.promise_why["parts_on"] == "2026-11-25"


def test_hours_that_are_sold_put_the_promise_off_to_the_next_day(
    database: Database, at: datetime
) -> None:
    # given
    make_shop()
    for _ in range(2):
        make_signed(make_operation(book_minutes=400))
    # when
    offered = make_offer(make_operation(book_minutes=300))
    # then
    assert offered.offered_promise_at is not None
    zone = ZoneInfo("Asia/Shanghai")
    tomorrow = (at.astimezone(zone) + timedelta(days=1)).date()
    assert offered.offered_promise_at.astimezone(zone).date() == tomorrow
    assert offered.promise_why["is_full"]


def test_nobody_with_the_skill_is_named(database: Database, at: datetime) -> None:
    with pytest.raises(RuleBroken):
        make_offer(make_operation(skill_id=make_skill("paint").id))


def test_signing_makes_jobs_takes_hours_and_promises(database: Database, at: datetime) -> None:
    # when
    signed = make_signed(make_brakes(), make_operation("OIL", book_minutes=30))
    # then
    order = signed.order
    jobs = list_jobs(order)
    assert order.stage is Stage.AUTHORISED
    assert order.authorised_at == at
    assert order.first_promised_at == order.promised_at == signed.offered_promise_at
    assert [(job.kind, job.state, job.book_minutes) for job in jobs] == [
        (JobKind.REPAIR, JobState.WAITING, 60),
        (JobKind.REPAIR, JobState.WAITING, 30),
    ]
    assert [sold_minutes(job) for job in jobs] == [60, 30]
    authorised = queries.list_authorised_lines(order)
    assert {line.job_id for line in authorised} == {job.id for job in jobs}
    assert queries.authorised_fen(order) == signed.total_fen == 74_000
    assert len(queries.list_part_lines(order)) == 1


def test_a_declined_line_becomes_deferred_work_and_no_job(database: Database) -> None:
    # given
    offered = make_offer(make_brakes(), make_operation("OIL"))
    first, second = queries.list_groups(offered)
    # when
    quotation.authorise(
        offered,
        {first.head.id: False, second.head.id: True},
        decline_reasons={first.head.id: "下次再做"},
        signer_name="王小明",
        by=None,
        channel=ConsentChannel.LINK,
        device="Mozilla/5.0 (iPhone)",
        at=offered.created_at,
    )
    # then
    order = offered.order
    (deferred,) = history.list_deferred(order.vehicle)
    assert (deferred.reason, deferred.price_fen) == ("下次再做", 62_000)
    assert deferred.operation_id == first.head.operation_id
    assert len(list_jobs(order)) == 1
    assert queries.authorised_fen(order) == 24_000
    assert offered.device == "Mozilla/5.0 (iPhone)"
    assert offered.taken_by_id is None


def test_deferred_work_that_is_signed_later_is_sold(database: Database, at: datetime) -> None:
    # given
    offered = make_offer()
    quotation.decline(offered, "太贵", by=offered.order.advisor, at=at)
    (deferred,) = history.list_deferred(offered.order.vehicle)
    order = make_order(Stage.INSPECTED, vehicle=make_vehicle())
    deferred.vehicle_id = order.vehicle_id
    written = draft.get_draft(order, None, by=order.advisor, at=at)
    # when
    known_work.add_deferred(written, deferred.id, at=at)
    later = quotation.offer(order, by=order.advisor, at=at)
    quotation.authorise(later, yes_to_all(later), signer_name="李", by=order.advisor, at=at)
    # then
    assert queries.list_lines(later)[0].urgency is Urgency.YELLOW
    assert deferred.sold_order_id == order.id
    assert history.list_deferred(order.vehicle) == []


def test_each_line_must_be_decided_and_something_accepted(database: Database, at: datetime) -> None:
    offered = make_offer()
    advisor = offered.order.advisor
    (group,) = queries.list_groups(offered)
    with pytest.raises(Invalid, match="each line"):
        quotation.authorise(offered, {}, signer_name="王", by=advisor, at=at)
    with pytest.raises(RuleBroken, match="at least one"):
        quotation.authorise(offered, {group.head.id: False}, signer_name="王", by=advisor, at=at)
    with pytest.raises(Invalid, match="signature"):
        quotation.authorise(offered, {group.head.id: True}, by=advisor, at=at)


def test_a_time_that_cannot_be_kept_any_more_is_refused_until_it_is_computed_again(
    database: Database, at: datetime
) -> None:
    # given
    offered = make_offer()
    later = at + timedelta(hours=3)
    advisor = offered.order.advisor
    # when
    with pytest.raises(RuleBroken) as refused:
        quotation.authorise(offered, yes_to_all(offered), signer_name="王", by=advisor, at=later)
    session.refresh(offered)
    quotation.renew_promise(offered, by=advisor, at=later)
    quotation.authorise(offered, yes_to_all(offered), signer_name="王", by=advisor, at=later)
    # then
    assert refused.value.code == "promise_late"
    assert offered.order.promised_at is not None
    assert offered.order.promised_at > later


@pytest.mark.parametrize("change", ["lines", "terms", "new_line", "delete"])
def test_the_database_refuses_to_change_what_was_signed(database: Database, change: str) -> None:
    # given
    signed = make_signed()
    line = queries.list_lines(signed)[0]
    statement = {
        "lines": sa.update(QuotationLine).where(QuotationLine.id == line.id).values(total_fen=1),
        "terms": sa.update(Quotation).where(Quotation.id == signed.id).values(total_fen=1),
        "new_line": sa.insert(QuotationLine).values(
            quotation_id=signed.id,
            position=9,
            kind="other",
            title_zh="x",
            title_en="x",
            unit_fen=1,
            total_fen=1,
            tax_basis_points=1300,
        ),
        "delete": sa.delete(QuotationLine).where(QuotationLine.quotation_id == signed.id),
    }[change]
    # then
    with pytest.raises(IntegrityError, match="signed:"):
        session.execute(statement)


def test_a_new_version_leaves_the_signed_one_and_calls_its_jobs_off(
    database: Database, at: datetime
) -> None:
    # given
    signed = make_signed()
    order = signed.order
    (old_job,) = list_jobs(order)
    # when
    second = versions.revise(signed, by=order.advisor, at=at)
    # then
    assert (second.no, second.version_no, second.state) == (signed.no, 2, QuotationState.DRAFT)
    assert signed.state is QuotationState.SUPERSEDED
    assert order.stage is Stage.QUOTED
    assert old_job.state is JobState.CANCELLED
    assert sold_minutes(old_job) == 0
    assert [line.total_fen for line in queries.list_lines(second)] == [24_000, 38_000]
    assert queries.list_authorised_lines(order) == []
    # when
    offered = quotation.offer(order, by=order.advisor, at=at)
    quotation.authorise(offered, yes_to_all(offered), signer_name="王", by=order.advisor, at=at)
    # then
    assert order.stage is Stage.AUTHORISED
    assert [job.state for job in list_jobs(order)] == [JobState.CANCELLED, JobState.WAITING]


def test_a_declined_quotation_may_be_reconsidered(database: Database, at: datetime) -> None:
    offered = make_offer()
    order = offered.order
    quotation.decline(offered, "太贵", by=order.advisor, at=at)
    assert order.stage is Stage.DECLINED
    again = versions.revise(offered, by=order.advisor, at=at)
    assert order.stage is Stage.QUOTED
    assert again.version_no == 2


def test_once_planned_there_is_no_new_version(database: Database, at: datetime) -> None:
    signed = make_signed()
    order = signed.order
    order.move_to(Stage.SCHEDULED, order.advisor, at)
    with pytest.raises(RuleBroken, match="planned"):
        versions.revise(signed, by=order.advisor, at=at)


def test_changed_book_hours_do_not_touch_what_was_quoted(database: Database) -> None:
    brakes = make_brakes()
    signed = make_signed(brakes)
    brakes.book_minutes = 600
    session.flush()
    assert queries.list_lines(signed)[0].book_minutes == 60
    assert queries.authorised_fen(signed.order) == 62_000


def test_a_stale_page_is_a_conflict_that_shows_both_versions(
    database: Database, at: datetime
) -> None:
    written = make_draft()
    seen = written.version
    lines.add_operation(written, make_operation("OIL"), at=at)
    with pytest.raises(Conflict) as refused:
        quotation.offer(written.order, by=written.order.advisor, at=at, seen_version=seen)
    assert refused.value.theirs["Total"] == "¥860.00"
    assert refused.value.yours


def test_additional_work_waits_for_the_customer_and_moves_the_promise(
    database: Database, at: datetime
) -> None:
    # given
    signed = make_signed()
    order = signed.order
    first = order.promised_at
    for stage in (Stage.SCHEDULED, Stage.REPAIR):
        order.move_to(stage, order.advisor, at)
    addition = make_addition(order, make_operation("REAR", book_minutes=240))
    # then
    assert addition.state is QuotationState.OFFERED
    assert queries.authorised_fen(order) == 62_000
    assert [each.code for each in quotation_gates.missing(order)] == ["addition_answer"]
    # when
    quotation.answer_addition(
        addition,
        yes_to_all(addition),
        channel=ConsentChannel.PHONE,
        evidence="王小明 10:20",
        by=order.advisor,
        at=at,
    )
    # then
    job = list_jobs(order)[-1]
    assert (job.kind, job.book_minutes) == (JobKind.ADDITION, 240)
    assert queries.authorised_fen(order) == 62_000 + 96_000
    assert order.first_promised_at == first
    assert order.promised_at == addition.offered_promise_at
    assert order.promised_at > first
    assert session.scalar(select(sa.func.count(PromiseChange.id))) == 1
    assert order.stage is Stage.REPAIR


def test_declined_additional_work_is_deferred_with_its_urgency(
    database: Database, at: datetime
) -> None:
    # given
    order = make_order(Stage.REPAIR)
    addition = make_addition(order)
    addition.urgency = Urgency.RED
    (group,) = queries.list_groups(addition)
    # when
    quotation.answer_addition(
        addition,
        {group.head.id: False},
        channel=ConsentChannel.LINK,
        signer_name="王小明",
        by=None,
        at=at,
    )
    # then
    assert addition.state is QuotationState.DECLINED
    assert group.head.decision is Decision.DECLINED
    assert list_jobs(order) == []
    assert [each.urgency for each in history.list_deferred(order.vehicle)] == [Urgency.RED]


def test_consent_by_phone_needs_a_note(database: Database, at: datetime) -> None:
    order = make_order(Stage.REPAIR)
    addition = make_addition(order)
    with pytest.raises(Invalid, match="phone"):
        quotation.answer_addition(
            addition, yes_to_all(addition), channel=ConsentChannel.PHONE, by=order.advisor, at=at
        )


def test_additional_work_is_asked_for_only_while_the_car_is_worked_for(
    database: Database, at: datetime
) -> None:
    order = make_order(Stage.SETTLED)
    with pytest.raises(RuleBroken):
        make_addition(order)
