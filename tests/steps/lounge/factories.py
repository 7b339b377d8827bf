"""Sheets of customers who leave."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tests.factories import AT
from workshop.customers.models import Channel
from workshop.steps.lounge.departure import Loaner, Sheet
from workshop.steps.lounge.enums import CostBearer, Transport


def make_sheet(**values: Any) -> Sheet:
    """A customer who takes a taxi to work."""
    usual: dict[str, Any] = {
        "left_at": AT,
        "transport": Transport.TAXI,
        "destination": "张江",
        "cost_bearer": CostBearer.CUSTOMER,
        "driver": "",
        "reachable_phone": "13800138000",
        "best_time": "",
        "report_channel": Channel.WECHAT,
        "report_at": AT + timedelta(hours=2),
        "pick_up_name": "王太太",
        "pick_up_phone": "13900139000",
    }
    return Sheet(**{**usual, **values})


def make_loaner(**values: Any) -> Loaner:
    """A loaner car with its contract in order, back in six hours."""
    usual: dict[str, Any] = {
        "contract_no": "LC-1",
        "plate": "沪A66K88",
        "km_out": 35_210,
        "energy_out": 75,
        "licence_checked": True,
        "deposit_fen": 200_000,
        "damage": "",
        "due_at": AT + timedelta(hours=6),
    }
    return Loaner(**{**usual, **values})


def sheet_fields(**values: str) -> dict[str, str]:
    """The sheet as a browser sends it."""
    return {
        "version": "0",
        "left_time": "10:00",
        "transport": "taxi",
        "destination": "张江",
        "cost_bearer": "customer",
        "reachable_phone": "138 0013 8000",
        "report_channel": "wechat",
        "report_time": "12:00",
        "pick_up_name": "王太太",
        "pick_up_phone": "13900139000",
        **values,
    }
