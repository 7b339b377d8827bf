"""The cases of the parts counter: parts, prices, suppliers, the mark-up, receipts."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import Any

from tests.audit.act import LATER, Act, boss, collect
from tests.factories import AT, make_branch, make_order, make_part
from tests.steps.parts.factories import make_scheduled
from tests.steps.settlement.cores import make_bill
from tests.stock.factories import TODAY, make_purchase, make_supplier
from workshop.db import session
from workshop.steps.parts import service as parts_service
from workshop.steps.parts.cores import service as deposits
from workshop.steps.parts.counting import giving_way
from workshop.stock.cores import service as cores
from workshop.stock.cores.models import CoreShipment
from workshop.stock.counting import service as counting
from workshop.stock.models import PartClass, StockLevel
from workshop.stock.parts import places, succession
from workshop.stock.parts import service as parts
from workshop.stock.parts.service import Money, Particulars
from workshop.stock.pricing import service as pricing
from workshop.stock.pricing.rules import Tier
from workshop.stock.purchase import queries as bought
from workshop.stock.purchase import service as purchasing
from workshop.stock.purchase.service import Wish
from workshop.stock.quarantine import service as quarantine
from workshop.stock.quarantine.models import Quarantine, QuarantineEnd
from workshop.stock.receipts import service as receipts
from workshop.stock.receipts.service import Delivery
from workshop.stock.suppliers import service as suppliers


def stock_make_part() -> Act:
    by, values = boss(), Particulars("WG-1", "滤芯", "Filter", PartClass.OEM)
    branch = make_branch()

    def do() -> Any:
        return parts.make(values, Money(9_900, 5_000), branch.id, by=by, at=LATER)

    return Act(by, do, None, {"no": "WG-1", "price_fen": 9_900, "cost_fen": 5_000})


def stock_claim_defective() -> Act:
    by, row = boss(), _put_aside()
    supplier = make_supplier()
    said = {"supplier": supplier.name, "no": "SP-7"}
    return Act(by, lambda: quarantine.claim(row, supplier, "SP-7", by=by, at=LATER), row, said)


def stock_end_quarantine() -> Act:
    by, row = boss(), _put_aside()
    said = {"result": "scrapped", "note": "报废"}

    def do() -> None:
        quarantine.end(row, QuarantineEnd.SCRAPPED, "报废", by=by, at=LATER)

    return Act(by, do, row, said)


def _put_aside() -> Quarantine:
    part, order = make_part(on_hand=3), make_order()
    return quarantine.put_aside(part, order, 1000, "裂纹", by=order.advisor, at=AT)


def parts_give_way() -> Act:
    part, by = make_part(on_hand=3), boss()
    order = make_scheduled((part, 2000))
    parts_service.release(order, by=order.advisor, at=AT)
    said = {"part": part.no, "quantity_milli": 1000, "reason": "盘亏"}

    def do() -> None:
        giving_way.count_one(order.branch, part, 1000, "盘亏", [order.id], by=by, at=LATER)

    return Act(by, do, order, said, ("stock.count", "stock.release"))


def stock_change_part() -> Act:
    by, part = boss(), make_part("WG-2", name_zh="旧名", name_en="Old")
    values = Particulars("WG-2", "新名", "Old", PartClass.OEM)
    said = {"name_zh": "新名", "was": {"name_zh": "旧名"}}
    return Act(by, lambda: parts.change(part, values, by=by, at=LATER), part, said)


def stock_use_part() -> Act:
    by, part = boss(), make_part()
    said = {"active": False, "was": True}
    return Act(by, lambda: parts.use(part, False, by=by, at=LATER), part, said)


def stock_replace_part() -> Act:
    by, old, new = boss(), make_part(), make_part()
    said = {"successor_id": new.id, "was": None}
    return Act(by, lambda: succession.replace(old, new, by=by, at=LATER), old, said)


def stock_set_cost() -> Act:
    by, part = boss(), make_part(price_fen=38_000, cost_fen=20_000)
    branch = make_branch()

    def do() -> None:
        parts.set_cost(
            part,
            21_000,
            branch.id,
            follows=False,
            today=TODAY,
            seen_fen=20_000,
            by=by,
            at=LATER,
        )

    said = {"cost_fen": 21_000, "is_marked_up": False, "was": [20_000, False]}
    return Act(by, do, part, said)


def stock_place() -> Act:
    by, part, branch = boss(), make_part(), make_branch()
    level = session.query(StockLevel).filter_by(part_id=part.id).one()
    said = {"now": ["B-2", 4_000], "was": ["A-01", 0]}
    return Act(by, lambda: places.place(part, branch, "B-2", 4_000, by=by, at=LATER), level, said)


def stock_set_price() -> Act:
    by, part = boss(), make_part(price_fen=38_000)
    day = TODAY + timedelta(days=3)
    said = {"price_fen": 39_000, "valid_from": day.isoformat(), "reason": "涨价", "was": 38_000}

    def do() -> None:
        pricing.set_price(part, 39_000, day, "涨价", today=TODAY, by=by, at=LATER)

    return Act(by, do, part, said)


def stock_take_back_price() -> Act:
    by, part = boss(), make_part(price_fen=38_000)
    day = TODAY + timedelta(days=3)
    row = pricing.set_price(part, 39_000, day, today=TODAY, by=by, at=AT)
    said = {"price_fen": 39_000, "valid_from": day.isoformat(), "reason": "厂家推迟"}

    def do() -> None:
        pricing.take_back(row, part, "厂家推迟", today=TODAY, by=by, at=LATER)

    return Act(by, do, part, said)


def stock_set_markup() -> Act:
    by, branch = boss(), make_branch()
    said = {
        "tiers": [[0, 200], [10_000, 140]],
        "was": [[0, 180], [5_000, 150], [20_000, 135], [100_001, 120]],
    }

    def do() -> Any:
        tiers = [Tier(10_000, 140), Tier(0, 200)]
        return pricing.set_tiers(branch.id, tiers, by=by, at=LATER)

    return Act(by, do, None, said)


def stock_make_supplier() -> Act:
    by, values = boss(), suppliers.Particulars("汽配城老李")
    return Act(by, lambda: suppliers.make(values, by=by, at=LATER), None, {"name": "汽配城老李"})


def stock_change_supplier() -> Act:
    by, supplier = boss(), make_supplier("博世")
    values = suppliers.Particulars("博世", lead_days=3)
    said = {"lead_days": 3, "was": {"lead_days": 1}}
    return Act(by, lambda: suppliers.change(supplier, values, by=by, at=LATER), supplier, said)


def stock_use_supplier() -> Act:
    by, supplier = boss(), make_supplier("博世")
    said = {"active": False, "was": True}
    return Act(by, lambda: suppliers.use(supplier, False, by=by, at=LATER), supplier, said)


def stock_tie_supplier() -> Act:
    by, supplier, part = boss(), make_supplier("博世"), make_part()
    said = {"supplier": "博世", "now": ["0 986", 12_000, 2], "was": None}

    def do() -> None:
        suppliers.tie(part, supplier, "0 986", 12_000, 2, by=by, at=LATER)

    return Act(by, do, part, said)


def stock_untie_supplier() -> Act:
    by, supplier, part = boss(), make_supplier("博世"), make_part()
    offer = suppliers.tie(part, supplier, "0 986", None, None, by=by, at=AT)
    said = {"supplier": "博世", "was": ["0 986", None, None]}
    return Act(by, lambda: suppliers.untie(offer, by=by, at=LATER), part, said)


def stock_correct_receipt() -> Act:
    by, part, branch = boss(), make_part(on_hand=0), make_branch()
    delivery = Delivery("博世", "DN-1", 20_000)
    receipt = receipts.take_in(part, branch, 5_000, delivery, today=TODAY, by=by, at=AT)
    said = {"right_milli": 3_000, "was": 5_000}

    def do() -> None:
        receipts.correct(receipt, 3_000, "点错", by=by, at=LATER)

    return Act(by, do, receipt, said)


def stock_order() -> Act:
    by, supplier, part, branch = boss(), make_supplier("博世"), make_part("PAD-1"), make_branch()
    said = {"no": "PO-1", "supplier": "博世", "parts": [["PAD-1", 2_000]]}

    def do() -> Any:
        wishes = [Wish(part, 2_000, 100)]
        day, expected = TODAY + timedelta(days=1), AT + timedelta(days=1)
        return purchasing.order(
            branch, supplier, wishes, "PO-1", day, expected_at=expected, by=by, at=LATER
        )

    return Act(by, do, None, said)


def stock_cancel_line() -> Act:
    by, (line,) = boss(), bought.list_lines(make_purchase((make_part(), 2_000)))
    said = {"cancelled_milli": 2_000, "reason": "停产"}
    return Act(by, lambda: purchasing.cancel_line(line, "停产", by=by, at=LATER), line, said)


def stock_cancel_purchase() -> Act:
    by, purchase = boss(), make_purchase((make_part(), 2_000))
    said = {"reason": "下错单"}
    return Act(by, lambda: purchasing.cancel(purchase, "下错单", by=by, at=LATER), purchase, said)


def stock_invoice() -> Act:
    by, purchase = boss(), make_purchase((make_part(), 2_000))
    (line,) = bought.list_lines(purchase)
    said = {"no": "INV-1", "purchase": purchase.no}

    def do() -> Any:
        return purchasing.invoice(purchase, "INV-1", {line.id: (2_000, 100)}, by=by, at=LATER)

    return Act(by, do, None, said)


def stock_withdraw_invoice() -> Act:
    by, purchase = boss(), make_purchase((make_part(), 2_000))
    (line,) = bought.list_lines(purchase)
    made = purchasing.invoice(purchase, "INV-1", {line.id: (2_000, 100)}, by=by, at=AT)
    return Act(by, lambda: purchasing.withdraw(made, by=by, at=LATER), made, {"no": "INV-1"})


def stock_close_purchase() -> Act:
    by, purchase = boss(), make_purchase((make_part("PAD-1"), 2_000))
    said = {"reason": "其余不要了", "differences": ["PAD-1: 2 件 are still to come."]}
    return Act(
        by, lambda: purchasing.close(purchase, "其余不要了", by=by, at=LATER), purchase, said
    )


def stock_open_count() -> Act:
    by, branch = boss(), make_branch()
    said = {"no": "ST-1", "bins": ["A-01", "A-09"]}
    do = partial(counting.open_count, branch, "a-01", "A-09", "ST-1", by=by, at=LATER)
    return Act(by, do, None, said)


def stock_book_count() -> Act:
    by, part, branch = boss(), make_part("PAD-1", on_hand=5), make_branch()
    stocktake = counting.open_count(branch, "A-01", "A-09", "ST-1", by=by, at=AT)
    counting.count(stocktake, part, 4_000, by=by, at=AT)
    said = {"reason": "盘亏", "differences": [["PAD-1", -1_000]]}
    return Act(by, lambda: counting.book(stocktake, "盘亏", by=by, at=LATER), stocktake, said)


def stock_drop_count() -> Act:
    by, branch = boss(), make_branch()
    stocktake = counting.open_count(branch, "A-01", "A-09", "ST-1", by=by, at=AT)
    said = {"reason": "改天"}
    return Act(by, lambda: counting.drop(stocktake, "改天", by=by, at=LATER), stocktake, said)


def _sent() -> CoreShipment:
    part, branch, supplier = make_part(core_deposit_fen=30_000), make_branch(), make_supplier()
    delivery = Delivery(supplier.name, "DN-1", 20_000)
    receipts.take_in(part, branch, 2_000, delivery, today=TODAY, by=boss(), at=AT)
    return cores.send(branch.id, supplier, part, 1_000, "RN-1", by=boss(), at=AT)


def stock_send_cores() -> Act:
    by, first = boss(), _sent()
    said = {"supplier": first.supplier.name, "quantity_milli": 1_000, "fen": 30_000}

    def do() -> Any:
        where, whose = first.branch_id, first.supplier
        return cores.send(where, whose, first.part, 1_000, "RN-2", by=by, at=LATER)

    return Act(by, do, None, said)


def stock_unsend_cores() -> Act:
    by, made = boss(), _sent()
    return Act(by, lambda: cores.withdraw(made, by=by, at=LATER), made, {"no": "RN-1"})


def stock_credit_cores() -> Act:
    by, made = boss(), _sent()
    said = {"no": "CN-1", "fen": 20_000, "reason": "壳体破裂"}

    def do() -> None:
        cores.credit(made, 20_000, "CN-1", "壳体破裂", by=by, at=LATER)

    return Act(by, do, made, said)


def stock_uncredit_cores() -> Act:
    by, made = boss(), _sent()
    cores.credit(made, 30_000, "CN-1", by=by, at=AT)
    said = {"was": {"no": "CN-1", "fen": 30_000}}
    return Act(by, lambda: cores.take_credit_back(made, by=by, at=LATER), made, said)


def parts_core_back() -> Act:
    by, (order, _bill, line) = boss(), make_bill()
    said = {"order": order.no, "quantity_milli": 1_000, "reason": "完好"}
    return Act(by, lambda: deposits.take_back(line, 1_000, "完好", by=by, at=LATER), None, said)


def parts_core_kept() -> Act:
    by, (order, _bill, line) = boss(), make_bill()
    said = {"order": order.no, "quantity_milli": 1_000, "reason": "破损"}
    return Act(by, lambda: deposits.keep(line, 1_000, "破损", by=by, at=LATER), None, said)


def parts_core_withdraw() -> Act:
    by, (order, _bill, line) = boss(), make_bill()
    made = deposits.take_back(line, 1_000, by=by, at=AT)
    said = {"order": order.no, "reason": "看错了", "was": "back"}
    return Act(by, lambda: deposits.withdraw(made, "看错了", by=by, at=LATER), made, said)


ACTS = collect(__name__, globals())
