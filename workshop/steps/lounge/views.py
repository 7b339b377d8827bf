"""Customer care: everybody who waits or has left, and what they must be told."""

from __future__ import annotations

from flask import g
from flask.typing import ResponseReturnValue

from workshop import clock, web
from workshop.customers.models import Channel
from workshop.staff.access import requires
from workshop.staff.permissions import Permission
from workshop.steps.lounge import queries, rounds, rules, words
from workshop.steps.lounge.blueprint import bp
from workshop.steps.lounge.kinds import CARE_ICONS, CareKind


@bp.get("/lounge")
@requires(Permission.CARE)
def index() -> ResponseReturnValue:
    """Who must be told something, who waits and what they still need, who left, how it looks."""
    now = clock.now()
    dues = queries.list_dues(g.branch)
    present = queries.list_in_house(g.branch)
    travellers = queries.list_travellers(present, dues)
    return web.page(
        "lounge/index.html",
        dues=[due for due in dues if due.due_at <= now],
        coming=[due for due in dues if due.due_at > now],
        undecided=[order for order in present if order.stays is None],
        guests=queries.list_guests(present, dues),
        travellers=travellers,
        sheets={each.order.id: each.departure for each in travellers},
        channels=list(Channel),
        loaners=queries.list_loaners_out(g.branch),
        hours=rounds.list_hours(g.branch, now),
        faults=rounds.list_open_faults(g.branch),
        checked=len(rounds.list_checks(g.branch, rules.hour_of(now))),
        hour=rules.hour_of(now),
        kinds=list(CareKind),
        icons=CARE_ICONS,
        suggestion=words.suggestion,
        at=now,
    )
