"""Cases of signing in, roles and shared devices."""

from __future__ import annotations

from functools import partial

from sqlalchemy import select

from tests.audit.act import LATER, Act, boss, collect
from tests.factories import AT, make_branch, make_customer, make_order, make_user
from tests.guards.rows import put
from workshop.db import session
from workshop.duties import asking
from workshop.duties import service as duties
from workshop.duties.models import HandOver, PermissionRequest, RequestState
from workshop.orders.models import RepairOrder
from workshop.staff import service as staff
from workshop.staff.account import passwords
from workshop.staff.floor import pins
from workshop.staff.floor import service as floor
from workshop.staff.models import Role, User
from workshop.staff.permissions import Permission, RoleName
from workshop.staff.roles import service as roles
from workshop.staff.roles.service import RoleValues
from workshop.staff.second_factor import service as factors
from workshop.staff.sessions import lockout
from workshop.staff.sessions import service as sessions
from workshop.staff.sessions.models import SignInWay
from workshop.trail import service as trail

OLD, NEW = "a long password", "tyre rotate lemon"


def staff_change_password() -> Act:
    roles = [RoleName.CASHIER]
    user = staff.create_user("qian", "钱芳", roles, make_branch().id, at=AT, password=OLD)
    sessions.begin(user, SignInWay.PASSWORD, at=AT)
    return Act(user, lambda: passwords.change(user, OLD, NEW, at=LATER), user, {"ended": 1})


def staff_revoke_session() -> Act:
    user, by = make_user(RoleName.CASHIER), boss()
    begun, _ = sessions.begin(user, SignInWay.PASSWORD, at=AT)
    said = {"session": begun.id}
    return Act(by, lambda: sessions.revoke(user, begun.id, by=by, at=LATER), user, said)


def staff_revoke_sessions() -> Act:
    user, by = make_user(RoleName.CASHIER), boss()
    sessions.begin(user, SignInWay.PASSWORD, at=AT)
    return Act(by, lambda: sessions.revoke_all(user, by=by, at=LATER), user, {"count": 1})


def staff_unlock() -> Act:
    user, by = make_user(RoleName.CASHIER), boss()
    lockout.note_failure(user.username, "address:10.0.0.1", at=AT)
    return Act(by, lambda: lockout.unlock(user, by=by, at=LATER), user, {"count": 1})


def _role(name: RoleName) -> Role:
    boss()
    return session.scalars(select(Role).where(Role.name == name.value)).one()


def staff_change_role() -> Act:
    role, by = _role(RoleName.WASHER), boss()
    values = RoleValues(frozenset({Permission.CHECK_GATE}))
    said = {"added": ["check_gate"], "removed": ["wash"], "name": "Washer"}
    return Act(by, lambda: roles.change(role, values, by=by, at=LATER), role, said)


def staff_copy_role() -> Act:
    role, by = _role(RoleName.WASHER), boss()
    said = {"name": "夜班 / Night", "role": "Washer"}
    return Act(by, lambda: roles.copy(role, "夜班", "Night", by=by, at=LATER), None, said)


def staff_retire_role() -> Act:
    by = boss()
    role = roles.copy(_role(RoleName.WASHER), "夜班", "Night", by=by, at=AT)
    return Act(by, lambda: roles.retire(role, by=by, at=LATER), role, {"name": "夜班 / Night"})


def staff_restore_role() -> Act:
    by = boss()
    role = roles.copy(_role(RoleName.WASHER), "夜班", "Night", by=by, at=AT)
    roles.retire(role, by=by, at=AT)
    return Act(by, lambda: roles.restore(role, by=by, at=LATER), role)


def staff_pair_device() -> Act:
    by = boss()
    device, _ = floor.offer(None, at=AT)
    code = device.pairing_code or ""
    return Act(
        by, lambda: floor.pair(code, "3号工位", by=by, at=LATER), device, {"name": "3号工位"}
    )


def staff_rename_device() -> Act:
    by = boss()
    device, _ = floor.offer(None, at=AT)
    floor.pair(device.pairing_code or "", "3号工位", by=by, at=AT)
    said = {"name": "4号工位", "was": {"name": "3号工位"}}
    return Act(by, lambda: floor.rename(device, "4号工位", by=by, at=LATER), device, said)


def staff_revoke_device() -> Act:
    by = boss()
    device, _ = floor.offer(None, at=AT)
    floor.pair(device.pairing_code or "", "3号工位", by=by, at=AT)
    sessions.begin(by, SignInWay.PIN, at=AT, device_id=device.id)
    return Act(by, lambda: floor.revoke(device, by=by, at=LATER), device, {"ended": 1})


def staff_set_pin() -> Act:
    roles = [RoleName.TECHNICIAN]
    user = staff.create_user("zhao", "赵强", roles, make_branch().id, at=AT, password=OLD)
    return Act(user, lambda: pins.set_pin(user, OLD, "480317", at=LATER), user)


def staff_remove_pin() -> Act:
    user, by = make_user(RoleName.TECHNICIAN), boss()
    return Act(by, lambda: pins.remove_pin(user, by=by, at=LATER), user)


def _secured(name: str = "qian") -> User:
    """Somebody with codes of an app and a passkey."""
    roles = [RoleName.CASHIER]
    user = staff.create_user(name, "钱芳", roles, make_branch().id, at=AT, password=OLD)
    session.flush()
    user.tf_primary_method, user.tf_totp_secret = factors.METHOD, "secret"
    put("passkey", user_id=user.id, name="手机")
    return user


def staff_set_second_factor() -> Act:
    user = make_user(RoleName.CASHIER)
    return Act(user, lambda: factors.set_up(user, "secret", True, at=LATER), user)


def staff_remove_second_factor() -> Act:
    user = _secured()
    return Act(user, lambda: factors.switch_off(user, at=LATER), user)


def staff_make_recovery_codes() -> Act:
    user = _secured()
    do = partial(factors.make_recovery_codes, user, lambda: ["a", "b"], at=LATER)
    return Act(user, do, user, {"count": 2})


def staff_use_recovery_code() -> Act:
    user = _secured()
    return Act(user, lambda: factors.note_recovery_code(user, at=LATER), user, {"left": 0})


def staff_add_passkey() -> Act:
    user = _secured()
    return Act(user, lambda: factors.note_passkey(user, "手机", at=LATER), user, {"name": "手机"})


def staff_remove_passkey() -> Act:
    user = _secured()
    number = user.webauthn[0].id
    do = partial(factors.remove_passkey, user, number, at=LATER)
    return Act(user, do, user, {"name": "手机"})


def staff_reset_second_factor() -> Act:
    user, by = _secured(), boss()
    said = {"reason": "手机丢了", "passkeys": 1}
    return Act(by, lambda: factors.reset(user, "手机丢了", by=by, at=LATER), user, said)


def _order(by: User) -> tuple[RepairOrder, list[str]]:
    order = make_order(advisor=by)
    return order, [f"order:{order.id}"]


def duties_offer() -> Act:
    by, to = boss(), boss()
    order, chosen = _order(by)
    said = {"user_id": by.id, "to": to.id, "reason": "休假", "handed": [_name(order)]}
    return Act(by, lambda: duties.hand_over(by, to, chosen, "休假", by=by, at=LATER), None, said)


def duties_set() -> Act:
    by, to = boss(), boss()
    order, chosen = _order(make_user(RoleName.SERVICE_ADVISOR))
    giver = order.advisor
    do = partial(duties.hand_over, giver, to, chosen, "离职", sets=True, by=by, at=LATER)
    return Act(by, do, None, {"user_id": giver.id, "to": to.id, "handed": [_name(order)]})


def _offered() -> HandOver:
    by = boss()
    _, chosen = _order(by)
    return duties.hand_over(by, boss(), chosen, "休假", by=by, at=AT)


def duties_accept() -> Act:
    made = _offered()
    by = made.taker
    names = [each.name for each in made.items]
    return Act(by, lambda: duties.accept(made, by=by, at=LATER), made, {"handed": names})


def duties_decline() -> Act:
    made = _offered()
    by = made.taker
    do = partial(duties.decline, made, "我也满了", by=by, at=LATER)
    return Act(by, do, made, {"reason": "我也满了"})


def duties_take_back() -> Act:
    made = _offered()
    by = made.giver
    return Act(by, lambda: duties.take_back(made, by=by, at=LATER), made, {"handed": []})


def _asked() -> PermissionRequest:
    by = make_user(RoleName.WASHER)
    of, branch = boss(), make_branch()
    return asking.ask(branch, {Permission.DISCOUNT}, "/x", "打折", of=of, by=by, at=AT)


def duties_ask() -> Act:
    by, of, branch = make_user(RoleName.WASHER), boss(), make_branch()
    said = {"path": "/settlement", "rights": ["discount"]}
    do = partial(asking.ask, branch, {Permission.DISCOUNT}, "/settlement", "", of=of, by=by)
    return Act(by, lambda: do(at=LATER), None, said)


def duties_answer() -> Act:
    request = _asked()
    by, done = request.asked_of, RequestState.DONE
    assert by is not None
    said = {"state": "done", "words": "好了"}
    return Act(by, lambda: asking.answer(request, done, "好了", by=by, at=LATER), request, said)


def duties_unask() -> Act:
    request = _asked()
    by = request.asked_by
    return Act(by, lambda: asking.take_back(request, by=by, at=LATER), request, {"path": "/x"})


def _name(order: RepairOrder) -> str:
    return f"{order.no} {order.vehicle.called}"


def trail_export() -> Act:
    by = boss()
    said = {"list": "Audit trail", "kind": "csv", "rows": 7, "filters": {"group": "staff"}}
    return Act(
        by,
        lambda: trail.note_export("Audit trail", "csv", {"group": "staff"}, 7, by=by, at=LATER),
        by,
        said,
    )


def trail_data_on_request() -> Act:
    by, customer = boss(), make_customer()
    return Act(
        by,
        lambda: trail.note_data_on_request(customer, 12, by=by, at=LATER),
        customer,
        {"rows": 12},
    )


ACTS = collect(__name__, globals())
