"""What a case still needs before it can be closed."""

from __future__ import annotations

from workshop.cases.models import Case, CaseState
from workshop.errors import N_


def missing_to_close(case: Case) -> str | None:
    """What a case still needs before it is closed, as a msgid; None when it is closed."""
    return {
        CaseState.OPEN: N_("The customer was not told yet that we care for it."),
        CaseState.ACKNOWLEDGED: N_("There is no plan yet."),
        CaseState.PLANNED: N_("Cause and remedy are not written down yet."),
        CaseState.RESOLVED: N_("The supervisor has not made the second call yet."),
    }.get(case.state)
