"""Pages of the step: the cars to clean, one car, and its acts."""

from __future__ import annotations

from flask import g, redirect, url_for
from flask.typing import ResponseReturnValue
from workshop.steps.interior import gates, queries, service
from workshop.steps.interior.blueprint import bp

from workshop import clock, db, web
from workshop.orders import service as orders
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission

_ACTS = {"begin": service.begin, "clean": service.clean, "finish": service.finish}


@bp.get("/interior")
@requires(Permission.CLEAN_INTERIOR)
def index() -> ResponseReturnValue:
    """The cars that are cleaned inside now."""
    return web.page("interior/index.html", orders=queries.list_to_clean(g.branch))


@bp.get("/orders/<no>/interior")
@requires(Permission.CLEAN_INTERIOR)
def show(no: str) -> ResponseReturnValue:
    """One car: what it still needs, and its acts."""
    order = orders.get_order(no, me().branch_id)
    return web.page("interior/show.html", order=order, missing=gates.missing(order), acts=_ACTS)


@bp.post("/orders/<no>/interior/<any(begin, clean, finish):act>")
@requires(Permission.CLEAN_INTERIOR)
def do(no: str, act: str) -> ResponseReturnValue:
    """Begin, record or finish the cleaning."""
    order = orders.get_order(no, me().branch_id)
    _ACTS[act](order, by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("interior.show", no=no))
