"""The last piece goes to one order, however many reach for it at once."""

from __future__ import annotations

import threading
from datetime import datetime

from tests.databases import Database
from tests.factories import make_order, make_part, make_user
from workshop import db
from workshop.db import session
from workshop.errors import RuleBroken
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.stock import queries
from workshop.stock import service as stock
from workshop.stock.models import Part

CALLERS = 24


def test_the_last_piece_goes_to_one_of_many_simultaneous_orders(
    database: Database, at: datetime
) -> None:
    # given
    advisor, part = make_user(RoleName.SERVICE_ADVISOR), make_part(on_hand=1)
    orders = [make_order(Stage.SCHEDULED, advisor=advisor) for _ in range(CALLERS)]
    ids = [order.id for order in orders]
    branch_id, part_id, advisor_id = orders[0].branch_id, part.id, advisor.id
    db.commit()
    db.session.remove()
    answers: list[str] = []
    start = threading.Barrier(CALLERS)

    def reach(order_id: int) -> None:
        start.wait()
        with database.app.app_context():
            try:
                order = session.get_one(RepairOrder, order_id)
                by = session.get_one(User, advisor_id)
                stock.reserve(session.get_one(Part, part_id), order, 1000, by=by, at=at)
                db.commit()
                answers.append("won")
            except RuleBroken as error:
                db.rollback()
                answers.append(error.code)
            finally:
                db.session.remove()

    # when
    threads = [threading.Thread(target=reach, args=(order_id,)) for order_id in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # then
    assert sorted(answers) == ["stock_short"] * (CALLERS - 1) + ["won"]
    level = queries.find_level(branch_id, part_id)
    assert level is not None
    assert (level.on_hand_milli, level.reserved_milli, level.free_milli) == (1000, 1000, 0)
    assert sum(queries.held_milli(order_id, part_id) for order_id in ids) == 1000
