"""The open orders of the desk as a list that may be taken along."""

from __future__ import annotations

from workshop import web
from workshop.desk import queries as desk
from workshop.desk.queries import Row
from workshop.errors import N_
from workshop.listing import Asked, Column, ListSheet
from workshop.orders import columns
from workshop.orders.rows import Need
from workshop.staff.permissions import Permission, RoleName


def whose(asked: Asked) -> str:
    """“mine” or “all”: an advisor begins with the own cars."""
    is_advisor = asked.by is not None and asked.by.is_(RoleName.SERVICE_ADVISOR)
    return asked.args.get("whose") or ("mine" if is_advisor else "all")


def need_of(asked: Asked) -> Need | None:
    """The one need that is asked for, if any."""
    return web.member(Need, asked.args.get("need"))


def list_rows(asked: Asked) -> list[Row]:
    """The open orders, whatever they need."""
    advisor = asked.by if whose(asked) == "mine" else None
    return desk.list_rows(asked.branch, asked.at, advisor)


def list_shown(asked: Asked, rows: list[Row]) -> list[Row]:
    """Those of the rows that need what is asked for."""
    wanted = need_of(asked)
    return [row for row in rows if wanted is None or row.need is wanted]


SHEETS = (
    ListSheet(
        "orders",
        N_("Open orders"),
        "desk.home",
        (
            Column(N_("Needs"), lambda row: row.need),
            *columns.car(lambda row: row.order),
            *columns.customer(lambda row: row.order),
            Column(N_("Waits here"), lambda row: row.order.stays),
            Column(N_("Stage"), lambda row: row.order.stage),
            Column(N_("Concern"), lambda row: row.order.concern),
            Column(N_("Arrived"), lambda row: row.order.arrived_at),
            Column(N_("Promised time"), lambda row: row.order.promised_at),
            Column(N_("Expected"), lambda row: row.expected.at),
            Column(N_("First promise"), lambda row: row.order.first_promised_at),
            Column(N_("Repeat repair"), lambda row: row.order.repeat_repair),
            Column(N_("Mileage (km)"), lambda row: row.order.mileage_km),
            columns.advisor(lambda row: row.order),
        ),
        lambda asked: list_shown(asked, list_rows(asked)),
        frozenset({Permission.VIEW_ORDERS}),
    ),
)
