"""One case for each act: who does what to which record, and what the trail must say of it."""

from __future__ import annotations

import base64
import dataclasses
import uuid
from datetime import time, timedelta
from typing import Any

from flask import current_app

from tests.audit.act import LATER, Act, boss, collect
from tests.factories import (
    AT,
    make_attendance,
    make_bay,
    make_branch,
    make_company,
    make_contact,
    make_customer,
    make_order,
    make_part,
    make_skill,
    make_technician,
    make_user,
    make_vehicle,
)
from tests.shop.factories import hour, make_logo
from tests.steps.booking import factories as bookings
from tests.steps.handover.factories import prepare
from tests.steps.quotation import factories as quotations
from tests.steps.reception import factories as receptions
from tests.steps.repair import factories as repairs
from tests.steps.scheduling.factories import make_shop as make_plan
from tests.steps.scheduling.replanning.floor import make_floor
from tests.steps.settlement.factories import (
    DAY,
    make_cashier,
    make_checked,
    make_settled,
    make_settlement,
    pay,
)
from workshop.allocation import service as allocations
from workshop.attendance import corrections
from workshop.attendance import service as attendance
from workshop.backup.records import archive_name
from workshop.cases import service as cases
from workshop.cases.models import Case, CaseTopic, Verdict
from workshop.catalogue.models import Payer
from workshop.config import Settings
from workshop.customers import consents
from workshop.customers import corrections as customer_corrections
from workshop.customers import service as customers
from workshop.customers.contacts import service as contacts
from workshop.customers.contacts.service import About
from workshop.customers.merging import service as merging
from workshop.customers.models import Channel, ConsentPurpose, ContactRole, EnergyType
from workshop.db import session
from workshop.orders import cancellation
from workshop.orders import service as orders
from workshop.orders.flow import Stage
from workshop.screen import service as screen
from workshop.setup import putting_away
from workshop.setup.backups import service as backups
from workshop.setup.leaving import service as leaving
from workshop.setup.leaving import state
from workshop.setup.rules import SetupStep
from workshop.shop import absences, branches, calendar, letterhead, people, work_groups
from workshop.shop.models import BayKind
from workshop.shop.separation import service as separation
from workshop.shop.separation.rules import Apart
from workshop.staff import people as colleagues
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.booking import service as booking
from workshop.steps.booking.rules import AppointmentStatus
from workshop.steps.handover import delivery
from workshop.steps.handover import service as handover
from workshop.steps.handover.models import Handover
from workshop.steps.handover.reopening import service as reopening
from workshop.steps.handover.rules import HandoverItem
from workshop.steps.quotation import draft, payers
from workshop.steps.quotation import lines as quotation_lines
from workshop.steps.quotation import queries as quotation_queries
from workshop.steps.quotation import service as quotation
from workshop.steps.quotation.models import QuotationKind
from workshop.steps.reception import arrivals, walkaround
from workshop.steps.reception import service as reception
from workshop.steps.repair import work
from workshop.steps.repair.rules import PauseReason, Point
from workshop.steps.scheduling.closing import holding, holds
from workshop.steps.scheduling.closing import service as closing
from workshop.steps.scheduling.closing.models import HoldReason
from workshop.steps.scheduling.dispatch import more_time, proposals
from workshop.steps.scheduling.dispatch import service as scheduling
from workshop.steps.scheduling.models import PinPart
from workshop.steps.scheduling.pinning import service as pinning
from workshop.steps.scheduling.replanning import acceptance
from workshop.steps.scheduling.replanning import service as replan
from workshop.steps.scheduling.replanning.comparison import Comparison
from workshop.steps.scheduling.rules import MoreTimeReason
from workshop.steps.settlement import paying
from workshop.steps.settlement import queries as settlements
from workshop.steps.settlement import service as settlement
from workshop.steps.settlement.rules import InvoiceKind, Tender
from workshop.stock import service as stock
from workshop.stock.models import StockLevel
from workshop.track import service as track

# ---- Money ----


def settlement_make() -> Act:
    order, by = make_checked(), make_cashier()
    said = {"total_fen": settlement_total(order)}
    return Act(by, lambda: settlement.make_settlement(order, by=by, at=LATER), None, said)


def settlement_total(order: Any) -> int:
    found = quotation_queries.list_lines(quotation_queries.find_current(order))
    return sum(line.total_fen for line in found)


def settlement_payment() -> Act:
    bill, by = make_settlement(), make_cashier()
    return Act(by, lambda: pay(bill, 100, by=by), None, {"tender": "cash", "fen": 100})


def settlement_settle() -> Act:
    bill, by = make_settlement(), make_cashier()
    said = {"was": "open", "state": "paid"}
    return Act(by, lambda: pay(bill, by=by), bill, said, ("settlement.payment",))


def settlement_refund() -> Act:
    bill, by = make_settlement(), make_cashier()
    pay(bill, 200)

    def do() -> Any:
        return paying.refund(
            bill.order, Tender.CASH, 50, "多收", client_id=uuid.uuid4().hex, by=by, at=LATER
        )

    return Act(by, do, None, {"tender": "cash", "fen": -50, "reason": "多收"})


def settlement_discount() -> Act:
    bill, by = make_settlement(), boss()
    settlement.set_discount(bill, 100, "老客户", by=by, at=AT)
    said = {"fen": 300, "reason": "返修补偿", "was": {"fen": 100, "reason": "老客户"}}
    return Act(
        by, lambda: settlement.set_discount(bill, 300, "返修补偿", by=by, at=LATER), bill, said
    )


def settlement_reverse() -> Act:
    bill, by = settlements.get_live(make_settled()), boss()
    said = {"reason": "开错", "was": "paid"}
    return Act(by, lambda: settlement.reverse_settlement(bill, "开错", by=by, at=LATER), bill, said)


def settlement_invoice() -> Act:
    bill, by = settlements.get_live(make_settled()), make_cashier()
    settlement.record_invoice(bill, InvoiceKind.ORDINARY, "0001", by=by, at=AT)
    said = {"kind": "ordinary", "no": "0002", "was": "0001"}

    def do() -> None:
        settlement.record_invoice(bill, InvoiceKind.ORDINARY, "0002", by=by, at=LATER)

    return Act(by, do, bill, said)


def settlement_ask_credit() -> Act:
    bill, by = make_settlement(), make_cashier()
    said = {"fen": settlements.balance_fen(bill)}
    return Act(by, lambda: paying.ask_credit(bill, DAY, "月结客户", by=by, at=LATER), None, said)


def settlement_decide_credit() -> Act:
    credit, by = paying.ask_credit(make_settlement(), DAY, "月结", by=make_cashier(), at=AT), boss()
    return Act(
        by,
        lambda: paying.decide_credit(credit, True, by=by, at=LATER),
        credit,
        {"approved": True},
        ("settlement.settle",),
    )


# ---- Quotations and signatures ----


def quotation_offer() -> Act:
    order = quotations.make_draft().order
    by = order.advisor
    return Act(by, lambda: quotation.offer(order, by=by, at=LATER), None, {"total_fen": 62_000})


def quotation_answer() -> Act:
    offered = quotations.make_offer()
    by = offered.order.advisor

    def do() -> Any:
        yes = quotations.yes_to_all(offered)
        return quotation.authorise(offered, yes, signer_name="王小明", by=by, at=LATER)

    return Act(by, do, offered, {"accepted": True, "signer": "王小明"})


def quotation_decline() -> Act:
    offered = quotations.make_offer()
    by = offered.order.advisor
    return Act(
        by,
        lambda: quotation.decline(offered, "太贵", by=by, at=LATER),
        offered,
        {"reason": "太贵"},
    )


def quotation_discount() -> Act:
    written, by = quotations.make_draft(), boss()
    line = quotation_queries.list_lines(written)[0]
    quotation_lines.give_discount(line, written, 100, "会员", by=by, at=AT)

    def do() -> None:
        quotation_lines.give_discount(line, written, 300, "返修补偿", by=by, at=LATER)

    return Act(by, do, line, {"discount_fen": 300, "reason": "返修补偿", "was": 100})


def quotation_choose_payer() -> Act:
    written = quotations.make_draft()
    line, by = quotation_queries.list_lines(written)[0], written.order.advisor

    def do() -> None:
        payers.choose_payer(line, written, Payer.WARRANTY, by=by, at=LATER)

    return Act(by, do, line, {"payer": "warranty", "was": "customer"})


def reception_sign() -> Act:
    order = receptions.make_reception(AT)
    receptions.complete(order, AT)
    by, signature = (
        order.advisor,
        reception.Signature("王小明", base64.b64decode(receptions.make_ink().partition(",")[2])),
    )

    def do() -> None:
        reception.sign(order, signature, by=by, at=LATER)

    return Act(by, do, order, {"edition": 1})


def reception_reopen() -> Act:
    order = make_order(Stage.INSPECTED)
    by = order.advisor
    return Act(
        by, lambda: reception.reopen(order, "漏看", by=by, at=LATER), order, {"reason": "漏看"}
    )


# ---- Promises and orders ----


def orders_open() -> Act:
    vehicle, by = make_vehicle(), make_user(RoleName.SERVICE_ADVISOR)

    def do() -> Any:
        return orders.open_order(
            vehicle,
            vehicle.customer,
            by,
            make_branch(),
            concern="异响",
            is_walk_in=True,
            arrived_at=LATER,
            day=DAY,
            by=by,
            at=LATER,
        )

    return Act(by, do)


def orders_change_promise() -> Act:
    order = make_order(Stage.REPAIR, promised_at=hour(15))
    by = order.advisor

    def do() -> None:
        orders.change_promise(order, hour(17), reason="缺件", told_how="电话", by=by, at=LATER)

    said = {"reason": "缺件", "was": hour(15).isoformat(), "now": hour(17).isoformat()}
    return Act(by, do, order, said)


def orders_cancel() -> Act:
    order, by = make_order(), boss()
    return Act(
        by,
        lambda: cancellation.cancel_order(order, "客户不修了", by=by, at=LATER),
        order,
        {"reason": "客户不修了"},
    )


# ---- People and permissions ----


def staff_create_user() -> Act:
    by = boss()

    def do() -> Any:
        roles = [RoleName.CASHIER]
        return staff.create_user("new", "新人", roles, make_branch().id, at=LATER, by=by)

    return Act(by, do, None, {"roles": ["cashier"]})


def staff_change() -> Act:
    user, by = make_user(RoleName.CASHIER, name="旧名"), boss()
    said = {"old": ["cashier"], "new": ["greeter"], "old_name": "旧名", "new_name": "新名"}
    return Act(
        by,
        lambda: colleagues.change(user, "新名", [RoleName.GREETER], by=by, at=LATER),
        user,
        said,
    )


def staff_make_link() -> Act:
    user, by = make_user(RoleName.CASHIER), boss()
    return Act(by, lambda: colleagues.note_link(user, by=by, at=LATER), user)


def staff_leave() -> Act:
    user, by = make_user(RoleName.CASHIER), boss()
    return Act(by, lambda: colleagues.leave(user, by=by, at=LATER), user)


def staff_come_back() -> Act:
    user, by = make_user(RoleName.CASHIER), boss()
    colleagues.leave(user, by=by, at=AT)
    return Act(by, lambda: colleagues.come_back(user, by=by, at=LATER), user)


def staff_set_password() -> Act:
    user = make_user(RoleName.CASHIER)
    return Act(user, lambda: staff.set_password(user, "a-long-password", at=LATER), user)


def shop_make_technician() -> Act:
    user, by = make_user(RoleName.TECHNICIAN), boss()
    return Act(by, lambda: people.make_technician(user, by=by, at=LATER))


def shop_put_on_board() -> Act:
    who, by = make_technician(), boss()
    return Act(
        by,
        lambda: people.put_on_board(who, False, by=by, at=LATER),
        who,
        {"on_board": False},
    )


def shop_set_skills() -> Act:
    who, by = make_technician(), boss()
    held = {make_skill("paint").id: people.Held(3)}
    said = {"skills": {"paint": 3}, "was": {"engine": 2}}
    return Act(by, lambda: people.set_skills(who, held, by=by, at=LATER), who, said)


def shop_set_team() -> Act:
    who, by = make_technician(), boss()
    said = {"team": "机电一组", "was": ""}
    return Act(by, lambda: people.set_team(who, "机电一组", by=by, at=LATER), who, said)


def shop_set_shifts() -> Act:
    who, by = make_technician(), boss()
    week = {0: [(time(9), time(12))]}
    usual = {str(day): ["08:00-12:00", "13:00-18:00"] for day in range(6)}
    said = {"week": {"0": ["09:00-12:00"]}, "was": usual}
    return Act(by, lambda: people.set_shifts(who.user, week, by=by, at=LATER), who.user, said)


def shop_add_absence() -> Act:
    who, by = make_technician(), boss()
    return Act(
        by,
        lambda: absences.add_absence(who.user, hour(14), hour(17), "看病", by=by, at=LATER),
        None,
        {"user_id": who.user_id, "times": [[hour(14).isoformat(), hour(17).isoformat()]]},
    )


def shop_end_absence() -> Act:
    who, by = make_technician(), boss()
    away = absences.add_absence(who.user, hour(8), hour(17), "看病", by=by, at=AT)
    said = {"was": hour(17).isoformat()}
    return Act(by, lambda: absences.end_absence(away, by=by, at=LATER), away, said)


# ---- The time clock ----


def shop_clock_in() -> Act:
    who = make_technician(here_since=None)
    by = who.user
    said = {"technician_id": who.id}
    return Act(by, lambda: attendance.clock_in(who, by=by, at=LATER), None, said)


def shop_clock_out() -> Act:
    who = make_technician(here_since=None)
    stay = make_attendance(who, hour(8))
    by = who.user
    return Act(by, lambda: attendance.clock_out(who, by=by, at=LATER), stay)


def shop_correct_attendance() -> Act:
    who, by = make_technician(here_since=None), boss()
    stay = make_attendance(who, hour(8), hour(9))
    return Act(
        by,
        lambda: corrections.correct(stay, hour(7), hour(9), [], "忘打卡", by=by, at=LATER),
        None,
        {"reason": "忘打卡"},
    )


def shop_add_attendance() -> Act:
    who, by = make_technician(here_since=None), boss()
    return Act(
        by,
        lambda: corrections.add_stay(who, hour(7), hour(9), [], "忘打卡", by=by, at=LATER),
        None,
        {"reason": "忘打卡"},
    )


# ---- The shop ----


def shop_change_rules() -> Act:
    branch, by = make_branch(), boss()
    values = dataclasses.replace(branches.rules_of(branch), buffer_minutes=20)
    said = {"buffer_minutes": 20, "was": {"buffer_minutes": 15}}
    return Act(by, lambda: branches.change_rules(branch, values, by=by, at=LATER), branch, said)


def shop_change_particulars() -> Act:
    branch, by = make_branch(), boss()
    values = dataclasses.replace(branches.particulars_of(branch), name="新店名")
    said = {"name": "新店名", "was": {"name": "浦东店"}}

    def do() -> None:
        branches.change_particulars(branch, values, by=by, at=LATER)

    return Act(by, do, branch, said)


def shop_add_bay() -> Act:
    branch, by = make_branch(), boss()
    return Act(
        by,
        lambda: branches.add_bay(branch, "X9", BayKind.LIFT, by=by, at=LATER),
        None,
        {"code": "X9", "kind": "lift"},
    )


def shop_use_bay() -> Act:
    bay, by = make_bay(), boss()
    return Act(by, lambda: branches.use_bay(bay, False, by=by, at=LATER), bay, {"in_use": False})


def shop_set_day() -> Act:
    branch, by = make_branch(), boss()
    day = DAY + timedelta(days=6)
    said = {"day": day.isoformat(), "is_open": True}
    return Act(by, lambda: calendar.set_day(branch, day, True, "加班", by=by, at=LATER), None, said)


def shop_set_separation() -> Act:
    branch, by = make_branch(), boss()
    kept = [each for each in Apart if each is not Apart.CREDIT]
    said = {"was": [], "now": ["credit"]}
    return Act(by, lambda: separation.set_kept(branch, kept, by=by, at=LATER), branch, said)


# ---- Time on the board, and plans ----


def shop_allocate() -> Act:
    plan = make_plan()
    by = plan.advisor

    def do() -> Any:
        return scheduling.assign(plan.job, plan.technician, plan.bay, hour(14), by=by, at=LATER)

    said = {
        "technician_id": plan.technician.id,
        "bay_id": plan.bay.id,
        "starts_at": hour(14).isoformat(),
        "was": {},
    }
    return Act(by, do, None, said)


def shop_move() -> Act:
    plan = make_plan()
    placed = plan.assign()
    by = plan.advisor

    def do() -> None:
        scheduling.move(
            plan.job,
            plan.technician,
            plan.bay,
            hour(15),
            seen_version=placed.version,
            by=by,
            at=LATER,
        )

    return Act(by, do, placed, {"starts_at": hour(15).isoformat()})


def scheduling_propose() -> Act:
    plan = make_plan()
    placed = plan.assign()
    by = plan.controller

    def do() -> Any:
        return proposals.propose(
            plan.job,
            plan.technician,
            plan.bay,
            hour(15),
            minutes=60,
            reason="技师换班",
            seen_version=placed.version,
            by=by,
            at=LATER,
        )

    return Act(by, do, None, {"reason": "技师换班"})


def scheduling_hold() -> Act:
    job, by = make_plan().job, boss()
    day = DAY

    def do() -> Any:
        return holding.hold(job, day, HoldReason.PARTS, "", by=by, at=LATER)

    return Act(by, do, None, {"reason": "parts"})


def scheduling_close_day() -> Act:
    branch, by = make_branch(), boss()
    said = {"day": DAY.isoformat()}
    return Act(by, lambda: closing.close_day(branch, DAY, by=by, at=hour(18)), None, said)


def scheduling_reopen_day() -> Act:
    branch, by = make_branch(), boss()
    closed = closing.close_day(branch, DAY, by=by, at=hour(18))
    said = {"day": DAY.isoformat()}
    return Act(
        by, lambda: closing.reopen_day(branch, DAY, "补做", by=by, at=hour(18)), closed, said
    )


def scheduling_replan_accept() -> Act:
    floor = make_floor()
    job = floor.plan(11)
    run = floor.ask(floor.goes_home())
    chosen = acceptance.open_orders(run, Comparison(run))
    return Act(
        floor.advisor,
        lambda: acceptance.accept(run, chosen, {}, by=floor.advisor, at=AT),
        run,
        {"orders": [job.order_id]},
        ("shop.add_absence", "shop.move"),
    )


def scheduling_replan_undo() -> Act:
    floor = make_floor()
    floor.plan(11)
    run = floor.ask(floor.goes_home())
    floor.accept(run)
    return Act(
        floor.advisor,
        lambda: acceptance.undo(run, by=floor.advisor, at=AT),
        run,
        {},
        ("shop.end_absence", "shop.move"),
    )


def scheduling_replan_reject() -> Act:
    floor = make_floor()
    floor.plan(11)
    run = floor.ask(floor.goes_home())
    by = floor.advisor
    return Act(by, lambda: replan.reject(run, by=by, at=AT), run)


# ---- Work ----


def repair_start() -> Act:
    (job,) = repairs.make_ready()
    by = repairs.worker(job)
    return Act(by, lambda: work.start(job, by, LATER), job, {}, ("scheduling.folder_taken",))


def repair_pause() -> Act:
    (job,) = repairs.make_running()
    by = repairs.worker(job)
    said = {"reason": "parts"}
    return Act(by, lambda: work.pause(job, PauseReason.PARTS, by, LATER), job, said)


def repair_resume() -> Act:
    (job,) = repairs.make_running()
    by = repairs.worker(job)
    work.pause(job, PauseReason.PARTS, by, AT)
    return Act(by, lambda: work.resume(job, by, LATER), job)


def repair_untick() -> Act:
    (job,) = repairs.make_running()
    by = repairs.worker(job)
    work.tick(job, Point.PROTECTION, by, AT)
    said = {"point": "protection"}
    return Act(by, lambda: work.untick(job, Point.PROTECTION, by, AT), job, said)


# ---- Stock ----


def stock_count() -> Act:
    part, by = make_part(on_hand=10), boss()
    said = {"difference_milli": -1_000, "reason": "盘亏"}

    def do() -> Any:
        stock.count(part, make_branch(), 9_000, "盘亏", by=by, at=LATER)

    return Act(by, do, stock_level(part), said)


def stock_level(part: Any) -> Any:
    return session.query(StockLevel).filter_by(part_id=part.id).one()


def stock_release() -> Act:
    part, by = make_part(on_hand=10), boss()
    held = stock.reserve(part, make_order(), 2_000, by=by, at=AT)
    said = {"quantity_milli": 2_000}
    return Act(by, lambda: stock.release(held, by=by, at=LATER), held, said)


# ---- Handover ----


def handover_deliver() -> Act:
    order = prepare(make_settled())
    by = order.advisor

    def do() -> Any:
        delivery.deliver(order, signer_name="王", by=by, at=LATER)

    return Act(by, do, delivered_record(order), {}, ("handover.gate_pass",))


def delivered_record(order: Any) -> Any:
    return session.query(Handover).filter_by(order_id=order.id).one()


def handover_reopen() -> Act:
    order, by = make_settled(), boss()
    bill = settlements.get_live(order)
    said = {"reason": "还要换刮水片", "bill": bill.no}

    def do() -> None:
        reopening.reopen(order, "还要换刮水片", by=by, at=LATER)

    return Act(by, do, order, said, ("settlement.reverse",))


def handover_reopen__declined() -> Act:
    offered = quotations.make_offer()
    order, by = offered.order, offered.order.advisor
    quotation.decline(offered, "太贵", by=by, at=AT)
    handover.release_declined(order, by=by, at=AT)
    said = {"reason": "还是做刹车", "quotation": offered.no}

    def do() -> None:
        reopening.reopen(order, "还是做刹车", by=by, at=LATER)

    return Act(by, do, order, said, ("quotation.begin",))


def handover_let_out() -> Act:
    order = prepare(make_settled())
    gate_pass = delivery.deliver(order, signer_name="王", by=order.advisor, at=AT)
    by, said = make_user(RoleName.GREETER), {"no": gate_pass.no}
    return Act(by, lambda: delivery.let_out(order, by=by, at=LATER), gate_pass, said)


def handover_tick() -> Act:
    order = make_settled()
    by = order.advisor
    said = {"item": "keys"}
    return Act(by, lambda: handover.tick(order, HandoverItem.KEYS, by=by, at=LATER), None, said)


# ---- Customers and cases ----


def customers_make() -> Act:
    by = boss()
    return Act(by, lambda: customers.make_customer("李四", "13800138000", by=by, at=LATER))


def customers_note_consent() -> Act:
    customer, by = make_customer("王小明", "13800138001"), boss()
    wanted = {ConsentPurpose.REMINDER: [Channel.SMS]}
    said = {"changed": {ConsentPurpose.REMINDER.label: [[], ["sms"]]}}
    return Act(by, lambda: consents.note(customer, wanted, by=by, at=LATER), customer, said)


def customers_change() -> Act:
    customer, by = make_customer("王小明", "13800138001"), boss()

    def do() -> None:
        customer_corrections.change_customer(
            customer,
            customer.version,
            name="王小明",
            phone="13800138002",
            channel=customer.channel,
            address="浦东",
            by=by,
            at=LATER,
        )

    # Of an address the trail says only that it is another one: nobody could take it out again.
    said = {"changed": {"Phone": ["13800138001", "13800138002"]}, "fields": ["address"]}
    return Act(by, do, customer, said)


def customers_join() -> Act:
    gone, kept, by = make_customer("王小明"), make_customer("王小明"), boss()
    seen = merging.seen_of(gone, kept)

    def do() -> None:
        merging.join_customers(gone, kept, seen, by=by, at=LATER)

    return Act(by, do, kept, {"gone": gone.id, "moved": {}})


def customers_join__vehicles() -> Act:
    gone, kept, by = make_vehicle(), make_vehicle(), boss()
    seen = merging.seen_of(gone, kept)

    def do() -> None:
        merging.join_vehicles(gone, kept, seen, by=by, at=LATER)

    return Act(by, do, kept, {"gone": gone.id, "moved": {}})


def customers_part() -> Act:
    gone, kept, by = make_customer("王小明"), make_customer("王小明"), boss()
    merge = merging.join_customers(gone, kept, merging.seen_of(gone, kept), by=by, at=LATER)
    return Act(by, lambda: merging.part_customers(merge, by=by, at=LATER), gone, {"kept": kept.id})


def customers_part__vehicles() -> Act:
    gone, kept, by = make_vehicle(), make_vehicle(), boss()
    merge = merging.join_vehicles(gone, kept, merging.seen_of(gone, kept), by=by, at=LATER)
    return Act(by, lambda: merging.part_vehicles(merge, by=by, at=LATER), gone, {"kept": kept.id})


def customers_correct() -> Act:
    vehicle, by = make_vehicle(plate="沪A12345"), boss()
    said = {"changed": {"Plate": ["沪A12345", "沪B54321"]}}
    return Act(
        by,
        lambda: customer_corrections.correct_plate(vehicle, "沪B54321", by, LATER),
        vehicle,
        said,
    )


def customers_correct__vin() -> Act:
    vehicle, by = make_vehicle(vin="LVSHCAMB1KE100001"), boss()
    said = {"changed": {"VIN": ["LVSHCAMB1KE100001", "LVSHCAMBXKE100014"]}}

    def do() -> None:
        customer_corrections.correct_vin(vehicle, "LVSHCAMBXKE100014", by, LATER)

    return Act(by, do, vehicle, said)


def customers_change_plate() -> Act:
    vehicle, by = make_vehicle(plate="沪A12345"), boss()
    said = {"old": "沪A12345", "new": "沪B54321"}
    return Act(by, lambda: customers.change_plate(vehicle, "沪B54321", by, LATER), vehicle, said)


def customers_change_owner() -> Act:
    vehicle, buyer, by = make_vehicle(), make_customer("买主"), boss()
    said = {"old": vehicle.customer_id, "new": buyer.id}
    return Act(
        by, lambda: customer_corrections.change_owner(vehicle, buyer, by, LATER), vehicle, said
    )


def customers_add_contact() -> Act:
    company, by = make_company(), boss()
    about = About("李工", "13800138001", [ContactRole.DRIVES], "早班")

    def do() -> None:
        contacts.add_contact(company, about, by=by, at=LATER)

    changed = {
        "Name": [None, "李工"],
        "Phone": [None, "13800138001"],
        "Drives": [None, True],
        "Called first": [None, True],
    }
    return Act(by, do, company, {"changed": changed})


def customers_change_contact() -> Act:
    contact, by = make_contact(name="李工"), boss()
    about = About("李工", contact.phone, [ContactRole.PAYS], "财务室", is_primary=True)

    def do() -> None:
        contacts.change_contact(contact, contact.version, about, by=by, at=LATER)

    said = {"changed": {"Pays": [False, True], "Called first": [False, True]}, "fields": ["note"]}
    return Act(by, do, contact.customer, said)


def customers_use_contact() -> Act:
    contact, by = make_contact(name="李工"), boss()
    said = {"name": "李工", "in_use": False}
    return Act(
        by, lambda: contacts.use_contact(contact, False, by=by, at=LATER), contact.customer, said
    )


def customers_set_driver() -> Act:
    contact, by = make_contact(name="李工", drives=True), boss()
    car = make_vehicle(customer=contact.customer)
    said = {"old": None, "new": "李工"}
    return Act(by, lambda: contacts.set_driver(car, contact, by=by, at=LATER), car, said)


def customers_change_vehicle() -> Act:
    vehicle, by = make_vehicle(make="福特"), boss()

    def do() -> None:
        customer_corrections.change_vehicle(
            vehicle,
            vehicle.version,
            by=by,
            at=LATER,
            vin=None,
            make="林肯",
            model=vehicle.model,
            colour=vehicle.colour,
            vehicle_class=None,
            energy=EnergyType.FUEL,
        )

    return Act(by, do, vehicle, {"changed": {"Make": ["福特", "林肯"]}})


def cases_open() -> Act:
    by = boss()

    def do() -> Any:
        return cases.open_case(
            make_customer(), by, "异响未除", topic=next(iter(CaseTopic)), day=DAY, by=by, at=LATER
        )

    return Act(by, do)


def track_make_link() -> Act:
    order = make_order(Stage.QUOTED)
    by = order.advisor

    def do() -> Any:
        track.make_link(order, by=by, at=LATER)
        return track.find_link(order, LATER)

    return Act(by, do, None, {"order": order.no})


def track_revoke_link() -> Act:
    order = make_order(Stage.QUOTED)
    track.make_link(order, by=order.advisor, at=AT)
    by = order.advisor
    return Act(by, lambda: track.revoke_link(order, by=by, at=LATER), order)


# ---- More of the floor ----


def shop_start_break() -> Act:
    who = make_technician(here_since=None)
    stay = make_attendance(who, hour(8))
    by = who.user
    return Act(by, lambda: _nothing(attendance.start_break(who, by=by, at=LATER)), stay)


def shop_end_break() -> Act:
    who = make_technician(here_since=None)
    stay = make_attendance(who, hour(8))
    by = who.user
    attendance.start_break(who, by=by, at=AT)
    return Act(by, lambda: _nothing(attendance.end_break(who, by=by, at=LATER)), stay)


def shop_cancel() -> Act:
    plan = make_plan()
    placed, by = plan.assign(), plan.advisor
    return Act(by, lambda: allocations.cancel(placed, by, LATER), placed)


def shop_add_skill() -> Act:
    by, said = boss(), {"name": "Paint"}
    return Act(by, lambda: people.add_skill("喷漆", "Paint", by=by, at=LATER), None, said)


def shop_set_work_groups() -> Act:
    branch, by, skill = make_branch(), boss(), make_skill()
    said = {"work_groups": {skill.code: "机修"}, "was": {}}
    new = {skill.id: " 机修 "}
    return Act(by, lambda: work_groups.set_groups(branch, new, by=by, at=LATER), branch, said)


def shop_set_opening() -> Act:
    branch, by = make_branch(), boss()
    week = {0: [(time(9), time(12))]}
    usual = {str(day): ["08:00-18:00"] for day in range(6)}
    said = {"week": {"0": ["09:00-12:00"]}, "was": usual}
    return Act(by, lambda: branches.set_opening(branch, week, by=by, at=LATER), branch, said)


def shop_fill_holidays() -> Act:
    branch, by, said = make_branch(), boss(), {"year": 2026}
    return Act(by, lambda: calendar.fill_holidays(branch, 2026, by=by, at=LATER), branch, said)


def scheduling_fix() -> Act:
    plan = make_plan()
    placed, by = plan.assign(), plan.controller

    def do() -> None:
        pinning.fix(plan.job, [PinPart.BAY], seen_version=placed.version, by=by, at=LATER)

    return Act(by, do, placed, {"parts": ["bay"]})


def scheduling_release_pin() -> Act:
    plan = make_plan()
    placed, by = plan.assign(), plan.controller
    pinning.fix(plan.job, [PinPart.BAY], seen_version=placed.version, by=by, at=AT)

    def do() -> None:
        pinning.release(plan.job, seen_version=placed.version, by=by, at=LATER)

    return Act(by, do, placed)


def scheduling_release() -> Act:
    job, by = make_plan().job, boss()
    held = holding.hold(job, DAY, HoldReason.PARTS, "", by=by, at=AT)
    return Act(by, lambda: holds.end(job, by=by, at=LATER), held)


def scheduling_replan() -> Act:
    floor = make_floor()
    floor.plan(11)
    by, cause = floor.advisor, floor.goes_home()
    return Act(
        by, lambda: replan.ask(floor.branch, cause, by=by, at=AT), None, {"reason": "absent"}
    )


def scheduling_replan_stop() -> Act:
    floor = make_floor()
    floor.plan(11)
    by = floor.advisor
    run = replan.ask(floor.branch, floor.goes_home(), by=by, at=AT)
    return Act(by, lambda: replan.stop(run, by=by, at=AT), run)


def scheduling_proposal_refused() -> Act:
    plan = make_plan()
    placed, by = plan.assign(), plan.advisor
    proposal = proposals.propose(
        plan.job,
        plan.technician,
        plan.bay,
        hour(15),
        minutes=60,
        reason="技师换班",
        seen_version=placed.version,
        by=plan.controller,
        at=AT,
    )
    said = {"answer": "客户不同意"}
    return Act(
        by, lambda: proposals.refuse(proposal, "客户不同意", by=by, at=LATER), proposal, said
    )


def scheduling_ask_more_time() -> Act:
    (job,) = repairs.make_running()
    by, said = repairs.worker(job), {"minutes": 20, "reason": "stuck"}

    def do() -> Any:
        return more_time.ask(job, 20, MoreTimeReason.STUCK, by=by, at=LATER)

    return Act(by, do, None, said)


def scheduling_more_time_left() -> Act:
    (job,) = repairs.make_running()
    request = more_time.ask(job, 20, MoreTimeReason.STUCK, by=repairs.worker(job), at=AT)
    by = job.order.advisor
    return Act(by, lambda: more_time.leave(request, by=by, at=LATER), request)


# ---- More of the front ----


def booking_confirmed() -> Act:
    _, (by,) = bookings.make_shop()
    booked = bookings.make_appointment(by, "14:00")
    booked.status = AppointmentStatus.REQUESTED
    session.flush()
    return Act(by, lambda: booking.confirm(booked, by, LATER), booked)


def booking_cancelled() -> Act:
    _, (by,) = bookings.make_shop()
    booked = bookings.make_appointment(by, "14:00")
    return Act(by, lambda: booking.cancel(booked, "有事", by, LATER), booked)


def reception_register_walk_in() -> Act:
    by, branch = make_user(RoleName.GREETER), make_branch()
    return Act(by, lambda: arrivals.register_walk_in(branch, "沪A12345", by=by, at=LATER))


def reception_dismiss_walk_in() -> Act:
    by = make_user(RoleName.GREETER)
    walk_in = arrivals.register_walk_in(make_branch(), "沪A12345", by=by, at=AT)
    return Act(by, lambda: arrivals.dismiss(walk_in, by=by, at=LATER), walk_in)


def reception_correct_concern() -> Act:
    order = receptions.make_reception(AT)
    by = order.advisor
    return Act(
        by, lambda: _nothing(walkaround.correct_concern(order, "右前异响", by=by, at=LATER)), order
    )


def reception_add_valuable() -> Act:
    order = receptions.make_reception(AT)
    by = order.advisor

    def do() -> Any:
        return walkaround.add_valuable(order, "墨镜", True, place="前台", by=by, at=LATER)

    return Act(by, do, None, {}, ("reception.ask_for_valuables",))


def quotation_discard() -> Act:
    signed = quotations.make_signed()
    order = signed.order
    by = order.advisor
    written = draft.begin(order, QuotationKind.ADDITION, by=by, at=AT)
    return Act(by, lambda: draft.discard(written, by=by, at=LATER), written)


def customers_make_vehicle() -> Act:
    customer, by = make_customer(), boss()
    return Act(by, lambda: customers.make_vehicle(customer, "沪A12345", by=by, at=LATER))


def handover_take_back() -> Act:
    order = make_settled()
    by, said = order.advisor, {"item": "keys"}
    check = handover.tick(order, HandoverItem.KEYS, by=by, at=AT)
    return Act(
        by, lambda: handover.take_back(order, HandoverItem.KEYS, by=by, at=LATER), check, said
    )


# ---- Cases, screens ----


def _open_case(owner: User) -> Case:
    return cases.open_case(
        make_customer(), owner, "异响未除", topic=next(iter(CaseTopic)), day=DAY, by=owner, at=AT
    )


def cases_acknowledge() -> Act:
    by = make_user(RoleName.CUSTOMER_RELATIONS)
    case = _open_case(by)
    return Act(by, lambda: cases.acknowledge(case, by=by, at=LATER), case)


def cases_offer() -> Act:
    by, to = make_user(RoleName.CUSTOMER_RELATIONS), make_user(RoleName.SERVICE_MANAGER)
    case = _open_case(by)
    return Act(by, lambda: cases.offer(case, to, by=by, at=LATER), case, {"to": to.id})


def cases_accept() -> Act:
    owner, by = make_user(RoleName.CUSTOMER_RELATIONS), make_user(RoleName.SERVICE_MANAGER)
    case = _open_case(owner)
    cases.offer(case, by, by=owner, at=AT)
    return Act(by, lambda: cases.accept(case, by=by, at=LATER), case)


def cases_make_plan() -> Act:
    by = make_user(RoleName.CUSTOMER_RELATIONS)
    case = _open_case(by)
    cases.acknowledge(case, by=by, at=AT)
    said = {"was": "acknowledged", "state": "planned"}
    return Act(by, lambda: cases.make_plan(case, "明天免费检查", by=by, at=LATER), case, said)


def cases_resolve() -> Act:
    by = make_user(RoleName.CUSTOMER_RELATIONS)
    case = _open_case(by)
    cases.make_plan(case, "明天免费检查", by=by, at=AT)
    said = {"was": "planned", "state": "resolved", "cause": "螺栓松动"}

    def do() -> None:
        cases.resolve(case, "螺栓松动", "重新紧固", by=by, at=LATER)

    return Act(by, do, case, said)


def cases_second_call() -> Act:
    owner, by = make_user(RoleName.CUSTOMER_RELATIONS), make_user(RoleName.SERVICE_MANAGER)
    case = _open_case(owner)
    cases.acknowledge(case, by=owner, at=AT)
    cases.make_plan(case, "明天免费检查", by=owner, at=AT)
    cases.resolve(case, "螺栓松动", "重新紧固", by=owner, at=AT)

    def do() -> None:
        cases.record_second_call(case, Verdict.SATISFIED, "满意", by=by, at=LATER)

    return Act(by, do, case, {"verdict": "satisfied"})


def screen_pair() -> Act:
    by, said = boss(), {"name": "客休室"}
    return Act(
        by, lambda: screen.pair_directly(make_branch(), "客休室", by=by, at=LATER)[0], None, said
    )


def screen_change() -> Act:
    by = boss()
    device, _ = screen.pair_directly(make_branch(), "客休室", by=by, at=AT)
    was = {"name": "客休室", "locale": device.locale, "chime": device.chime}
    said = {"name": "前台", "locale": "en", "chime": True, "was": was}

    def do() -> None:
        screen.change(device, name="前台", locale="en", chime=True, by=by, at=LATER)

    return Act(by, do, device, said)


def screen_revoke() -> Act:
    by, said = boss(), {"name": "客休室"}
    device, _ = screen.pair_directly(make_branch(), "客休室", by=by, at=AT)
    return Act(by, lambda: screen.revoke(device, by=by, at=LATER), device, said)


def shop_change_letterhead() -> Act:
    by, branch = boss(), make_branch()
    usual = {"paper_size": "a4", "lines": ["address", "phone"], "slogan": "", "foot": ""}
    look = letterhead.Look(slogan="明码实价")
    said = {"slogan": "明码实价", "was": usual}
    return Act(by, lambda: letterhead.change(branch, look, by=by, at=LATER), None, said)


def shop_set_logo() -> Act:
    by, branch, said = boss(), make_branch(), {"was": None}
    return Act(by, lambda: letterhead.set_logo(branch, make_logo(), by=by, at=LATER), None, said)


def shop_take_logo_off() -> Act:
    by, branch = boss(), make_branch()
    kept = letterhead.set_logo(branch, make_logo(), by=by, at=AT)
    return Act(by, lambda: letterhead.take_logo_off(branch, by=by, at=LATER), kept)


def shop_forget_day() -> Act:
    by, branch = boss(), make_branch()
    kept = calendar.set_day(branch, DAY, False, "国庆节", by=by, at=AT)
    session.flush()
    said = {"was": {"day": DAY.isoformat(), "is_open": False, "name": "国庆节"}}
    return Act(by, lambda: calendar.forget_day(branch, DAY, by=by, at=LATER), kept, said)


def setup_put_away() -> Act:
    by, said = boss(), {"step": "lounge"}
    branch = make_branch()
    do = putting_away.put_away
    return Act(by, lambda: do(branch, SetupStep.LOUNGE, by=by, at=LATER), None, said)


def _backups() -> Settings:
    return current_app.extensions["workshop_settings"]  # type: ignore[no-any-return]


def setup_back_up() -> Act:
    by, branch = boss(), make_branch()
    return Act(by, lambda: backups.ask(_backups(), branch, by=by, at=LATER), branch, {})


def setup_pack_shop() -> Act:
    by, branch = boss(), make_branch()
    return Act(by, lambda: leaving.ask(_backups(), branch, by=by, at=LATER), branch, {})


def setup_take_shop() -> Act:
    by, branch = boss(), make_branch()
    _backups().backup_dir.mkdir(exist_ok=True)
    state.file_of(_backups()).write_bytes(b"")

    def do() -> None:
        leaving.take_away(_backups(), branch, by=by, at=LATER)

    return Act(by, do, branch, {})


def setup_download_backup() -> Act:
    by, branch = boss(), make_branch()
    name = archive_name(AT)
    _backups().backup_dir.mkdir(exist_ok=True)
    (_backups().backup_dir / name).write_bytes(b"")

    def do() -> None:
        backups.take_away(_backups(), name, branch, by=by, at=LATER)

    return Act(by, do, branch, {"name": name})


def setup_take_out() -> Act:
    by, said, branch = boss(), {"step": "lounge"}, make_branch()
    kept = putting_away.put_away(branch, SetupStep.LOUNGE, by=by, at=AT)
    session.flush()

    def do() -> None:
        putting_away.take_out(branch, SetupStep.LOUNGE, by=by, at=LATER)

    return Act(by, do, kept, said)


def _nothing(_made: object) -> None:
    """The record that the line names is another one than what was made."""


ACTS = collect(__name__, globals())
