"""All that the two inspection pages read: the lines in their groups, answers, the visit before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from flask_babel import get_locale, gettext

from workshop.catalogue.checklists.models import Checklist, ChecklistItem
from workshop.catalogue.checklists.rules import Spot
from workshop.errors import Missing
from workshop.inspections import gates, queries, trend
from workshop.inspections.models import InspectionAnswer, VehicleInspection
from workshop.inspections.queries import Before
from workshop.inspections.rules import WORST_FIRST, Result
from workshop.inspections.trend import Course, Measured, Trend
from workshop.orders.models import RepairOrder
from workshop.steps.repair.inspecting import queries as reds
from workshop.web import display


@dataclass(frozen=True)
class Reading:
    """One place of a measured line: what stands there now, and what stood there last time."""

    spot: Spot
    now: int | None
    before: int | None
    begins_at: int

    @property
    def name(self) -> str:
        """The name of its field."""
        return f"value_{self.spot.value}"


@dataclass(frozen=True)
class Line:
    """One line of the template as the page shows it."""

    item: ChecklistItem
    answer: InspectionAnswer | None
    before: Before | None
    readings: list[Reading]
    foreseen: str = ""
    earlier: list[InspectionAnswer] = field(default_factory=list)
    is_asked: bool = False

    @property
    def is_to_ask(self) -> bool:
        """Whether it found something that nobody has told the advisor."""
        return self.answer is not None and self.answer.result.is_finding and not self.is_asked

    @property
    def result(self) -> str:
        """The answer's own name; empty without one."""
        return self.answer.result.value if self.answer else ""

    def is_said(self, result: Result) -> bool:
        """Whether this is what stands there."""
        return self.answer is not None and self.answer.result is result

    @property
    def wants_photo(self) -> bool:
        """Whether a picture of what is not in order is still missing."""
        answer = self.answer
        is_found = answer is not None and answer.result.is_finding and answer.photo_id is None
        return is_found and self.item.needs_photo

    @property
    def says_by_itself(self) -> bool:
        """Whether its limits know the light, so that nobody chooses one."""
        return self.item.is_measured and bool(self.item.limits)


@dataclass(frozen=True)
class Group:
    """The lines under one heading."""

    key: str
    title: str
    lines: list[Line]

    @property
    def left(self) -> int:
        """How many lines nobody has answered."""
        return sum(each.answer is None for each in self.lines)

    @property
    def left_to_see(self) -> int:
        """How many of them are only looked at, so that one touch may answer them."""
        return sum(each.answer is None and not each.item.is_measured for each in self.lines)


@dataclass(frozen=True)
class Sheet:
    """One inspection as a page shows it, begun or not."""

    order: RepairOrder
    checklist: Checklist
    found: VehicleInspection | None
    groups: list[Group]
    missing: list[Missing]

    @property
    def lines(self) -> list[Line]:
        """All lines in their order."""
        return [line for group in self.groups for line in group.lines]

    @property
    def answered(self) -> int:
        """How many lines are answered."""
        return sum(each.answer is not None for each in self.lines)

    @property
    def counts(self) -> list[tuple[Result, int]]:
        """How many lines have which result, the worst first."""
        results = [each.answer.result for each in self.lines if each.answer]
        return [(each, results.count(each)) for each in WORST_FIRST if each in results]

    @property
    def hurried(self) -> int:
        """How many answers came so fast that nobody can have looked."""
        return sum(each.answer is not None and each.answer.hurried for each in self.lines)


def sheet(order: RepairOrder, checklist: Checklist, *, with_earlier: bool = False) -> Sheet:
    """The inspection of a visit by a template, with what the visit before measured."""
    found = queries.find(order, checklist)
    answers, before = queries.answers_of(found), queries.list_before(order)
    earlier = queries.list_earlier(found) if found is not None and with_earlier else {}
    asked = reds.list_asked(answers.values())
    lines = [
        _line(order, item, answers.get(item.id), before.get(item.code), earlier, asked)
        for item in queries.list_asked(checklist, found)
    ]
    missing = gates.missing_to_finish(found) if found is not None else []
    return Sheet(order, checklist, found, _grouped(lines), missing)


def _grouped(lines: list[Line]) -> list[Group]:
    locale = str(get_locale() or "zh_CN")
    groups: list[Group] = []
    for line in lines:
        if not groups or groups[-1].key != line.item.group_zh:
            groups.append(Group(line.item.group_zh, line.item.group_in(locale), []))
        groups[-1].lines.append(line)
    return groups


def _line(
    order: RepairOrder,
    item: ChecklistItem,
    answer: InspectionAnswer | None,
    before: Before | None,
    earlier: Mapping[int, list[InspectionAnswer]],
    asked: Collection[int],
) -> Line:
    before = before if item.is_measured else None
    was = before.answer.measured if before else {}
    now = answer.measured if answer else {}
    spots = item.places.spots if item.is_measured else ()
    readings = [
        Reading(spot, now.get(spot), was.get(spot), now.get(spot, was.get(spot, _begin(item))))
        for spot in spots
    ]
    foreseen = ""
    if before is not None and now and item.wears:
        course = trend.foresee(
            item.limits, Measured(was, before.km), Measured(now, order.mileage_km)
        )
        foreseen = say(course) if course is not None else ""
    is_asked = answer is not None and answer.id in asked
    return Line(item, answer, before, readings, foreseen, earlier.get(item.id, []), is_asked)


def _begin(item: ChecklistItem) -> int:
    """Where the stepper begins when nothing is known: at the good end of the limits."""
    limits = item.limits
    known = (limits.green_low, limits.green_high, limits.red_low, limits.red_high)
    return next((each for each in known if each is not None), 0)


def step_of(item: ChecklistItem) -> int:
    """By how much one touch changes the value, in thousandths: a tenth, or one of large units."""
    ends = [abs(each) for each in item.limits.ends if each is not None]
    return 100 if ends and min(ends) < 20_000 else 1000


def say(course: Trend) -> str:
    """What a trend means, in words."""
    if course.course is Course.WEARS:
        km = display.show_km(course.km_left)
        if course.is_more:
            return str(gettext("good for more than %(km)s", km=km))
        return str(gettext("about %(km)s left", km=km))
    words: dict[Course, str] = {
        Course.STEADY: gettext("no wear since"),
        Course.RENEWED: gettext("new since"),
        Course.SWAPPED: gettext("changed places or partly new since; nothing can be foretold"),
        Course.DUE: gettext("due now"),
        Course.NO_DISTANCE: gettext("too little or no mileage between to foretell"),
    }
    return words[course.course]
