"""Care for who stays, the sheet of who leaves, reports and rounds, without HTTP."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from tests.databases import Database
from tests.factories import make_branch, make_order, make_user
from tests.steps.lounge.factories import make_loaner, make_sheet
from workshop import db, events
from workshop.cases import service as cases
from workshop.cases.models import CaseTopic
from workshop.customers.models import Channel
from workshop.db import session
from workshop.errors import Conflict, Invalid, NotAllowed, RuleBroken
from workshop.orders.flow import Stage
from workshop.orders.models import OrderChanged, RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.lounge import departure as departures
from workshop.steps.lounge import due_reports, queries, rounds
from workshop.steps.lounge import gates as lounge_gates
from workshop.steps.lounge import service as lounge
from workshop.steps.lounge.enums import CareKind, Occasion, Transport
from workshop.steps.lounge.models import CareAct


@pytest.fixture
def attendant(database: Database) -> User:
    return make_user(RoleName.LOUNGE_ATTENDANT)


@pytest.fixture
def order(database: Database, at: datetime) -> RepairOrder:
    return make_order(
        Stage.REPAIR, stays=True, authorised_at=at, promised_at=at + timedelta(hours=3)
    )


def test_each_act_has_its_own_time_and_a_second_press_changes_nothing(
    order: RepairOrder, attendant: User, at: datetime
) -> None:
    # when
    first = lounge.do_act(order, CareKind.SEAT, by=attendant, at=at)
    lounge.do_act(order, CareKind.WATER, by=attendant, at=at + timedelta(minutes=2))
    again = lounge.do_act(order, CareKind.SEAT, by=attendant, at=at + timedelta(minutes=9))
    # then
    assert again is first
    times = {act.kind: act.done_at for act in queries.list_acts(order)}
    assert times == {CareKind.SEAT: at, CareKind.WATER: at + timedelta(minutes=2)}


def test_an_act_taken_back_is_open_again_and_its_line_stays(
    order: RepairOrder, attendant: User, at: datetime
) -> None:
    act = lounge.do_act(order, CareKind.SEAT, by=attendant, at=at)
    lounge.take_back_act(order, act, by=attendant, at=at)
    session.flush()
    assert queries.list_acts(order) == []
    lounge.do_act(order, CareKind.SEAT, by=attendant, at=at + timedelta(minutes=1))
    assert session.query(CareAct).count() == 2


def test_the_sixth_act_is_done_by_reporting_and_by_nothing_else(
    order: RepairOrder, attendant: User, at: datetime
) -> None:
    with pytest.raises(RuleBroken, match="recording what the customer was told"):
        lounge.do_act(order, CareKind.REPORT, by=attendant, at=at)
    lounge.record_report(order, Occasion.START, "已经开始", Channel.IN_PERSON, by=attendant, at=at)
    assert queries.find_act(order, CareKind.REPORT) is not None


def test_care_acts_are_for_who_stays_in_the_shop(
    database: Database, attendant: User, at: datetime
) -> None:
    away = make_order(Stage.REPAIR, stays=False)
    with pytest.raises(RuleBroken, match="does not wait here"):
        lounge.do_act(away, CareKind.SEAT, by=attendant, at=at)
    gone = make_order(Stage.CANCELLED, stays=True)
    with pytest.raises(RuleBroken, match="not possible"):
        lounge.do_act(gone, CareKind.SEAT, by=attendant, at=at)


def test_who_may_not_care_is_refused(order: RepairOrder, at: datetime) -> None:
    clerk = make_user(RoleName.PARTS_CLERK)
    with pytest.raises(NotAllowed):
        lounge.record_stay(order, False, by=clerk, at=at)
    with pytest.raises(NotAllowed):
        rounds.check(make_branch(), "clean", True, "", by=clerk, at=at)


def test_a_complaint_needs_its_words_and_a_stale_note_shows_both(
    order: RepairOrder, attendant: User, at: datetime
) -> None:
    def save(seat: str, version: int, complained: bool = False, complaint: str = "") -> None:
        lounge.save_record(
            order,
            seat=seat,
            drinks="茶",
            remarks="",
            complained=complained,
            complaint=complaint,
            seen_version=version,
            by=attendant,
            at=at,
        )
        session.flush()

    with pytest.raises(Invalid) as refused:
        save("A1", 0, complained=True)
    assert refused.value.field == "complaint"
    save("A1", 0)
    save("A2", 1, complained=True, complaint="太久")
    with pytest.raises(Conflict) as stale:
        save("A3", 1)
    assert (stale.value.theirs["Seat or zone"], stale.value.yours["Seat or zone"]) == ("A2", "A3")


def test_a_report_sets_the_next_one_and_tells_the_screens(
    order: RepairOrder, attendant: User, at: datetime
) -> None:
    assert due_reports.next_due_at(order) == at  # The work has started and nobody said so.
    events.take()
    report = lounge.record_report(
        order, Occasion.START, "已经开始", Channel.PHONE, by=attendant, at=at
    )
    assert report.next_due_at == at + timedelta(minutes=60)
    assert due_reports.next_due_at(order) == at + timedelta(minutes=60)
    assert [type(event) for event in events.take()] == [OrderChanged]
    with pytest.raises(Invalid):
        lounge.record_report(order, Occasion.START, " ", Channel.PHONE, by=attendant, at=at)


def test_unfinished_work_is_told_before_the_promised_time(
    order: RepairOrder, attendant: User, at: datetime
) -> None:
    order.promised_at = at + timedelta(minutes=40)
    session.flush()
    lounge.record_report(order, Occasion.START, "开始", Channel.PHONE, by=attendant, at=at)
    branch = order.branch
    assert due_reports.list_owed(branch, at + timedelta(minutes=24)) == []
    [due] = due_reports.list_owed(branch, at + timedelta(minutes=25))
    assert (due.order, due.occasion) == (order, Occasion.DELAY)
    assert due.overdue_minutes(at + timedelta(minutes=31)) == 6


def test_the_list_names_who_is_owed_most_first_and_stops_when_the_car_is_gone(
    order: RepairOrder, attendant: User, at: datetime
) -> None:
    ready = make_order(Stage.READY, stays=False, ready_at=at - timedelta(minutes=10))
    dues = due_reports.list_owed(order.branch, at)
    assert [due.order for due in dues] == [ready, order]
    assert dues[0].occasion is Occasion.DONE
    ready.move_to(Stage.DELIVERED, attendant, at)
    session.flush()
    assert [due.order for due in due_reports.list_owed(order.branch, at)] == [order]


def test_what_was_told_stays_told(order: RepairOrder, attendant: User, at: datetime) -> None:
    lounge.record_report(order, Occasion.START, "开始", Channel.PHONE, by=attendant, at=at)
    db.commit()
    with pytest.raises(IntegrityError, match="append-only"):
        session.execute(text("UPDATE progress_report SET said = 'anders'"))


def test_missing_names_what_the_step_needs(
    database: Database, attendant: User, at: datetime
) -> None:
    order = make_order(Stage.AUTHORISED)
    assert [fact.code for fact in lounge_gates.missing(order)] == ["stay_unknown"]
    lounge.record_stay(order, True, by=attendant, at=at)
    assert lounge_gates.missing(order)[0].values == {"count": 6}
    departures.save_sheet(order, make_sheet(), seen_version=0, by=attendant, at=at)
    session.flush()
    assert lounge_gates.missing(order) == []


def test_the_sheet_makes_the_customer_leave_and_gives_a_code_once(
    order: RepairOrder, attendant: User, at: datetime
) -> None:
    sheet = departures.save_sheet(order, make_sheet(), seen_version=0, by=attendant, at=at)
    session.flush()
    code = sheet.pick_up_code
    assert order.stays is False
    assert len(code) == 6
    assert code.isdigit()
    corrected = make_sheet(pick_up_name="王先生")
    departures.save_sheet(order, corrected, seen_version=1, by=attendant, at=at)
    assert queries.find_departure(order) is sheet
    assert (sheet.pick_up_code, sheet.pick_up_name) == (code, "王先生")
    session.flush()
    with pytest.raises(Conflict):
        departures.save_sheet(order, corrected, seen_version=1, by=attendant, at=at)


@pytest.mark.parametrize(
    ("loaner", "field"),
    [
        ({"contract_no": " "}, "contract_no"),
        ({"plate": ""}, "loaner_plate"),
        ({"km_out": None}, "km_out"),
        ({"energy_out": None}, "energy_out"),
        ({"due_at": None}, "due_back"),
        ({"licence_checked": False}, "licence_checked"),
    ],
)
def test_no_loaner_car_without_contract_readings_and_licence(
    order: RepairOrder, attendant: User, at: datetime, loaner: dict[str, object], field: str
) -> None:
    sheet = make_sheet(
        transport=Transport.LOANER,
        loaner=replace(make_loaner(), **loaner),  # type: ignore[arg-type]
    )
    with pytest.raises((Invalid, RuleBroken)) as refused:
        departures.save_sheet(order, sheet, seen_version=0, by=attendant, at=at)
    assert refused.value.field == field


def test_a_loaner_car_is_with_one_customer_at_a_time(
    order: RepairOrder, attendant: User, at: datetime
) -> None:
    # given
    sheet = make_sheet(transport=Transport.LOANER, loaner=make_loaner(plate=" 沪a66k88"))
    out = departures.save_sheet(order, sheet, seen_version=0, by=attendant, at=at)
    session.flush()
    other = make_order(Stage.REPAIR)
    # then
    with pytest.raises(RuleBroken, match=order.no):
        departures.save_sheet(other, sheet, seen_version=0, by=attendant, at=at)
    with pytest.raises(RuleBroken, match="below"):
        departures.return_loaner(out, km_in=1, energy_in=50, damage="", by=attendant, at=at)
    assert [each for each, _ in queries.list_loaners_out(order.branch)] == [out]
    # when
    departures.return_loaner(out, km_in=35_300, energy_in=50, damage="", by=attendant, at=at)
    session.flush()
    # then
    assert queries.list_loaners_out(order.branch) == []
    departures.save_sheet(other, sheet, seen_version=0, by=attendant, at=at)


def test_the_database_too_keeps_a_loaner_car_to_one_customer(
    order: RepairOrder, attendant: User, at: datetime
) -> None:
    sheet = make_sheet(transport=Transport.LOANER, loaner=make_loaner())
    departures.save_sheet(order, sheet, seen_version=0, by=attendant, at=at)
    other = departures.save_sheet(
        make_order(Stage.REPAIR), make_sheet(), seen_version=0, by=attendant, at=at
    )
    session.flush()
    other.loaner_plate = "沪A66K88"
    with pytest.raises(IntegrityError):
        session.flush()


def test_an_item_not_in_order_needs_an_action_and_is_followed_to_its_end(
    attendant: User, at: datetime
) -> None:
    branch = make_branch()
    with pytest.raises(Invalid):
        rounds.check(branch, "cups", False, " ", by=attendant, at=at)
    fault = rounds.check(branch, "cups", False, "去库房拿", by=attendant, at=at)
    session.flush()
    assert rounds.list_open_faults(branch) == [fault]
    rounds.close(fault, by=attendant, at=at + timedelta(minutes=5))
    session.flush()
    assert rounds.list_open_faults(branch) == []
    with pytest.raises(RuleBroken, match="next round"):
        rounds.check(branch, "cups", True, "", by=attendant, at=at)


def test_the_day_shows_how_far_the_round_of_each_opened_hour_is(
    attendant: User, at: datetime
) -> None:
    branch = make_branch()
    for item in rounds.list_items(branch, at):
        rounds.check(branch, item.code, True, "", by=attendant, at=at - timedelta(hours=1))
    rounds.check(branch, "air", False, "开窗", by=attendant, at=at)
    session.flush()
    hours = rounds.list_hours(branch, at)
    assert [(hour.checked, hour.is_complete, hour.faults) for hour in hours] == [
        (0, False, 0),
        (19, True, 0),
        (1, False, 1),
    ]


def complain(order: RepairOrder, words: str, *, by: User, at: datetime, version: int = 0) -> None:
    lounge.save_record(
        order,
        seat="A2",
        drinks="",
        remarks="",
        complained=True,
        complaint=words,
        topic=CaseTopic.WAITING,
        seen_version=version,
        by=by,
        at=at,
    )
    session.flush()


def test_a_complaint_in_the_lounge_opens_one_case_that_the_advisor_owns(
    order: RepairOrder, attendant: User, at: datetime
) -> None:
    # when
    complain(order, "等了两个小时没人理", by=attendant, at=at)
    complain(order, "等了两个小时没人理", by=attendant, at=at, version=1)
    # then
    (case,) = cases.list_for_order(order)
    assert (case.owner, case.opened_by_id) == (order.advisor, attendant.id)
    assert (case.summary, case.topic) == ("等了两个小时没人理", CaseTopic.WAITING)
    # when the customer says more, it joins the open case
    complain(order, "空调也太冷", by=attendant, at=at, version=1)
    assert len(cases.list_for_order(order)) == 1
    assert cases.list_entries(case)[0].words == "空调也太冷"


def test_whoever_handles_cases_and_is_asked_first_owns_the_complaint(
    order: RepairOrder, at: datetime
) -> None:
    officer = make_user(RoleName.SERVICE_ADVISOR)
    complain(order, "价格不对", by=officer, at=at)
    (case,) = cases.list_for_order(order)
    assert case.owner == officer
