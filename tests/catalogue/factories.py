"""What tests of the catalogue are made with."""

from __future__ import annotations

from typing import Any

from tests.factories import make_branch
from workshop.catalogue import operations
from workshop.catalogue.models import Operation
from workshop.catalogue.particulars import Particulars
from workshop.shop.models import Branch


def particulars(code: str = "B-PAD-F", **values: Any) -> Particulars:
    """What a manager types of front brake pads, an hour on a mid-size car."""
    return Particulars(
        **{
            "code": code,
            "name_zh": "更换前制动片",
            "name_en": "Front pads",
            "book_minutes": 60,
            "bay_kinds": ("lift",),
            **values,
        }
    )


def build(code: str = "B-PAD-F", branch: Branch | None = None, **values: Any) -> Operation:
    """An operation as the act makes it."""
    branch = branch or make_branch()
    return operations.build(particulars(code, **values), branch_id=branch.id)
