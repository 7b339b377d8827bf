"""Cases of signing in, roles and shared devices."""

from __future__ import annotations

from tests.audit.act import LATER, Act, boss, collect
from tests.factories import AT, make_branch, make_user
from workshop.staff import service as staff
from workshop.staff.account import passwords
from workshop.staff.permissions import RoleName
from workshop.staff.sessions import lockout
from workshop.staff.sessions import service as sessions
from workshop.staff.sessions.models import SignInWay

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


ACTS = collect(__name__, globals())
