"""An alarm as pages show it: its words, and the ways out that its stage leaves to the reader."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.errors import Missing
from workshop.orders.flow import Action, permits
from workshop.shop.models import Branch
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.steps.scheduling import queries
from workshop.steps.scheduling.watch import people, service
from workshop.steps.scheduling.watch.models import AlarmKind, WatchAlarm


@dataclass(frozen=True)
class Shown:
    """An open alarm, with what `reader` may do about it."""

    alarm: WatchAlarm
    branch: Branch
    reader: User

    @property
    def replan(self) -> dict[str, str]:
        """What to ask the planner, as the query of its address."""
        return service.replan_query(self.alarm, self.branch)

    @property
    def missing(self) -> Missing | None:
        return people.find_missing_skill(self.alarm.job)

    @property
    def bay_code(self) -> str:
        """The bay in which the job is planned."""
        live = queries.find_live(self.alarm.job) if self.alarm.job is not None else None
        return live.bay.code if live is not None and live.bay is not None else ""

    @property
    def is_work_over(self) -> bool:
        """Whether a promise is at risk that no other plan of the work can keep."""
        return self._is_promise and not self._permits(Action.SCHEDULE)

    @property
    def is_planners(self) -> bool:
        """Whether another plan may help."""
        return self.alarm.kind is not AlarmKind.REPORT_DUE and self._permits(Action.SCHEDULE)

    @property
    def tells_promise(self) -> bool:
        """Whether the reader may call the customer about a new promise."""
        return self._is_promise and self.reader.may(Permission.CHANGE_TIME)

    @property
    def tells_progress(self) -> bool:
        """Whether the reader may call the customer about how it goes."""
        return self._permits(Action.CARE) and self.reader.may(Permission.CARE)

    @property
    def _is_promise(self) -> bool:
        return self.alarm.kind is AlarmKind.PROMISE

    def _permits(self, action: Action) -> bool:
        return permits(self.alarm.order.stage, action)


def list_shown(branch: Branch, reader: User, advisor: User | None = None) -> list[Shown]:
    """The open alarms for a reader, the worst first; of one advisor's cars if given."""
    return [Shown(each, branch, reader) for each in service.list_open(branch, advisor)]
