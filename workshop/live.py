"""Socket.IO: namespaces, rooms, and the only emitter.

`/screen` is for televisions and carries nothing personal; `/staff` tells desk pages that an order
changed. Frames go out after the commit. A television is alone in its room, and a frame is
addressed to those that are paired at this moment: a revoked one hears nothing, whatever process
its socket hangs on.
"""

from __future__ import annotations

import gc
import hashlib
import itertools
from dataclasses import asdict
from typing import Any, cast

import structlog
from flask import Flask, current_app, request
from flask_socketio import ConnectionRefusedError, SocketIO, emit, join_room
from sqlalchemy import select

from workshop import clock, db, events
from workshop.allocation.models import TimeTaken
from workshop.attendance.models import PresenceChanged
from workshop.config import Settings
from workshop.orders.models import OrderChanged, OrderMoved, RepairOrder
from workshop.screen import queries as screens
from workshop.screen import rules
from workshop.screen import service as screen
from workshop.screen.events import ScreenChanged, ScreenRevoked
from workshop.screen.televisions import Televisions
from workshop.shop.models import Branch
from workshop.staff import access
from workshop.steps.booking.service import AppointmentChanged
from workshop.steps.reception.arrivals import WalkInChanged

SCREEN = "/screen"
STAFF = "/staff"
# Every five minutes the list of screens learns who is still there.
_BEATS_A_NOTE = 30

log = structlog.get_logger(__name__)


def init_app(app: Flask, settings: Settings) -> None:
    """Bind Socket.IO to the app; with Redis, several processes share one message queue."""
    sockets = SocketIO()
    sockets.init_app(
        app,
        async_mode="threading",
        message_queue=settings.redis_url,
        channel=_channel(settings),
        ping_interval=10,
        ping_timeout=20,
    )
    app.config.setdefault("SCREEN_HEARTBEAT_SECONDS", 10)
    app.extensions["workshop_screens"] = Televisions()
    sockets.on_event("connect", _connect_screen, namespace=SCREEN)
    sockets.on_event("snapshot", _send_snapshot, namespace=SCREEN)
    sockets.on_event("disconnect", _disconnect_screen, namespace=SCREEN)
    sockets.on_event("connect", _connect_staff, namespace=STAFF)
    events.follow(_tell_orders)
    events.subscribe(AppointmentChanged, _tell_arrival)
    events.subscribe(WalkInChanged, _tell_arrival)
    events.subscribe(TimeTaken, _tell_move)
    events.subscribe(PresenceChanged, _tell_presence)
    events.subscribe(ScreenRevoked, _drop_screen)
    events.subscribe(ScreenChanged, _reload_screen)


def of(app: Flask) -> SocketIO:
    """The Socket.IO server of the app; `live.of(app).run(app, …)` serves both."""
    return app.extensions["socketio"]


def settle_memory() -> None:
    """Once the app is made: what it holds stays, and collecting it again makes the sockets wait.

    The threshold stays as it is: a high one lets garbage pile up, and pages wait for its end.
    """
    gc.collect()
    gc.freeze()


def _channel(settings: Settings) -> str:
    # Two installations may share one Redis, whose channels know no database numbers.
    return "workshop-" + hashlib.sha256(settings.secret_key.encode()).hexdigest()[:16]


# ---- Televisions ----


def _screens() -> Televisions:
    return cast(Televisions, current_app.extensions["workshop_screens"])


def _sid() -> str:
    # Flask-SocketIO adds it to the request of a handler.
    return str(request.sid)  # type: ignore[attr-defined]


def _connect_screen(_auth: object = None) -> None:
    device = screens.find_device(request.cookies.get(screen.TOKEN_COOKIE))
    if device is None or not device.is_live:
        raise ConnectionRefusedError("unpaired")
    join_room(_room(device.id))
    screen.note_seen(device, at=clock.now())
    db.commit()
    emit("snapshot", _snapshot(device.branch))
    if _screens().add(_sid(), device.id):
        app = cast(Any, current_app)._get_current_object()
        of(app).start_background_task(_beat, app)


def _disconnect_screen(*_reason: object) -> None:
    _screens().remove(_sid())


def _send_snapshot(*_nothing: object) -> None:
    """A screen noticed that it lost a frame."""
    device_id = _screens().device_of(_sid())
    with db.reading():
        device = screens.list_live([device_id]).get(device_id) if device_id is not None else None
        if device is not None:
            emit("snapshot", _snapshot(device.branch))


def _snapshot(branch: Branch) -> dict[str, Any]:
    rows = screens.list_rows(branch, _secret(), clock.now())
    return {"rows": [asdict(row) for row in rows], **_pulse(branch, rows)}


def _pulse(branch: Branch, rows: list[rules.Row]) -> dict[str, Any]:
    """The shop's clock and speed, when the screen goes dark, and the digest of all rows."""
    now = clock.now()
    zoned = screens.local_time(branch, now)
    return {
        "now": zoned.strftime("%Y-%m-%dT%H:%M:%S"),
        "speed": clock.speed(),
        "closes": screens.wall_clock(branch, screens.closes_at(branch, now)),
        "digest": rules.digest(rows),
    }


def _room(device_id: int) -> str:
    return f"device:{device_id}"


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


def _beat(app: Flask) -> None:
    """Every ten seconds: a pulse to each television here, and the end of revoked ones."""
    sockets, known = of(app), cast(Televisions, app.extensions["workshop_screens"])
    for count in itertools.count(1):
        sockets.sleep(app.config["SCREEN_HEARTBEAT_SECONDS"])
        if not known.goes_on():
            return
        try:
            with app.app_context(), db.reading():
                _beat_once(sockets, known.sids())
            if count % _BEATS_A_NOTE == 0:
                _note_seen(app, set(known.sids().values()))
        except Exception:
            log.exception("no heartbeat for the lounge screens")


def _beat_once(sockets: SocketIO, sids: dict[str, int]) -> None:
    live = screens.list_live(set(sids.values()))
    pulses: dict[int, dict[str, Any]] = {}
    for sid, device_id in sids.items():
        device = live.get(device_id)
        if device is None:
            _cut(sockets, sid)
            continue
        if device.branch_id not in pulses:
            rows = screens.list_rows(device.branch, _secret(), clock.now())
            pulses[device.branch_id] = _pulse(device.branch, rows)
        sockets.emit("heartbeat", pulses[device.branch_id], namespace=SCREEN, to=sid)


def _note_seen(app: Flask, device_ids: set[int]) -> None:
    with app.app_context():
        for device in screens.list_live(device_ids).values():
            screen.note_seen(device, at=clock.now())
        db.commit()


def _cut(sockets: SocketIO, sid: str) -> None:
    sockets.server.disconnect(sid, namespace=SCREEN)


def _drop_screen(event: ScreenRevoked) -> None:
    """Tell the television in whatever process, and cut the sockets of this one at once.

    Another process cuts its own with the next heartbeat; no row reaches them before.
    """
    sockets = of(cast(Any, current_app)._get_current_object())
    sockets.emit("revoked", {}, namespace=SCREEN, to=_room(event.device_id))
    for sid, device_id in _screens().sids().items():
        if device_id == event.device_id:
            _cut(sockets, sid)


def _reload_screen(event: ScreenChanged) -> None:
    sockets = of(cast(Any, current_app)._get_current_object())
    sockets.emit("reload", {}, namespace=SCREEN, to=_room(event.device_id))


# ---- Staff ----


def _connect_staff(_auth: object = None) -> None:
    user = access.find_me()
    if user is None:
        raise ConnectionRefusedError("signed out")
    join_room(f"branch:{user.branch_id}")


def _tell_arrival(event: AppointmentChanged | WalkInChanged) -> None:
    sockets = of(cast(Any, current_app)._get_current_object())
    sockets.emit("arrival", {}, namespace=STAFF, to=f"branch:{event.branch_id}")


def _tell_move(event: TimeTaken) -> None:
    sockets = of(cast(Any, current_app)._get_current_object())
    who = {"by": event.by_name, "by_id": event.by_id}
    frame = {"id": event.allocation_id, "job": event.job_id, **who}
    sockets.emit("moved", frame, namespace=STAFF, to=f"branch:{event.branch_id}")


def _tell_presence(event: PresenceChanged) -> None:
    sockets = of(cast(Any, current_app)._get_current_object())
    frame = {"technician": event.technician_id}
    sockets.emit("presence", frame, namespace=STAFF, to=f"branch:{event.branch_id}")


def _tell_orders(recorded: tuple[events.Event, ...]) -> None:
    """Tell televisions and desks of each order that a commit has touched, once.

    What they hear is read again, outside the transaction that ended.
    """
    kinds = (OrderMoved, OrderChanged)
    touched = [(each.branch_id, each.order_id) for each in recorded if isinstance(each, kinds)]
    if not touched:
        return
    app = cast(Any, current_app)._get_current_object()
    sockets = of(app)
    with app.app_context(), db.reading():
        for branch_id, order_id in dict.fromkeys(touched):
            branch = db.session.get_one(Branch, branch_id)
            _tell_screens(sockets, branch, order_id)
            _tell_staff(sockets, branch, order_id)


def _tell_screens(sockets: SocketIO, branch: Branch, order_id: int) -> None:
    rooms = [_room(device_id) for device_id in screens.list_live_device_ids(branch.id)]
    if not rooms:
        return
    change = screens.find_change(branch, order_id, _secret(), clock.now())
    for row in change.rows:
        sockets.emit("row", asdict(row), namespace=SCREEN, to=rooms)
    for gone in change.gone:
        sockets.emit("gone", {"id": gone}, namespace=SCREEN, to=rooms)


def _tell_staff(sockets: SocketIO, branch: Branch, order_id: int) -> None:
    query = select(RepairOrder.no, RepairOrder.stage, RepairOrder.version)
    no, stage, version = db.session.execute(query.where(RepairOrder.id == order_id)).one()
    frame = {"no": no, "stage": stage.value, "version": version}
    sockets.emit("order", frame, namespace=STAFF, to=f"branch:{branch.id}")
