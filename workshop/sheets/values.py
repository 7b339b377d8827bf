"""What a cell may hold that is written."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

Value = str | int | Decimal | date | datetime | bool | None
