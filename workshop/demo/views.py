"""The demo's own page: step into each role with one click."""

from __future__ import annotations

from collections.abc import Iterable

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from flask_security.utils import login_user, logout_user
from sqlalchemy import select

from workshop import clock, db, web
from workshop.db import session
from workshop.demo.shop import PEOPLE, TECHNICIANS
from workshop.errors import N_, NotFound
from workshop.orders.flow import PERMITS, Action, Stage
from workshop.orders.models import RepairOrder
from workshop.screen import service as screen
from workshop.screen.page import keep_token
from workshop.shop.models import Branch
from workshop.staff import service as staff
from workshop.staff.access import public
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.track import service as track

bp = web.blueprint("demo", __name__)

# Where each role begins its day.
HOMES = {
    RoleName.TECHNICIAN: "repair.phone",
    RoleName.JOB_CONTROLLER: "scheduling.index",
    RoleName.TEAM_LEADER: "repair.index",
    RoleName.QUALITY_INSPECTOR: "repair.index",
    RoleName.PARTS_CLERK: "parts.index",
    RoleName.CASHIER: "settlement.index",
    RoleName.CUSTOMER_RELATIONS: "followup.index",
    RoleName.LOUNGE_ATTENDANT: "lounge.index",
    RoleName.GREETER: "handover.gate",
    RoleName.WASHER: "handover.washes",
    RoleName.SERVICE_ASSISTANT: "booking.index",
    RoleName.ADMINISTRATOR: "staff.index",
}


def list_sign_ins() -> list[tuple[str, str]]:
    """Each role and the path of its one-click sign-in, one person for a role."""
    roles = {role: username for username, _, role in reversed(PEOPLE)}
    roles[RoleName.TECHNICIAN] = TECHNICIANS[0][0]
    return [
        (role.value.replace("_", " "), f"/demo/as/{username}")
        for role, username in sorted(roles.items(), key=lambda each: list(RoleName).index(each[0]))
    ]


@bp.get("/demo")
@public
def index() -> ResponseReturnValue:
    """All people of the shop by role, and the screens."""
    return web.page(
        "demo/index.html",
        users=_people(name for name, _, _ in PEOPLE),
        technicians=_people(name for name, _, _ in TECHNICIANS),
        speed=clock.speed(),
    )


def _people(usernames: Iterable[str]) -> list[User]:
    return [user for name in usernames if (user := staff.find_user(name)) is not None]


@bp.get("/demo/as/<username>")
@public
def become_by_link(username: str) -> ResponseReturnValue:
    """The page with one button that signs this person in; a GET changes nothing."""
    return web.page("demo/become.html", user=_get(username))


@bp.post("/demo/as/<username>")
@public
def become(username: str) -> ResponseReturnValue:
    """Sign in as this person and go where the role begins its day."""
    user = _get(username)
    logout_user()
    login_user(user)
    role = user.roles[0].preset
    return redirect(url_for(HOMES.get(role, "desk.home") if role else "desk.home"))


@bp.post("/demo/screen")
@public
def open_screen() -> ResponseReturnValue:
    """Pair this browser as the lounge screen of the demo."""
    branch = session.scalars(select(Branch).order_by(Branch.id)).first()
    if branch is None:
        raise NotFound(N_("The demo has no shop yet."))
    answer = redirect(url_for("screen.show", code=branch.code))
    _, token = screen.pair_directly(branch, "客休室电视", by=_get("admin"), at=clock.now())
    db.commit()
    keep_token(answer, token)
    return answer


@bp.post("/demo/customer")
@public
def open_customer() -> ResponseReturnValue:
    """Make a customer's link for an order that waits for a decision, and open it."""
    order = _order_for_customer()
    advisor = session.get_one(User, order.advisor_id)
    token = track.make_link(order, by=advisor, at=clock.now())
    db.commit()
    return redirect(url_for("track.show_order", token=token))


def _order_for_customer() -> RepairOrder:
    for stages in (PERMITS[Action.AUTHORISE], PERMITS[Action.START_JOB], frozenset(Stage)):
        order = session.scalars(
            select(RepairOrder).where(RepairOrder.stage.in_(stages)).order_by(RepairOrder.id.desc())
        ).first()
        if order is not None:
            return order
    raise NotFound(N_("The demo has no order yet."))


def _usernames() -> list[str]:
    return [name for name, _, _ in PEOPLE] + [name for name, _, _ in TECHNICIANS]


def _get(username: str) -> User:
    user = staff.find_user(username)
    if user is None or username not in _usernames():
        raise NotFound(N_("There is no such person in the demo."))
    return user
