"""What cashiers do on the told day: discounts, part payments, refunds, credit, a red letter."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from tests.factories import AT, make_customer, make_order, make_part
from tests.steps.handover.factories import prepare
from tests.steps.parts.factories import make_scheduled
from tests.steps.repair import factories as repairs
from tests.steps.repair.changing.test_taking_off import head_of
from tests.steps.settlement.factories import give_half_back, make_checked, pass_final_check
from workshop.cases import service as cases
from workshop.cases.models import CaseTopic
from workshop.catalogue.models import Payer
from workshop.db import session
from workshop.demo.shop import Shop
from workshop.orders import service as orders
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.shop.models import Technician
from workshop.staff.models import User
from workshop.steps.handover import delivery
from workshop.steps.parts import picking, queries
from workshop.steps.parts import service as parts
from workshop.steps.parts.models import PickList
from workshop.steps.parts.rules import PickState
from workshop.steps.quotation.answers import Answer
from workshop.steps.repair import work
from workshop.steps.repair.changing import taking_off as changing
from workshop.steps.repair.changing.foresight import Wish
from workshop.steps.repair.changing.taking_off import Wanted
from workshop.steps.scheduling import queries as scheduling
from workshop.steps.settlement import paying
from workshop.steps.settlement import service as settlement
from workshop.steps.settlement.models import Settlement
from workshop.steps.settlement.rules import Tender


def act(shop: Shop) -> None:
    """Nine bills, each with something of its own; the words of their concern tell them apart."""
    cashier, manager = shop.people["cashier"], shop.people["manager"]
    _part_paid(shop, cashier, manager)
    _paid_by_two_tenders(shop, cashier)
    _refunded(shop, cashier)
    _on_credit(shop, cashier, manager)
    _red_letter(shop, cashier)
    _claimed(shop, cashier)
    _half_used(shop, cashier)
    settlement.make_settlement(_taken_off("少做一样"), by=cashier, at=AT)
    _taken_off("减项待算")
    _promised_again(shop)
    _on_the_way_out(shop)
    _complained(shop)
    _short_of_a_part(shop)
    _picked_in_part(shop)


def _order(shop: Shop, concern: str, **values: object) -> RepairOrder:
    return make_checked(
        advisor=shop.people["advisor"],
        concern=concern,
        **values,  # type: ignore[arg-type]  # The factory's own values.
    )


def _pay(bill: Settlement, fen: int, tender: Tender, by: User) -> None:
    key = f"{bill.no} {tender.value} {fen}"
    paying.take_payment(bill.order, tender, fen, client_id=key, by=by, at=AT)


def _part_paid(shop: Shop, cashier: User, manager: User) -> None:
    """¥723.45 less ¥33.33, of which ¥150.05 came in two ways; an insurer pays ¥99.99 more."""
    order = _order(
        shop,
        "部分付款",
        labour=((34_345, Payer.CUSTOMER), (9_999, Payer.INSURANCE)),
        parts_fen=(38_000,),
    )
    bill = settlement.make_settlement(order, by=cashier, at=AT)
    settlement.set_discount(bill, 3_333, "老客户", by=manager, at=AT)
    _pay(bill, 10_000, Tender.CASH, cashier)
    _pay(bill, 5_005, Tender.WECHAT, cashier)


def _paid_by_two_tenders(shop: Shop, cashier: User) -> None:
    order = _order(shop, "两种方式")
    paying.take_payment(order, Tender.CARD, 20_000, client_id="deposit", by=cashier, at=AT)
    bill = settlement.make_settlement(order, by=cashier, at=AT)
    _pay(bill, 42_000, Tender.ALIPAY, cashier)


def _refunded(shop: Shop, cashier: User) -> None:
    order = _order(shop, "退款")
    bill = settlement.make_settlement(order, by=cashier, at=AT)
    _pay(bill, 20_000, Tender.CASH, cashier)
    paying.refund(order, Tender.CASH, 3_050, "多收", client_id="refund", by=cashier, at=AT)


def _on_credit(shop: Shop, cashier: User, manager: User) -> None:
    order = _order(shop, "挂账")
    bill = settlement.make_settlement(order, by=cashier, at=AT)
    _pay(bill, 12_345, Tender.TRANSFER, cashier)
    due_on = (AT + timedelta(days=20)).date()
    credit = paying.ask_credit(bill, due_on, "月结", by=cashier, at=AT)
    paying.decide_credit(credit, True, by=manager, at=AT)


def _red_letter(shop: Shop, cashier: User) -> None:
    order = _order(shop, "红字", labour=((20_005, Payer.CUSTOMER),), parts_fen=())
    bill = settlement.make_settlement(order, by=cashier, at=AT)
    _pay(bill, 20_005, Tender.CASH, cashier)
    settlement.reverse_settlement(bill, "工时写错", by=shop.people["manager"], at=AT)
    settlement.make_settlement(order, by=cashier, at=AT)


def _claimed(shop: Shop, cashier: User) -> None:
    order = _order(
        shop, "厂家索赔", labour=((11_111, Payer.WARRANTY), (22_222, Payer.CUSTOMER)), parts_fen=()
    )
    bill = settlement.make_settlement(order, by=cashier, at=AT)
    _pay(bill, 22_222, Tender.CARD, cashier)
    _pay(bill, 1_111, Tender.MANUFACTURER, cashier)


def _half_used(shop: Shop, cashier: User) -> None:
    """One of two pieces went back: half of ¥333.33 is ¥166.67."""
    order = _order(shop, "退料", parts_fen=(33_333,))
    give_half_back(order)
    settlement.make_settlement(order, by=cashier, at=AT)


def _taken_off(concern: str) -> RepairOrder:
    """Two hours of ¥240.00 were signed for; of the second 45 minutes are done and billed."""
    begun = AT - timedelta(minutes=45)
    first, second = repairs.make_ready(2)
    order = first.order
    order.concern = concern
    for job in (first, second):
        work.start(job, repairs.worker(job), begun)
    repairs.complete(first, begun)
    technicians = [scheduling.technician_of(job) for job in (first, second)]
    wanted = Wanted({head_of(second): Wish()}, "时间来不及")
    changing.take_off(order, wanted, Answer("王小明"), shown_at=AT, by=order.advisor, at=AT)
    order.ready_at = AT
    for stage in (Stage.FINAL_CHECK, Stage.READY):
        order.move_to(stage, order.advisor, AT)
    pass_final_check(order)
    for technician in technicians:
        # They came for this car alone: the board has its own people.
        assert technician is not None
        technician.active = False
    session.flush()
    return order


def _promised_again(shop: Shop) -> None:
    order = _order(shop, "改时间", promised_at=AT + timedelta(hours=2))
    orders.change_promise(
        order,
        AT + timedelta(hours=5, minutes=7),
        reason="缺件",
        told_how="电话",
        by=shop.people["advisor"],
        at=AT,
    )
    assert order.stage is Stage.READY


def _on_the_way_out(shop: Shop) -> None:
    """Paid and handed over, and not yet through the gate."""
    order = _order(shop, "待出门")
    bill = settlement.make_settlement(order, by=shop.people["cashier"], at=AT)
    _pay(bill, 62_000, Tender.CASH, shop.people["cashier"])
    prepare(order)
    delivery.deliver(order, signer_name="王小明", by=order.advisor, at=AT)


def _complained(shop: Shop) -> None:
    officer = shop.people["relations"]
    cases.open_case(
        make_customer(),
        officer,
        "等了很久",
        topic=next(iter(CaseTopic)),
        day=date(2026, 11, 23),
        by=officer,
        at=AT,
    )


def _short_of_a_part(shop: Shop) -> None:
    """Two of a part are needed on Thursday, and the shelf has none."""
    order = make_order(Stage.SCHEDULED, advisor=shop.people["advisor"])
    technician = session.scalars(select(Technician).order_by(Technician.id)).first()
    part = make_part("SHORT-1", on_hand=0)
    starts_at = AT + timedelta(days=3)
    make_scheduled((part, 2000), order=order, starts_at=starts_at, technician=technician)
    parts.release(order, by=order.advisor, at=AT)


def _picked_in_part(shop: Shop) -> None:
    """One line of a list that waits lies in its basket."""
    waiting = select(PickList).where(PickList.state == PickState.OPEN).order_by(PickList.id)
    for pick_list in session.scalars(waiting).all():
        held = [line for line in queries.list_lines(pick_list) if line.reserved_milli]
        if len(held) > 1:
            picking.pick(held[0], by=shop.people["parts"], at=AT)
            return
    raise AssertionError("no list of two lines waits")
