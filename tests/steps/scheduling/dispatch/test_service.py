"""Assigning, moving, proposing: the rules of step 5 without HTTP."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from tests.databases import Database
from tests.factories import (
    AT,
    make_bay,
    make_job,
    make_order,
    make_skill,
    make_technician,
    make_user,
)
from tests.shop.factories import hour, skill_of
from tests.steps.scheduling.factories import Shop, make_shop
from workshop import db
from workshop.allocation import service as allocations
from workshop.allocation.models import AllocationStatus
from workshop.capacity import service as capacity
from workshop.capacity.models import TakeSource
from workshop.capacity.remaining import Need
from workshop.customers.models import Channel
from workshop.db import session
from workshop.errors import Conflict, Invalid, NotAllowed, RuleBroken
from workshop.orders.flow import Stage
from workshop.orders.models import Job, JobKind, JobState
from workshop.shop.models import BayKind
from workshop.staff.permissions import RoleName
from workshop.steps.scheduling import gates as scheduling_gates
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.dispatch import proposals, suggestion
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.dispatch.service import Consent
from workshop.steps.scheduling.folder import service as folders
from workshop.steps.scheduling.models import DayConsent, FolderState, ProposalState


@pytest.fixture
def shop(database: Database) -> Shop:
    return make_shop()


def move(shop: Shop, hours: float, *, days: int = 0, by: object = None, **values: object) -> None:
    live = scheduling.get_live(shop.job)
    scheduling.move(
        shop.job,
        shop.technician,
        shop.bay,
        hour(hours, days),
        seen_version=live.version,
        by=by or shop.advisor,  # type: ignore[arg-type]
        at=AT,
        **values,  # type: ignore[arg-type]
    )


CONSENT = Consent(Channel.PHONE, "王小明", AT)


def test_the_order_is_scheduled_when_its_last_waiting_job_has_a_time(shop: Shop) -> None:
    # given
    second = make_job(shop.order)
    assert [fact.values["count"] for fact in scheduling_gates.missing(shop.order)] == [2]
    # when
    shop.assign(14)
    # then
    assert shop.order.stage is Stage.AUTHORISED
    # when
    shop.assign(15.25, second)
    # then
    assert shop.order.stage is Stage.SCHEDULED
    assert scheduling_gates.missing(shop.order) == []
    assert (queries.planned_start(shop.order), queries.planned_end(shop.order)) == (
        hour(14),
        hour(16.25),
    )
    assert queries.technician_of(second) is shop.technician


def test_a_lost_time_takes_the_order_back(shop: Shop) -> None:
    live = shop.assign()
    scheduling.unassign(shop.job, seen_version=live.version, by=shop.advisor, at=AT)
    assert shop.order.stage is Stage.AUTHORISED
    assert queries.list_queue(shop.branch) == [shop.job]


def test_once_work_has_begun_a_new_job_does_not_change_the_stage(shop: Shop) -> None:
    shop.assign()
    shop.order.move_to(Stage.REPAIR, shop.advisor, AT)
    addition = make_job(shop.order, kind=JobKind.ADDITION)
    assert queries.list_queue(shop.branch) == [addition]
    shop.assign(15.25, addition)
    assert shop.order.stage is Stage.REPAIR


def test_an_order_that_is_not_authorised_is_not_planned(shop: Shop) -> None:
    job = make_job(make_order(Stage.QUOTED))
    with pytest.raises(RuleBroken):
        shop.assign(14, job)
    assert [fact.code for fact in scheduling_gates.missing(job.order)] == ["authorisation"]


def test_a_job_has_one_time(shop: Shop) -> None:
    shop.assign()
    with pytest.raises(RuleBroken, match="has a time already"):
        shop.assign(16)


def test_only_who_schedules_assigns(shop: Shop) -> None:
    clerk = make_user(RoleName.PARTS_CLERK)
    with pytest.raises(NotAllowed):
        scheduling.assign(shop.job, shop.technician, shop.bay, hour(14), by=clerk, at=AT)
    assert scheduling.assign(
        shop.job, shop.technician, shop.bay, hour(14), by=shop.controller, at=AT
    )


def test_a_missing_skill_a_low_level_and_an_old_certificate_are_refused(shop: Shop) -> None:
    skill = skill_of(shop.technician)
    shop.job.level = 3
    with pytest.raises(RuleBroken, match="needs level 3"):
        shop.assign()
    skill.level, skill.expires_on = 3, date(2026, 11, 22)
    with pytest.raises(RuleBroken, match="expired on 2026-11-22"):
        shop.assign()
    shop.job.skill = make_skill("paint")
    with pytest.raises(RuleBroken, match="does not have the skill"):
        shop.assign()


def test_high_voltage_work_is_for_certified_people(shop: Shop) -> None:
    shop.job.skill = make_skill("high_voltage")
    with pytest.raises(RuleBroken, match="certified"):
        shop.assign()
    certified = make_technician(skill=make_skill("high_voltage"))
    scheduling.assign(shop.job, certified, shop.bay, hour(14), by=shop.advisor, at=AT)


def test_a_job_goes_only_into_a_fit_bay(shop: Shop) -> None:
    booth = make_bay(BayKind.PAINT)
    with pytest.raises(RuleBroken, match="not fit"):
        scheduling.assign(shop.job, shop.technician, booth, hour(14), by=shop.advisor, at=AT)
    with pytest.raises(Invalid):
        scheduling.assign(shop.job, shop.technician, None, hour(14), by=shop.advisor, at=AT)


def test_the_advisor_moves_and_a_stale_page_does_not(shop: Shop) -> None:
    # given
    seen = shop.assign().version
    move(shop, 15)
    # then
    with pytest.raises(Conflict) as refused:
        scheduling.move(
            shop.job,
            shop.technician,
            shop.bay,
            hour(16),
            seen_version=seen,
            by=shop.advisor,
            at=AT,
        )
    assert (refused.value.theirs["Starts at"], refused.value.yours["Starts at"]) == (
        hour(15),
        hour(16),
    )


def test_the_controller_changes_who_and_where_but_not_when(shop: Shop) -> None:
    # given
    live = shop.assign()
    other = make_technician()
    # when
    scheduling.move(
        shop.job,
        other,
        shop.bay,
        live.starts_at,
        seen_version=live.version,
        by=shop.controller,
        at=AT,
    )
    # then
    assert queries.technician_of(shop.job) is other
    with pytest.raises(NotAllowed, match="propose another time"):
        move(shop, 15, by=shop.controller)
    with pytest.raises(NotAllowed):
        scheduling.unassign(shop.job, seen_version=live.version, by=shop.controller, at=AT)


def test_the_setting_lets_the_controller_move_alone(shop: Shop) -> None:
    shop.assign()
    shop.branch.controller_moves_alone = True
    move(shop, 15, by=shop.controller)
    assert queries.planned_start(shop.order) == hour(15)


def test_another_day_needs_a_recorded_consent(shop: Shop) -> None:
    # given
    shop.assign()
    with pytest.raises(RuleBroken, match="consent"):
        move(shop, 9, days=1)
    # when
    move(shop, 9, days=1, consent=CONSENT)
    # then
    noted = session.scalars(select(DayConsent)).one()
    assert (noted.from_day, noted.to_day) == (date(2026, 11, 23), date(2026, 11, 24))
    assert (noted.agreed_by, noted.channel, noted.noted_by_id) == (
        "王小明",
        Channel.PHONE,
        shop.advisor.id,
    )


def test_a_consent_needs_a_name_and_no_time_to_come(shop: Shop) -> None:
    shop.assign()
    for consent in (Consent(Channel.SMS, " ", AT), Consent(Channel.SMS, "王", hour(11))):
        with pytest.raises(Invalid):
            move(shop, 9, days=1, consent=consent)


def test_the_ledger_counts_the_job_on_the_day_on_which_it_stands(shop: Shop) -> None:
    # given it was taken at authorisation, for Monday
    monday, tuesday = date(2026, 11, 23), date(2026, 11, 24)
    skill_id, job = shop.job.skill_id, shop.job
    capacity.take(shop.branch, monday, Need(skill_id), 60, TakeSource.JOB, job.id, at=AT)
    shop.assign()
    assert [take.day for take in capacity.list_takes(TakeSource.JOB, job.id)] == [monday]
    # when
    move(shop, 9, days=1, consent=CONSENT)
    # then
    assert [take.day for take in capacity.list_takes(TakeSource.JOB, job.id)] == [tuesday]
    assert capacity.day_capacity(shop.branch, monday, skill_id).taken_minutes == 0


def test_a_running_job_keeps_its_start_and_may_take_longer(shop: Shop) -> None:
    # given
    live = shop.assign(10)
    shop.job.state = JobState.RUNNING
    # then
    with pytest.raises(RuleBroken, match="its start may not"):
        move(shop, 11)
    with pytest.raises(RuleBroken):
        scheduling.unassign(shop.job, seen_version=live.version, by=shop.advisor, at=AT)
    # when
    move(shop, 10, minutes=90)
    # then
    assert live.ends_at == hour(11.5)


def test_a_paused_job_leaves_what_was_worked_and_goes_on_later(shop: Shop) -> None:
    # given half an hour of two is worked
    shop.job.book_minutes = 120
    first = shop.assign(10)
    shop.job.state = JobState.PAUSED
    # when
    scheduling.move(
        shop.job,
        shop.technician,
        shop.bay,
        hour(15),
        seen_version=first.version,
        by=shop.advisor,
        at=hour(10.5),
    )
    # then
    rest = scheduling.get_live(shop.job)
    assert (first.status, first.ends_at) == (AllocationStatus.DONE, hour(10.5))
    assert (rest.starts_at, rest.minutes) == (hour(15), 90)
    assert queries.planned_start(shop.order) == hour(10)


def test_two_jobs_change_places(shop: Shop) -> None:
    # given
    second = make_job(shop.order)
    first_time, second_time = shop.assign(14), shop.assign(15.25, second)
    # when
    versions = (first_time.version, second_time.version)
    scheduling.swap(shop.job, second, seen_versions=versions, by=shop.advisor, at=AT)
    # then
    assert (first_time.starts_at, second_time.starts_at) == (hour(15.25), hour(14))


def test_a_proposal_waits_for_the_advisor_who_confirms_it(shop: Shop) -> None:
    # given
    live = shop.assign()
    proposal = propose(shop, 15)
    assert (live.starts_at, queries.list_proposals(shop.branch)) == (hour(14), [proposal])
    with pytest.raises(NotAllowed):
        proposals.confirm(proposal, by=shop.controller, at=AT)
    # when
    proposals.confirm(proposal, by=shop.advisor, at=AT)
    # then
    assert live.starts_at == hour(15)
    assert proposal.state is ProposalState.CONFIRMED
    with pytest.raises(RuleBroken, match="answered already"):
        proposals.refuse(proposal, "太晚", by=shop.advisor, at=AT)


def test_a_refused_proposal_changes_nothing_and_says_why(shop: Shop) -> None:
    live = shop.assign()
    proposal = propose(shop, 15)
    with pytest.raises(Invalid):
        proposals.refuse(proposal, " ", by=shop.advisor, at=AT)
    proposals.refuse(proposal, "客户四点要用车", by=shop.advisor, at=AT)
    assert (live.starts_at, proposal.state) == (hour(14), ProposalState.REFUSED)


def test_the_newest_proposal_counts_and_only_a_legal_one_is_taken(shop: Shop) -> None:
    shop.assign()
    first, second = propose(shop, 15), propose(shop, 16)
    assert (first.state, second.state) == (ProposalState.WITHDRAWN, ProposalState.OPEN)
    with pytest.raises(RuleBroken, match="not at work"):
        propose(shop, 12.5)
    with pytest.raises(Invalid):
        propose(shop, 15, reason="")


def test_a_proposal_for_a_time_that_changed_meanwhile_is_a_conflict(shop: Shop) -> None:
    shop.assign()
    proposal = propose(shop, 15)
    move(shop, 16)
    with pytest.raises(Conflict):
        proposals.confirm(proposal, by=shop.advisor, at=AT)


def test_a_proposal_for_another_day_still_needs_the_consent(shop: Shop) -> None:
    shop.assign()
    proposal = propose(shop, 9, days=1)
    with pytest.raises(RuleBroken, match="consent"):
        proposals.confirm(proposal, by=shop.advisor, at=AT)
    proposals.confirm(proposal, consent=CONSENT, by=shop.advisor, at=AT)
    assert queries.planned_start(shop.order) == hour(9, 1)


def propose(shop: Shop, hours: float, *, days: int = 0, reason: str = "等举升机"):  # type: ignore[no-untyped-def]
    live = scheduling.get_live(shop.job)
    proposal = proposals.propose(
        shop.job,
        shop.technician,
        shop.bay,
        hour(hours, days),
        minutes=60,
        reason=reason,
        seen_version=live.version,
        by=shop.controller,
        at=AT,
    )
    session.flush()
    return proposal


def test_the_folder_walks_one_way(shop: Shop) -> None:
    shop.assign()
    folder = queries.find_folder(shop.job)
    assert folder is not None
    assert folder.state is FolderState.PREPARED
    with pytest.raises(RuleBroken):
        folders.give_back(shop.job, by=shop.advisor, at=AT)
    for step, state in (
        ("rack", FolderState.ON_RACK),
        ("take", FolderState.TAKEN),
        ("return", FolderState.RETURNED),
    ):
        assert folders.advance(shop.job, step, by=shop.advisor, at=AT).state is state
    with pytest.raises(RuleBroken):
        folders.take(shop.job, by=shop.advisor, at=AT)


def test_a_suggestion_says_why(shop: Shop) -> None:
    found = suggestion.suggest(shop.job, AT)
    assert found is not None
    assert (found.technician, found.bay, found.starts_at) == (shop.technician, shop.bay, AT)
    assert [reason.code for reason in found.why] == ["skill", "bay", "parts", "slack"]
    assert found.why[-1].values["minutes"] == 345


def test_a_suggestion_waits_for_the_job_before_on_the_same_car(shop: Shop) -> None:
    second = make_job(shop.order, book_minutes=30)
    make_technician()
    make_bay()
    shop.assign(10)
    found = suggestion.suggest(second, AT)
    assert found is not None
    assert found.starts_at == hour(11.25)


def test_a_repeat_repair_goes_to_another_and_better_technician(shop: Shop) -> None:
    # given the earlier order was done by the shop's technician
    earlier = make_order(Stage.AUTHORISED)
    old_job = make_job(earlier)
    done = shop.assign(10, old_job)
    allocations.finish(done, AT)
    make_technician(level=2)
    better = make_technician(level=4)
    shop.order.repeat_repair, shop.order.repeat_of_id = True, earlier.id
    # when
    found = suggestion.suggest(shop.job, AT)
    # then
    assert found is not None
    assert found.technician is better
    assert "repeat" in [reason.code for reason in found.why]


def test_a_repeat_repair_stays_with_the_only_one_who_can(shop: Shop) -> None:
    earlier = make_order(Stage.AUTHORISED)
    allocations.finish(shop.assign(10, make_job(earlier)), AT)
    shop.order.repeat_repair, shop.order.repeat_of_id = True, earlier.id
    found = suggestion.suggest(shop.job, AT)
    assert found is not None
    assert found.technician is shop.technician


def test_a_job_nobody_can_do_has_no_suggestion(shop: Shop) -> None:
    shop.job.level = 5
    assert suggestion.suggest(shop.job, AT) is None


def test_the_queue_begins_with_what_comes_first(shop: Shop) -> None:
    # given
    comeback = make_job(make_order(Stage.AUTHORISED, repeat_repair=True))
    waiter = make_job(make_order(Stage.AUTHORISED, stays=True, is_walk_in=False))
    # then
    assert queries.list_queue(shop.branch) == [comeback, waiter, shop.job]


def test_yesterdays_unfinished_work_is_left_over(shop: Shop) -> None:
    live = shop.assign(14)
    assert allocations.list_left_over(shop.branch, date(2026, 11, 24)) == [live]
    assert allocations.list_left_over(shop.branch, date(2026, 11, 23)) == []
    allocations.finish(live, hour(15))
    assert allocations.list_left_over(shop.branch, date(2026, 11, 24)) == []


def test_the_consent_is_never_rewritten(shop: Shop) -> None:
    shop.assign()
    move(shop, 9, days=1, consent=CONSENT)
    db.commit()
    noted = session.scalars(select(DayConsent)).one()
    noted.agreed_by = "别人"
    with pytest.raises(Exception, match="append-only"):
        session.flush()
    db.rollback()


def test_minutes_left_shrink_with_each_finished_piece(shop: Shop) -> None:
    job: Job = shop.job
    job.book_minutes = 180
    live = shop.assign(13)
    allocations.finish(live, hour(14))
    assert queries.minutes_left(job) == 120
