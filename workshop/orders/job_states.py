"""How far a job is, of what kind it is, and how urgent a finding."""

from __future__ import annotations

from enum import Enum

from workshop.enums import LabelledEnum
from workshop.errors import N_


class JobKind(Enum):
    """Planned work, work added on the way, or the repair of our own fault."""

    REPAIR = "repair"
    ADDITION = "addition"
    REWORK = "rework"

    @property
    def is_addition(self) -> bool:
        """Whether it was added on the way."""
        return self is JobKind.ADDITION

    @property
    def is_rework(self) -> bool:
        """Whether it mends our own fault."""
        return self is JobKind.REWORK


class JobState(LabelledEnum):
    """How far a job is."""

    WAITING = "waiting", N_("Waiting")
    RUNNING = "running", N_("Running")
    PAUSED = "paused", N_("Paused")
    DONE = "done", N_("Done")
    CANCELLED = "cancelled", N_("Cancelled")

    @property
    def is_waiting(self) -> bool:
        """Whether nobody has begun it."""
        return self is JobState.WAITING

    @property
    def is_running(self) -> bool:
        """Whether its clock runs."""
        return self is JobState.RUNNING

    @property
    def is_paused(self) -> bool:
        """Whether it was begun and rests."""
        return self is JobState.PAUSED

    @property
    def is_begun(self) -> bool:
        """Whether it was begun and is not over."""
        return self in (JobState.RUNNING, JobState.PAUSED)

    @property
    def is_done(self) -> bool:
        """Whether it is finished."""
        return self is JobState.DONE

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        tones = {
            JobState.RUNNING: "accent",
            JobState.PAUSED: "warn",
            JobState.DONE: "good",
        }
        return tones.get(self, "neutral")


class Urgency(LabelledEnum):
    """How soon a finding should be mended."""

    RED = "red", N_("Urgent for safety")
    YELLOW = "yellow", N_("Soon")

    @property
    def is_red(self) -> bool:
        """Whether it touches safety."""
        return self is Urgency.RED

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        return "bad" if self.is_red else "warn"
