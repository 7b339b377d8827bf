"""The televisions, and the rows that they show."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from sqlalchemy import Row as Found
from sqlalchemy import select

from workshop.customers import masks
from workshop.customers.models import Vehicle
from workshop.db import session
from workshop.errors import N_, NotFound
from workshop.orders import expected
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder
from workshop.screen import rules
from workshop.screen.models import ScreenDevice
from workshop.screen.rules import Row
from workshop.shop import calendar
from workshop.shop.models import Branch, OpeningHours

# The screen lights up before the shop opens and stays on for the last who collect.
MARGIN = timedelta(minutes=30)

# The columns of _ORDER below: an order as far as a screen may know of it.
Shown: TypeAlias = (
    "Found[int, str, Stage, bool | None, datetime | None, datetime | None, datetime | None, int,"
    "str | None]"
)


def find_branch(code: str) -> Branch | None:
    """The branch of this code."""
    return session.scalars(select(Branch).where(Branch.code == code)).one_or_none()


def get_branch(code: str) -> Branch:
    """The branch of this code; raises NotFound."""
    branch = find_branch(code)
    if branch is None:
        raise NotFound(N_("There is no such branch."))
    return branch


def hash_token(token: str) -> str:
    """What is kept of a television's token."""
    return hashlib.sha256(token.encode()).hexdigest()


def find_device(token: str | None) -> ScreenDevice | None:
    """The television that holds the token, paired or not."""
    if not token:
        return None
    query = select(ScreenDevice).where(ScreenDevice.token_hash == hash_token(token))
    return session.scalars(query).one_or_none()


def get_device(branch_id: int, device_id: int) -> ScreenDevice:
    """The television of this branch; raises NotFound."""
    device = session.get(ScreenDevice, device_id)
    if device is None or device.branch_id != branch_id or device.paired_at is None:
        raise NotFound(N_("There is no such lounge screen."))
    return device


def list_devices(branch_id: int) -> list[ScreenDevice]:
    """Every television that was ever paired, the live ones first, the newest on top."""
    query = select(ScreenDevice).where(
        ScreenDevice.branch_id == branch_id, ScreenDevice.paired_at.is_not(None)
    )
    return list(
        session.scalars(
            query.order_by(ScreenDevice.revoked_at.is_not(None), ScreenDevice.paired_at.desc())
        )
    )


def list_live_device_ids(branch_id: int) -> list[int]:
    """The televisions that may show the board now."""
    query = select(ScreenDevice.id).where(
        ScreenDevice.branch_id == branch_id,
        ScreenDevice.paired_at.is_not(None),
        ScreenDevice.revoked_at.is_(None),
    )
    return list(session.scalars(query))


def list_branches_with_screens() -> list[int]:
    """The branches in which a television may show the board now."""
    query = select(ScreenDevice.branch_id).where(
        ScreenDevice.paired_at.is_not(None), ScreenDevice.revoked_at.is_(None)
    )
    return list(session.scalars(query.distinct().order_by(ScreenDevice.branch_id)))


@dataclass(frozen=True)
class Change:
    """What the screens of a branch must hear after an order changed."""

    rows: list[Row]
    gone: list[str]


def list_rows(branch: Branch, secret: str, at: datetime) -> list[Row]:
    """All rows of the branch's screens at `at`, in their order. `secret` hides their ids."""
    found = _find_shown(branch)
    shown_masks = _mask(found)
    rows = _make_rows(found, shown_masks, branch, secret, at)
    return sorted(rows, key=lambda row: (row.key, row.id))


def find_change(branch: Branch, order_id: int, secret: str, at: datetime) -> Change:
    """The order's row, or its id when it left, and the rows whose masks it makes or made longer."""
    found = _find_shown(branch)
    others = [each for each in found if each.id != order_id]
    changed = next((each for each in found if each.id == order_id), None)
    with_it = changed or session.execute(_ORDER.where(RepairOrder.id == order_id)).one()
    fuller, barer = _mask([*others, with_it]), _mask(others)
    touched = [each for each in others if fuller[each.id] != barer[each.id]]
    if changed is None:
        return Change(
            _make_rows(touched, barer, branch, secret, at), [meaningless_id(order_id, secret)]
        )
    return Change(_make_rows([changed, *touched], fuller, branch, secret, at), [])


def meaningless_id(order_id: int, secret: str) -> str:
    """A name for the row that is the same in all processes and tells nothing."""
    return hmac.new(secret.encode(), f"screen:{order_id}".encode(), "sha256").hexdigest()[:12]


_ORDER = select(
    RepairOrder.id,
    RepairOrder.no,
    RepairOrder.stage,
    RepairOrder.stays,
    RepairOrder.promised_at,
    RepairOrder.first_promised_at,
    RepairOrder.ready_at,
    RepairOrder.version,
    Vehicle.plate,
).join(Vehicle, Vehicle.id == RepairOrder.vehicle_id)


def _find_shown(branch: Branch) -> Sequence[Shown]:
    query = _ORDER.where(RepairOrder.here(branch.id, rules.SHOWN))
    return session.execute(query.order_by(RepairOrder.id)).all()


def _mask(found: Iterable[Shown]) -> dict[int, str]:
    """Each order's masked plate, unique among these; a car without a plate has its ticket."""
    tickets = {each.id: each.no[-4:] for each in found}
    plates = {each.id: each.plate for each in found if each.plate}
    by_plate = masks.mask_plates(
        plates.values(), {plate: tickets[order_id] for order_id, plate in plates.items()}
    )
    return {
        order_id: by_plate[plates[order_id]] if order_id in plates else f"#{ticket}"
        for order_id, ticket in tickets.items()
    }


def _make_rows(
    found: Sequence[Shown],
    shown_masks: dict[int, str],
    branch: Branch,
    secret: str,
    at: datetime,
) -> list[Row]:
    honest = expected.of_all(found, at)
    rows = []
    for each in found:
        bucket = rules.bucket_of(each.stage, each.ready_at)
        time = honest[each.id]
        promise = wall_clock(branch, time.at)
        due = wall_clock(branch, time.at or time.promised_at)
        rows.append(
            Row(
                id=meaningless_id(each.id, secret),
                plate=shown_masks[each.id],
                stage=bucket.value,
                promise=promise,
                first=wall_clock(branch, time.instead_of) if time.why else "",
                reason=time.why.value if time.why else "",
                key=rules.sort_key(bucket, each.stays, due, each.ready_at),
                version=each.version,
            )
        )
    return rows


def local_time(branch: Branch, at: datetime) -> datetime:
    """The moment on the shop's wall clock."""
    return at.astimezone(ZoneInfo(branch.zone))


def wall_clock(branch: Branch, at: datetime | None) -> str:
    """The shop's wall clock to the minute, as a screen needs no zone to show it."""
    return "" if at is None else local_time(branch, at).strftime("%Y-%m-%dT%H:%M")


def closes_at(branch: Branch, at: datetime) -> datetime | None:
    """When the screen goes dark, if it is lit at `at`; None while the shop is closed."""
    day = calendar.local_day(branch, at)
    opening = calendar.opening(branch, day)
    if not opening:
        return None if _has_hours(branch) else at.astimezone(UTC) + timedelta(days=1)
    lit, dark = opening[0][0] - MARGIN, opening[-1][1] + MARGIN
    return dark if lit <= at < dark else None


def _has_hours(branch: Branch) -> bool:
    query = select(OpeningHours.id).where(OpeningHours.branch_id == branch.id).limit(1)
    return session.scalar(query) is not None
