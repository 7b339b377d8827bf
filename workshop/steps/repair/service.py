"""The acts of step 7 under one name; each is written where it belongs."""

from __future__ import annotations

from workshop.steps.repair.additions import dismiss, price, request_addition
from workshop.steps.repair.notes import add_note
from workshop.steps.repair.quality import final_check, quality_check, self_check
from workshop.steps.repair.rework import open_external, send_back
from workshop.steps.repair.work import (
    finish,
    pause,
    resume,
    send_to_check,
    start,
    tick,
    untick,
)

__all__ = [
    "add_note",
    "dismiss",
    "final_check",
    "finish",
    "open_external",
    "pause",
    "price",
    "quality_check",
    "request_addition",
    "resume",
    "self_check",
    "send_back",
    "send_to_check",
    "start",
    "tick",
    "untick",
]
