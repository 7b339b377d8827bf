"""What is doubtful is offered only by who says why."""

from __future__ import annotations

from typing import Any

from workshop.errors import Invalid
from workshop.steps.quotation.fit import queries
from workshop.steps.quotation.models import Quotation

MOST = 200


def require_reason(quotation: Quotation, reason: str) -> dict[str, Any]:
    """Keep on the quotation why it is offered all the same; gives what the trail keeps of it.

    Raises Invalid, which names the first doubt, when there is one and no reason.
    """
    doubts = [each.words for each in queries.list_doubts(quotation)]
    said = reason.strip()[:MOST]
    if doubts and not said:
        first = doubts[0]
        raise Invalid(first.message, code="doubtful", field="despite", **first.values)
    quotation.despite = said if doubts else ""
    kinds = sorted({each.code for each in doubts})
    return {"doubts": kinds, "despite": said} if doubts else {}
