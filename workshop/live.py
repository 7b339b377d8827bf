"""Socket.IO: namespaces, rooms, and the only emitter.

`/screen` is for televisions and carries nothing personal; `/staff` tells desk pages that an order
changed. Frames go out after the commit, beside the request that made them (`sockets.aside`). A
television is alone in its room, and a frame is addressed to those that are paired at this moment:
a revoked one hears nothing, whatever process its socket hangs on.

The sockets hang on processes of their own (`sockets.holder`); only the demo holds its own. Either
way a page asks `_rooms_for` who may hear what, and what is missed is read by HTTP.
"""

from __future__ import annotations

import gc
import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from functools import partial
from typing import Any, cast

import redis
import socketio
from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_socketio import ConnectionRefusedError, SocketIO, join_room
from socketio.pubsub_manager import PubSubManager
from sqlalchemy import select

from workshop import clock, db, events
from workshop.allocation.models import TimeTaken
from workshop.attendance.models import PresenceChanged
from workshop.config import Settings
from workshop.duties.models import DutiesChanged
from workshop.orders.models import OrderChanged, OrderMoved, RepairOrder
from workshop.screen import page as screen_page
from workshop.screen import queries as screens
from workshop.screen import service as screen
from workshop.screen.events import PulseDue, ScreenChanged, ScreenRevoked
from workshop.shop.models import Branch
from workshop.sockets.aside import Aside
from workshop.sockets.lines import Lines
from workshop.sockets.rooms import LAST_WORD, NAMESPACES, REFUSAL, SCREEN, STAFF, Cutting
from workshop.staff import access
from workshop.steps.booking.online.holding import OnlineChanged
from workshop.steps.booking.service import AppointmentChanged
from workshop.steps.reception.arrivals import WalkInChanged


def init_app(app: Flask, settings: Settings, lines: Lines | None) -> None:
    """Bind Socket.IO to the app; it speaks to its own sockets, or to those of the holders."""
    sockets = SocketIO()
    options: dict[str, Any] = {"async_mode": "threading", "client_manager": _voice(settings, lines)}
    if lines is None and settings.redis_url is None:
        sockets.init_app(app, ping_interval=10, ping_timeout=20, **options)
        for namespace in NAMESPACES:
            sockets.on_event("connect", partial(_connect, namespace), namespace=namespace)
    else:
        # Without the app it holds nothing: it only speaks.
        sockets.init_app(None, **options)
        app.extensions["socketio"] = sockets
    if lines is not None:
        app.extensions["workshop_lines"] = lines
        app.add_url_rule("/socket.io/", "socket", _hand_over, websocket=True)
    app.extensions["workshop_aside"] = Aside()
    _subscribe()


def _subscribe() -> None:
    events.follow(_tell_orders)
    events.subscribe(AppointmentChanged, _tell_arrival)
    events.subscribe(OnlineChanged, _tell_arrival)
    events.subscribe(WalkInChanged, _tell_arrival)
    events.subscribe(DutiesChanged, _tell_arrival)
    events.subscribe(TimeTaken, _tell_move)
    events.subscribe(PresenceChanged, _tell_presence)
    events.subscribe(PulseDue, _tell_pulse)
    events.subscribe(ScreenRevoked, _drop_screen)
    events.subscribe(ScreenChanged, _reload_screen)


def of(app: Flask) -> SocketIO:
    """The Socket.IO server of the app."""
    return app.extensions["socketio"]


def start(app: Flask) -> None:
    """From now on no request waits until all have heard what it did."""
    cast(Aside, app.extensions["workshop_aside"]).start()


def settle_memory() -> None:
    """Once the app is made: what it holds stays, and need not be looked through again."""
    gc.collect()
    gc.freeze()


def channel_of(settings: Settings) -> str:
    """Two installations may share one Redis, whose channels know no database numbers."""
    return "workshop-" + hashlib.sha256(settings.secret_key.encode()).hexdigest()[:16]


class _Here(Cutting, socketio.Manager):  # type: ignore[misc]  # socketio ships no types.
    """The sockets of this process alone."""


class _OverLines(PubSubManager):  # type: ignore[misc]  # The same.
    """Speaks to the holders of this computer."""

    name = "lines"

    def __init__(self, lines: Lines) -> None:
        super().__init__(write_only=True)
        self._lines = lines

    def _handle_emit(self, message: dict[str, Any]) -> None:
        """Nobody listens in this process."""

    def _publish(self, message: dict[str, Any]) -> None:
        self._lines.tell(json.dumps(message, separators=(",", ":")).encode())


def _voice(settings: Settings, lines: Lines | None) -> Any:
    if settings.redis_url:
        # One that is away costs the thread beside the pages an instant, not the frames after it.
        at_once = {"socket_connect_timeout": 1, "socket_timeout": 1}
        no_wait = redis.retry.Retry(redis.backoff.NoBackoff(), 0)
        return socketio.RedisManager(
            settings.redis_url,
            channel_of(settings),
            write_only=True,
            redis_options={**at_once, "retry": no_wait},
        )
    return _Here() if lines is None else _OverLines(lines)


# ---- Who may hear what ----


def _rooms_for(namespace: str) -> list[str]:
    """The rooms of who asks; none for who may hear nothing there."""
    if namespace == SCREEN:
        device = screens.find_device(request.cookies.get(screen.TOKEN_COOKIE))
        return [_room(device.id)] if device is not None and device.is_live else []
    user = access.find_me()
    return [f"branch:{user.branch_id}"] if user is not None else []


def _room(device_id: int) -> str:
    return f"device:{device_id}"


def _connect(namespace: str, _auth: object = None) -> None:
    with db.reading():
        rooms = _rooms_for(namespace)
    if not rooms:
        raise ConnectionRefusedError(REFUSAL)
    for room in rooms:
        join_room(room)


@access.public
def _hand_over() -> ResponseReturnValue:
    """A socket is asked for: look who it is, and give the connection to a holder."""
    rooms = {each: found for each in NAMESPACES if (found := _rooms_for(each))}
    if not rooms:
        return {"message": REFUSAL}, 403
    return _HandedOver(current_app.extensions["workshop_lines"], rooms)


class _HandedOver(Response):
    """No answer: the connection itself goes to a holder, which answers."""

    def __init__(self, lines: Lines, rooms: dict[str, list[str]]) -> None:
        super().__init__(status=503, headers={"Retry-After": "15"})
        self._lines, self._rooms = lines, rooms

    def __call__(self, environ: Any, start_response: Any) -> Iterable[bytes]:
        """Hand over; only when nobody takes it there is an answer."""
        if "HTTP_UPGRADE" in environ and self._lines.hand(environ, self._rooms):
            # gunicorn's own sign that it has no more to do with this connection.
            raise StopIteration
        return super().__call__(environ, start_response)


# ---- Televisions ----


def _beside(tell: Callable[[SocketIO], None]) -> None:
    """Say something that no request waits for, from what is read outside its transaction."""
    app = cast(Any, current_app)._get_current_object()

    def work() -> None:
        with app.app_context(), db.reading():
            tell(of(app))

    app.extensions["workshop_aside"].do(work)


def _drop_screen(event: ScreenRevoked) -> None:
    """Tell the television, whose holder cuts the line after these words."""
    _beside(lambda to: to.emit(LAST_WORD, {}, namespace=SCREEN, to=_room(event.device_id)))


def _reload_screen(event: ScreenChanged) -> None:
    _beside(lambda to: to.emit("reload", {}, namespace=SCREEN, to=_room(event.device_id)))


def _tell_pulse(event: PulseDue) -> None:
    """By the digest a screen notices that it missed a frame; by silence, that it is cut off."""

    def tell(sockets: SocketIO) -> None:
        branch = db.session.get_one(Branch, event.branch_id)
        rooms = [_room(device_id) for device_id in screens.list_live_device_ids(branch.id)]
        sockets.emit("heartbeat", screen_page.pulse(branch), namespace=SCREEN, to=rooms)

    _beside(tell)


# ---- Staff ----


def _to_desks(kind: str, frame: dict[str, Any], branch_id: int) -> None:
    _beside(lambda to: to.emit(kind, frame, namespace=STAFF, to=f"branch:{branch_id}"))


def _tell_arrival(
    event: AppointmentChanged | OnlineChanged | WalkInChanged | DutiesChanged,
) -> None:
    """What is no order: desks that show such things look again."""
    _to_desks("arrival", {}, event.branch_id)


def _tell_move(event: TimeTaken) -> None:
    who = {"by": event.by_name, "by_id": event.by_id}
    _to_desks("moved", {"id": event.allocation_id, "job": event.job_id, **who}, event.branch_id)


def _tell_presence(event: PresenceChanged) -> None:
    _to_desks("presence", {"technician": event.technician_id}, event.branch_id)


# ---- Both ----


def _tell_orders(recorded: tuple[events.Event, ...]) -> None:
    """Tell televisions and desks of each order that a commit has touched, once."""
    kinds = (OrderMoved, OrderChanged)
    touched = [(each.branch_id, each.order_id) for each in recorded if isinstance(each, kinds)]

    def tell(sockets: SocketIO) -> None:
        for branch_id, order_id in dict.fromkeys(touched):
            branch = db.session.get_one(Branch, branch_id)
            _tell_screens(sockets, branch, order_id)
            _tell_staff(sockets, branch, order_id)

    if touched:
        _beside(tell)


def _secret() -> str:
    return str(current_app.config["SECRET_KEY"])


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
