"""Acts on what waits for people: taken, put off, written to each other, and where a key hangs."""

from __future__ import annotations

from functools import partial

from tests.audit.act import LATER, Act, boss, collect
from tests.factories import AT, make_branch, make_order
from tests.shop.factories import hour
from tests.steps.scheduling.replanning.floor import make_floor
from workshop.desk.inbox import rows as inbox
from workshop.desk.inbox import taking
from workshop.orders import keys
from workshop.orders.notes import service as notes
from workshop.steps.scheduling.watch import service as watch


def scheduling_put_off() -> Act:
    floor = make_floor()
    job = floor.plan(11)
    watch.look_after(floor.branch, at=hour(10.8))
    by, order = floor.controller, job.order
    do = partial(watch.put_off, floor.branch, order, 15, by=by, at=hour(10.8))
    return Act(by, do, order, {"count": 1})


def orders_write_note() -> Act:
    order = make_order()
    by = order.advisor
    return Act(
        by, lambda: notes.write(order, "钥匙在前台", by=by, at=LATER), order, {"text": "钥匙在前台"}
    )


def orders_correct_note() -> Act:
    order = make_order()
    by, note = order.advisor, notes.write(order, "十一点", by=order.advisor, at=AT)
    said = {"text": "十二点", "was": {"text": "十一点"}}
    return Act(by, lambda: notes.correct(note, "十二点", by=by, at=LATER), order, said)


def orders_put_key() -> Act:
    order = make_order()
    by, was = order.advisor, {"key_tag": "", "parked_at": ""}
    said = {"key_tag": "A12", "parked_at": "B3", "was": was}
    return Act(by, lambda: keys.put(order, "a12", "B3", by=by, at=LATER), order, said)


def desk_take() -> Act:
    order = make_order()
    by, branch, called = boss(), make_branch(), order.vehicle.called
    items = inbox.list_items(branch, AT)
    do = partial(taking.take, branch, items, f"R{order.id}", by=by, at=LATER)
    return Act(by, do, None, {"name": called})


def desk_give_back() -> Act:
    order = make_order()
    by, branch, subject = boss(), make_branch(), f"R{order.id}"
    taken = taking.take(branch, inbox.list_items(branch, AT), subject, by=by, at=AT)
    do = partial(taking.give_back, branch, subject, by=by, at=LATER)
    return Act(by, do, taken, {"name": subject})


ACTS = collect(__name__, globals())
