"""What happens to screens."""

from __future__ import annotations

from dataclasses import dataclass

from workshop import events


@dataclass(frozen=True)
class ScreenRevoked(events.Event):
    """A television lost its right to show the board."""

    device_id: int


@dataclass(frozen=True)
class ScreenChanged(events.Event):
    """A television got another language or name, and must load its page again."""

    device_id: int


@dataclass(frozen=True)
class PulseDue(events.Event):
    """The televisions of a branch are to hear whether what they show is right."""

    branch_id: int
