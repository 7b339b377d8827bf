"""Moments on the floor: the jobs, and the three levels of checks."""

from __future__ import annotations

from datetime import timedelta

from tests.factories import AT, make_technician, make_user
from tests.gates.tries import Try, advisor, cashier, controller, manager
from tests.steps.quotation import factories as quotations
from tests.steps.repair import factories as given
from tests.steps.repair.test_views import ROAD, check_data
from workshop.db import session
from workshop.orders.models import Job, RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.quotation import queries as quotation
from workshop.steps.repair import work
from workshop.steps.repair.quality import service as quality
from workshop.steps.repair.rules import Level, PauseReason
from workshop.steps.scheduling import queries as plan

GOOD = check_data(Level.QUALITY_CHECK, **ROAD)
FINAL = check_data(Level.FINAL_CHECK)
MINE = check_data(Level.SELF_CHECK)


def _checks(order: RepairOrder, words: str, status: int = 409) -> list[Try]:
    """Nobody may record a check of the car now, nor settle it, nor let it go."""
    url = f"/orders/{order.no}"
    inspector = make_user(RoleName.QUALITY_INSPECTOR)
    return [
        Try(inspector, f"{url}/repair/quality-check", words, GOOD, status),
        Try(order.advisor, f"{url}/repair/final-check", words, FINAL, status),
        *_leaving(order),
    ]


def _leaving(order: RepairOrder) -> list[Try]:
    url, unchecked = f"/orders/{order.no}", "The final check has not been passed."
    signed = {"deliver-signature_typed": "王小明"}
    greeter = make_user(RoleName.GREETER)
    return [
        Try(cashier(), f"{url}/settlement/make", unchecked),
        Try(order.advisor, f"{url}/handover/deliver", unchecked, signed),
        Try(greeter, "/gate/leave", "it has no gate pass", {"wanted": order.vehicle.plate}),
    ]


def a_job_that_was_not_released() -> list[Try]:
    (job,) = given.make_planned()
    by = given.worker(job)
    url = f"/my-jobs/{job.id}"
    own = "This job is not assigned to you."
    return [
        Try(by, f"{url}/start", "The order is not released to the workshop yet."),
        Try(by, f"{url}/resume", "and cannot be resumed"),
        Try(by, f"{url}/pause", "The job is not running.", {"reason": "break"}),
        Try(by, f"{url}/finish", "The job is not running."),
        Try(by, f"{url}/points/process", "Points are ticked while the job is running."),
        Try(by, f"{url}/self-check", "The self-check is made while the job is running.", MINE),
        Try(make_technician().user, f"{url}/points/process", own, status=403),
        *_checks(job.order, "The order is “Scheduled”."),
    ]


def a_job_that_is_running() -> list[Try]:
    (job,) = given.make_running()
    order, by = job.order, given.worker(job)
    url, board = f"/my-jobs/{job.id}", f"/orders/{order.no}/scheduling/jobs/{job.id}"
    live = plan.find_live(job)
    signed = quotation.find_signed(order)
    assert live is not None
    assert signed is not None
    version = str(live.version)
    place = {"technician_id": str(live.technician_id), "bay_id": str(live.bay_id)}
    later = {"day": "2026-11-23", "time": "14:00", "minutes": "60", "version": version}
    revise = f"/orders/{order.no}/quotation/{signed.id}/revise"
    cancel = f"/orders/{order.no}/reception/cancel"
    return [
        Try(by, f"{url}/start", "and cannot be started"),
        Try(by, f"{url}/resume", "and cannot be resumed"),
        Try(by, f"{url}/points/finish", "is ticked by the act itself"),
        Try(by, f"{url}/finish", "Still to be ticked"),
        Try(by, f"{url}/note", "Write a few words or take a photo.", {"text": " "}),
        Try(order.advisor, f"{board}/unassign", "This job has begun", {"version": version}),
        Try(order.advisor, f"{board}/place", "its start may not", place | later),
        Try(order.advisor, revise, "The work is planned already", {"seen": str(signed.version)}),
        Try(manager(), cancel, "cannot be cancelled any more", {"cancel-reason": "不修了"}),
        Try(order.advisor, f"/orders/{order.no}/parts/release", "Everything that was authorised"),
        *_checks(order, "The order is “In repair”."),
    ]


def a_job_without_its_self_check() -> list[Try]:
    (job,) = given.make_running()
    given.tick_all(job, AT - timedelta(minutes=20))
    url = f"/my-jobs/{job.id}"
    late = "A tick can be taken back within 10 seconds only."
    return [
        Try(given.worker(job), f"{url}/finish", "The self-check has not been made."),
        Try(given.worker(job), f"{url}/points/protection/undo", late),
        *_leaving(job.order),
    ]


def a_job_whose_self_check_found_something() -> list[Try]:
    (job,) = given.make_running()
    given.tick_all(job, AT - timedelta(minutes=20))
    given.self_check(job, AT, bad="torque")
    words = "The self-check found something; mend it and check again."
    return [Try(given.worker(job), f"/my-jobs/{job.id}/finish", words)]


def a_job_that_rests() -> list[Try]:
    technician = make_technician()
    first, second = given.make_ready(2, same=technician)
    by = technician.user
    work.start(first, by, AT)
    work.pause(first, PauseReason.PARTS, by, AT)
    work.start(second, by, AT)
    url, running = f"/my-jobs/{first.id}", "The job is not running."
    stop = f"/orders/{first.order.no}/repair/jobs/{first.id}/pause"
    return [
        Try(by, f"{url}/resume", "Your clock is running on"),
        Try(by, f"{url}/pause", running, {"reason": "break"}),
        Try(by, f"{url}/finish", running),
        Try(by, f"{url}/points/process", "Points are ticked while the job is running."),
        Try(by, f"{url}/self-check", "The self-check is made while the job is running.", MINE),
        Try(controller(), stop, running, {"reason": "break"}),
    ]


def additional_work_that_nobody_answered() -> list[Try]:
    (job,) = given.make_running()
    order = job.order
    addition = quotations.make_addition(order)
    part = quotation.list_lines(addition)[-1]
    given.complete(job, AT)
    url = f"/orders/{order.no}"
    bare = {f"decide-{group.head.id}": "yes" for group in quotation.list_groups(addition)}
    seen = {"seen": str(addition.version)}
    return [
        Try(
            order.advisor,
            f"{url}/quotation/{addition.id}/answer",
            "Note who said so on the phone, and when.",
            bare | seen | {"channel": "phone"},
            422,
        ),
        Try(cashier(), f"{url}/settlement/make", "Additional work waits for an answer."),
        Try(
            order.advisor,
            f"{url}/quotation/draft/lines/{part.id}/quantity",
            "The version on your page is not the draft any more.",
            seen,
        ),
    ]


def _both_roles(user: User, role: RoleName) -> User:
    user.roles = [*user.roles, *make_user(role).roles]
    session.flush()
    return user


def a_car_before_its_quality_check() -> list[Try]:
    order = given.make_checked_in()
    (job,) = given.queries.list_jobs(order)
    worker = _both_roles(given.worker(job), RoleName.TEAM_LEADER)
    serving = _both_roles(order.advisor, RoleName.QUALITY_INSPECTOR)
    url = f"/orders/{order.no}/repair"
    check = f"{url}/quality-check"
    return [
        Try(serving, f"{url}/final-check", "The order is “Quality check”.", FINAL),
        Try(worker, check, "You worked on this car.", GOOD, 403),
        Try(serving, check, "the quality check needs somebody else", GOOD, 403),
        Try(advisor(), check, "Your role does not allow this.", GOOD, 403),
        Try(make_technician().user, check, "Your role does not allow this.", GOOD, 403),
        Try(worker, f"/my-jobs/{job.id}/start", "and cannot be started"),
        Try(worker, f"/my-jobs/{job.id}/self-check", "while the job is running", MINE),
        *_leaving(order),
    ]


def _make_quality_checked(by: User) -> RepairOrder:
    order = given.make_checked_in()
    answers = given.answers(Level.QUALITY_CHECK)
    quality.quality_check(order, answers, drive=given.DRIVE, by=by, at=AT)
    return order


def a_car_before_its_final_check() -> list[Try]:
    order = _make_quality_checked(make_user(RoleName.QUALITY_INSPECTOR))
    url = f"/orders/{order.no}/repair"
    stage = "The order is “Final check”."
    return [
        Try(advisor(), f"{url}/final-check", "is made by the order's advisor", FINAL, 403),
        Try(make_user(RoleName.QUALITY_INSPECTOR), f"{url}/quality-check", stage, GOOD),
        Try(make_user(RoleName.WASHER), f"/orders/{order.no}/wash", "is not possible while"),
        *_leaving(order),
    ]


def an_advisor_who_made_the_quality_check() -> list[Try]:
    leader = _both_roles(make_user(RoleName.TEAM_LEADER), RoleName.SERVICE_ADVISOR)
    order = _make_quality_checked(leader)
    order.advisor_id = leader.id
    session.flush()
    session.refresh(order)
    words = "You made the quality check. Somebody else has to make the final check."
    return [Try(leader, f"/orders/{order.no}/repair/final-check", words, FINAL, 403)]


def a_car_in_internal_rework() -> list[Try]:
    order = given.make_checked_in()
    quality.quality_check(
        order,
        given.answers(Level.QUALITY_CHECK, bad="torque"),
        drive=given.DRIVE,
        fault=given.fault(order),
        by=make_user(RoleName.QUALITY_INSPECTOR),
        at=AT,
    )
    rework = session.query(Job).order_by(Job.id.desc()).first()
    assert rework is not None
    words = "The order is “Internal rework”."
    stranger = make_technician().user
    return [
        Try(stranger, f"/my-jobs/{rework.id}/start", "No technician is assigned."),
        *_checks(order, words),
    ]


MOMENTS = (
    a_job_that_was_not_released,
    a_job_that_is_running,
    a_job_without_its_self_check,
    a_job_whose_self_check_found_something,
    a_job_that_rests,
    additional_work_that_nobody_answered,
    a_car_before_its_quality_check,
    a_car_before_its_final_check,
    an_advisor_who_made_the_quality_check,
    a_car_in_internal_rework,
)
