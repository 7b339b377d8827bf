"""Forms of the reception. Each section of the page is a form of its own, told apart by a prefix."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any, TypeVar

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from workshop import web
from workshop.customers.models import EnergyType, VehicleClass
from workshop.errors import N_
from workshop.orders.models import RepairOrder
from workshop.steps.reception import checks
from workshop.steps.reception.checks import CarCheck, Grade, Judgement, PayWay
from workshop.steps.reception.models import Walkaround
from workshop.steps.reception.rules import BoardItem, OldParts, Paper, Question
from workshop.web.fields import WholeNumber

E = TypeVar("E", bound=Enum)
_PNG = "data:image/png;base64,"
_STAYS = {"": None, "yes": True, "no": False}
REQUIRED = N_("This is needed.")


def members(kind: type[E], values: Sequence[str] | None) -> list[E]:
    """The members that these posted values name."""
    return [kind(value) for value in values or []]


class StaysField(RadioField):  # type: ignore[misc]  # WTForms ships no types.
    """Whether the customer waits here: yes, no, or not said yet."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            N_("While we work"),
            choices=[
                SelectChoice("yes", N_("Waits here")),
                SelectChoice("no", N_("Leaves the car")),
                SelectChoice("", N_("Not said yet")),
            ],
            default="",
            **options,
        )

    @property
    def answer(self) -> bool | None:
        """The answer; None while it is open."""
        return _STAYS[self.data or ""]


def stays_value(stays: bool | None) -> str:
    """The radio value of an answer."""
    return {None: "", True: "yes", False: "no"}[stays]


class IntakeForm(web.Form):
    """Who brings which car, and why; opens the repair order."""

    plate = StringField(N_("Plate"), [Length(max=16)])
    vin = StringField("VIN", [Length(max=24)])
    make = StringField(N_("Make"), [Length(max=40)])
    model = StringField(N_("Model"), [Length(max=60)])
    colour = StringField(N_("Colour"), [Length(max=20)])
    energy = RadioField(N_("Drive"), choices=web.choices(EnergyType), default=EnergyType.FUEL.value)
    vehicle_class = SelectField(
        N_("Class of the car"),
        choices=[SelectChoice("", "—"), *web.choices(VehicleClass)],
        default="",
        description=N_("Book times and quantities go by it; unknown counts as mid-size."),
    )
    name = StringField(N_("Owner's name"), [Length(max=80)])
    phone = StringField(N_("Owner's phone"), [Length(max=32)])
    car_answer = HiddenField()
    person_answer = HiddenField()
    owner_appointments = HiddenField()
    bringer_name = StringField(N_("Brought by"), [Length(max=80)])
    bringer_phone = StringField(N_("Phone of who brings it"), [Length(max=32)])
    concern = TextAreaField(N_("Concern, in the customer's own words"), [Length(max=4000)])
    stays = StaysField()

    @property
    def chosen_class(self) -> VehicleClass | None:
        """The class that was chosen, if any."""
        return web.member(VehicleClass, self.vehicle_class.data)

    @property
    def gives_appointments(self) -> bool:
        """Whether a new owner takes the appointments over."""
        return bool(self.owner_appointments.data == "give")

    @property
    def identity(self) -> tuple[str, str, str, str, str, str]:
        """Plate, VIN, name and phone as they were typed, and the answers at the desk."""
        names = ("plate", "vin", "name", "phone", "car_answer", "person_answer")
        plate, vin, name, phone, car, person = (self[each].data or "" for each in names)
        return plate, vin, name, phone, car, person


class WalkInForm(web.Form):
    """A car that has just driven in."""

    plate = StringField(N_("Plate"), [Length(max=16)])
    note = StringField(N_("Note"), [Length(max=200)])


class CorrectionForm(web.Form):
    """What the customer added later."""

    words = TextAreaField(N_("The customer adds"), [Length(max=4000)])


class InterviewForm(web.Form):
    """5W2H and the advisor's finding."""

    seen = HiddenField()
    what = StringField(Question.WHAT.label, [Length(max=200)])
    when = StringField(Question.WHEN.label, [Length(max=200)])
    where = StringField(Question.WHERE.label, [Length(max=200)])
    how = StringField(Question.HOW.label, [Length(max=200)])
    how_often = StringField(Question.HOW_OFTEN.label, [Length(max=200)])
    who = StringField(Question.WHO.label, [Length(max=200)])
    why = StringField(Question.WHY.label, [Length(max=200)])
    finding = TextAreaField(N_("Advisor's finding"), [Length(max=4000)])

    def answers(self) -> dict[Question, str]:
        """The answers by question."""
        return {question: self[question.value].data or "" for question in Question}

    def fill(self, walkaround: Walkaround, seen: str) -> None:
        """Show what is kept."""
        self.seen.data = seen
        self.finding.data = walkaround.finding
        for question in Question:
            self[question.value].data = walkaround.interview.get(question.value, "")


class ValuableForm(web.Form):
    """Something of value that is in the car."""

    title = StringField(N_("What"), [Length(max=120)])
    kept = RadioField(
        N_("What becomes of it"),
        choices=[
            SelectChoice("no", N_("Customer takes it")),
            SelectChoice("yes", N_("Kept by us")),
        ],
        default="no",
    )
    place = StringField(N_("Where we keep it"), [Length(max=80)])


class ItemsForm(web.Form):
    """What stays in the car; keys and papers that we received."""

    seen = HiddenField()
    items = SelectMultipleField(N_("In the car and its boot"), choices=web.choices(BoardItem))
    items_note = StringField(N_("Other things"), [Length(max=200)])
    keys = WholeNumber(N_("Keys received"), [InputRequired(REQUIRED)], default=1)
    papers = SelectMultipleField(N_("Papers received"), choices=web.choices(Paper))

    def fill(self, walkaround: Walkaround, seen: str) -> None:
        """Show what is kept."""
        self.seen.data = seen
        self.items.data = list(walkaround.items)
        self.items_note.data = walkaround.items_note
        self.keys.data = walkaround.keys
        self.papers.data = list(walkaround.papers)


class ChecksForm(web.Form):
    """Green, yellow or red for each check, with what was measured; none ticked beforehand."""

    seen = HiddenField()
    note = StringField(N_("About the checks"), [Length(max=200)])

    def rows(self, among: Sequence[CarCheck]) -> list[tuple[CarCheck, Any, Any]]:
        """Each check with its grade's field and, where something is measured, that field."""
        return [(each, self[each.value], self._measure(each)) for each in among]

    def _measure(self, check: CarCheck) -> Any:
        return self[f"{check.value}_measure"] if check.hint else None

    def judged(self) -> dict[CarCheck, Judgement]:
        """What was looked at, and how it came out."""
        return {
            check: Judgement(Grade(grade.data), (measure.data or "").strip() if measure else "")
            for check, grade, measure in self.rows(list(CarCheck))
            if grade.data
        }

    def fill(self, walkaround: Walkaround, seen: str) -> None:
        """Show what is kept."""
        self.seen.data, self.note.data = seen, walkaround.checks_note
        for check, judgement in checks.from_plain(walkaround.checks).items():
            self[check.value].data = judgement.grade.value
            if check.hint:
                self[f"{check.value}_measure"].data = judgement.measure


for _check in CarCheck:
    setattr(
        ChecksForm,
        _check.value,
        RadioField(_check.label, [Optional()], choices=web.choices(Grade), default=""),
    )
    if _check.hint:
        setattr(
            ChecksForm,
            f"{_check.value}_measure",
            StringField(_check.hint, [Length(max=20)], filters=[web.half_width]),
        )


class WishesForm(web.Form):
    """Waiting or leaving, old parts, wash."""

    seen = HiddenField()
    stays = StaysField()
    old_parts = RadioField(
        N_("Replaced parts"),
        choices=[*web.choices(OldParts), SelectChoice("", N_("Not said yet"))],
        default="",
    )
    wash_wanted = BooleanField(N_("Wash the car before the handover"))
    road_test_wanted = BooleanField(N_("Road test together with the customer"))
    pay_way = RadioField(
        N_("Means to pay by"),
        choices=[*web.choices(PayWay), SelectChoice("", N_("Not said yet"))],
        default="",
    )

    def fill(self, order: RepairOrder, walkaround: Walkaround, seen: str) -> None:
        """Show what is kept."""
        self.seen.data = seen
        self.stays.data = stays_value(order.stays)
        self.old_parts.data = walkaround.old_parts.value if walkaround.old_parts else ""
        self.wash_wanted.data = walkaround.wash_wanted
        self.road_test_wanted.data = walkaround.road_test_wanted
        self.pay_way.data = walkaround.pay_way.value if walkaround.pay_way else ""


class ReasonForm(web.Form):
    """A reason, for what must not happen without one."""

    reason = StringField(N_("Reason"), [Length(max=200)])


class VinForm(web.Form):
    """The VIN, read at the car, or why it cannot be."""

    vin = StringField("VIN", [Length(max=24)])
    reason = StringField(N_("Why it cannot be read"), [Length(max=200)])
