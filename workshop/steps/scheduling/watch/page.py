"""An alarm as pages show it: its words, and the ways out that its stage leaves to the reader."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from workshop.errors import Missing
from workshop.orders.flow import Action, permits
from workshop.orders.models import RepairOrder
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
    def is_about_folder(self) -> bool:
        """Whether the folder of the job is not where it should be."""
        return self.alarm.kind in (AlarmKind.FOLDER_NOT_TAKEN, AlarmKind.FOLDER_NOT_BACK)

    @property
    def _is_promise(self) -> bool:
        return self.alarm.kind is AlarmKind.PROMISE

    def _permits(self, action: Action) -> bool:
        return permits(self.alarm.order.stage, action)


def list_shown(branch: Branch, reader: User) -> list[Shown]:
    """The open alarms for a reader, the worst first."""
    return [Shown(each, branch, reader) for each in service.list_open(branch)]


@dataclass(frozen=True)
class CarAlarms:
    """All that is not as planned about one car, the worst first."""

    rows: list[Shown]
    # Cars whose promise is in danger by this one's work alone: what helps it helps them.
    held_up: list[CarAlarms] = field(default_factory=list)

    @property
    def order(self) -> RepairOrder:
        """The car's order."""
        return self.rows[0].alarm.order

    @property
    def first(self) -> WatchAlarm:
        """The worst, which colours the line."""
        return self.rows[0].alarm

    @property
    def is_seen(self) -> bool:
        """Whether somebody sees to all of it."""
        return all(each.alarm.is_seen for each in self.rows)

    @property
    def later_until(self) -> datetime | None:
        """Until when somebody has put it off."""
        return self.first.later_until if self.is_seen else None

    @property
    def ways(self) -> list[Shown]:
        """Whose ways out the line offers: those of the worst, and each folder's own."""
        return [self.rows[0], *(each for each in self.rows[1:] if each.is_about_folder)]

    @property
    def held_up_by(self) -> int | None:
        """The order that alone endangers this car's promise, and nothing else is wrong with it."""
        (first, *others) = [each.alarm for each in self.rows]
        cause = first.cause_job
        if others or first.kind is not AlarmKind.PROMISE or cause is None:
            return None
        return cause.order_id if cause.order_id != first.order_id else None

    @property
    def unseen(self) -> WatchAlarm | None:
        """The worst that nobody sees to."""
        return next((each.alarm for each in self.rows if not each.alarm.is_seen), None)


def list_cars(branch: Branch, reader: User) -> list[CarAlarms]:
    """The alarms by car, the car with the worst first; what is seen or put off comes last."""
    by_order: dict[int, list[Shown]] = {}
    for each in list_shown(branch, reader):
        by_order.setdefault(each.alarm.order_id, []).append(each)
    cars = {order_id: CarAlarms(rows) for order_id, rows in by_order.items()}
    lines = []
    for car in cars.values():
        cause = cars.get(car.held_up_by or 0)
        # A chain is told by its links: only what is held up by a line of its own goes into it.
        if cause is None or cause.held_up_by is not None or cause.is_seen != car.is_seen:
            lines.append(car)
        else:
            cause.held_up.append(car)
    return sorted(lines, key=lambda car: car.is_seen)
