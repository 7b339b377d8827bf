"""What must be true before a day is closed (domain.md step 5)."""

from __future__ import annotations

from collections.abc import Iterable

from workshop.errors import N_, Missing
from workshop.steps.scheduling.closing.queries import Loose


def missing_to_close(loose: Iterable[Loose]) -> list[Missing]:
    """What keeps the day from being closed, a line for each car that has no disposition."""
    words = {
        True: N_("%(plate)s is planned for another day, and the customer has not agreed."),
        False: N_("%(plate)s is not finished: carry it over, hold it, or finish it."),
    }
    found = {}
    for each in loose:
        plate = each.job.order.vehicle.called
        found[plate, each.is_elsewhere] = Missing(
            words[each.is_elsewhere], "loose", {"plate": plate}
        )
    return list(found.values())
