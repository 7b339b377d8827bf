"""What has happened, told after the commit.

Services record events; `db.commit` publishes them once the facts are safe, and a rollback drops
them. They inform screens and notifications and never advance the flow.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Event:
    """Base of all events; their names are in the past tense."""


E = TypeVar("E", bound=Event)
_pending: ContextVar[tuple[Event, ...]] = ContextVar("pending_events", default=())
_subscribers: dict[type[Event], list[Callable[[Any], None]]] = {}
_followers: list[Callable[[tuple[Event, ...]], None]] = []


def record(event: Event) -> None:
    """Keep an event until the commit of the transaction that it belongs to."""
    _pending.set((*_pending.get(), event))


def take() -> tuple[Event, ...]:
    """Hand over the recorded events and forget them."""
    recorded = _pending.get()
    _pending.set(())
    return recorded


def subscribe(kind: type[E], subscriber: Callable[[E], None]) -> None:
    """Call `subscriber` for each published event of this kind, once however often it is asked."""
    listeners = _subscribers.setdefault(kind, [])
    if subscriber not in listeners:
        listeners.append(subscriber)


def follow(follower: Callable[[tuple[Event, ...]], None]) -> None:
    """Call `follower` once a commit with all its events: for who looks at the facts again."""
    if follower not in _followers:
        _followers.append(follower)


def unsubscribe(kind: type[E], subscriber: Callable[[E], None]) -> None:
    """Stop calling `subscriber`."""
    _subscribers[kind].remove(subscriber)


def publish(recorded: tuple[Event, ...]) -> None:
    """Tell the subscribers. One that fails is logged and harms nobody."""
    for event in recorded:
        for kind, subscribers in list(_subscribers.items()):
            if isinstance(event, kind):
                for subscriber in list(subscribers):
                    _call(subscriber, event)
    for follower in list(_followers) if recorded else ():
        _call(follower, recorded)


def _call(subscriber: Callable[[Any], None], told: Event | tuple[Event, ...]) -> None:
    try:
        subscriber(told)
    except Exception:
        log.exception("subscriber failed", event_kind=type(told).__name__)
