"""Words to begin a progress report with."""

from __future__ import annotations

from flask_babel import gettext

from workshop.errors import N_
from workshop.orders.models import RepairOrder
from workshop.steps.lounge.kinds import Occasion
from workshop.web.display import show_time

_SUGGESTIONS = {
    Occasion.HOURLY: N_("Your car is “%(stage)s”. We keep to %(time)s."),
    Occasion.START: N_("The work on your car has started. We keep to %(time)s."),
    Occasion.ADDITION: N_("We found additional work on your car and need your decision."),
    Occasion.DELAY: N_("The work takes longer than planned; %(time)s cannot be kept."),
    Occasion.DONE: N_("Your car is ready."),
}


def suggestion(order: RepairOrder, occasion: Occasion) -> str:
    """Words to begin with, in the reader's language; the person changes what does not fit."""
    values = {"stage": gettext(order.stage.label), "time": show_time(order.promised_at)}
    return str(gettext(_SUGGESTIONS[occasion])) % values
