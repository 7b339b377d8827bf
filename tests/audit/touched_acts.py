"""Cases of the call list."""

from __future__ import annotations

from datetime import date

from tests.audit.act import LATER, Act, boss, collect
from tests.factories import AT, make_branch, make_user
from tests.steps.booking.factories import make_appointment, make_shop
from workshop.shop import calendar
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.touched import lists, service
from workshop.touched.lists import Open


def _open() -> tuple[User, Open]:
    by = boss()
    _, (advisor,) = make_shop()
    make_appointment(advisor, "09:00", days=1)
    calendar.set_day(make_branch(), date(2026, 11, 24), False, "盘点", by=by, at=AT)
    things = [each.thing for each in lists.list_open(make_branch(), AT)]
    service.make_list(make_branch(), (), things, by=by, at=AT)
    (found,) = lists.list_open(make_branch(), AT)
    return by, found


def touched_make_list() -> Act:
    by, found = _open()
    things = [found.thing]

    def do() -> object:
        return service.make_list(make_branch(), (), things, by=by, at=LATER)

    return Act(by, do, None, {"count": 1})


def touched_agree() -> Act:
    by, found = _open()

    def do() -> None:
        service.agree(found, make_branch(), "王小明", by=by, at=LATER)

    return Act(by, do, found.row, {"name": "王小明"}, along=("booking.confirmed",))


def touched_take_back() -> Act:
    by, found = _open()
    row = service.agree(found, make_branch(), "王小明", by=by, at=AT)
    return Act(by, lambda: service.take_back(row, by=by, at=LATER), row, {"was": "王小明"})


def touched_hand_on() -> Act:
    by, found = _open()
    to = make_user(RoleName.SERVICE_ADVISOR, name="顾问甲")

    def do() -> None:
        service.hand_on(found, make_branch(), to, by=by, at=LATER)

    return Act(by, do, found.row, {"to": "顾问甲"})


ACTS = collect(__name__, globals())
