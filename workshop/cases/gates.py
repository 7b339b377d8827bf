"""What a case still needs before it can be closed."""

from __future__ import annotations

from workshop.cases.models import Case, CaseState
from workshop.db import session
from workshop.errors import N_
from workshop.shop.models import Branch
from workshop.shop.separation import service as separation
from workshop.shop.separation.rules import Apart, Ruling
from workshop.staff.models import User


def judge_second_call(case: Case, by: User) -> Ruling:
    """What stands against this person's second call: who had part in the case does not close it."""
    message = N_("The second call is made by somebody who had no part in it.")
    advisor_id = case.order.advisor_id if case.order is not None else None
    branch = session.get_one(Branch, case.branch_id)
    others = [case.owner_id, advisor_id]
    return separation.judge_other(branch, Apart.SECOND_CALL, by, others, message)


def missing_to_close(case: Case) -> str | None:
    """What a case still needs before it is closed, as a msgid; None when it is closed."""
    return {
        CaseState.OPEN: N_("The customer was not told yet that we care for it."),
        CaseState.ACKNOWLEDGED: N_("There is no plan yet."),
        CaseState.PLANNED: N_("Cause and remedy are not written down yet."),
        CaseState.RESOLVED: N_("The supervisor has not made the second call yet."),
    }.get(case.state)
