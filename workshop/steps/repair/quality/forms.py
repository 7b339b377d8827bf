"""The forms of the three checks: their fields are the lines of the lists that are asked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from workshop import web
from workshop.errors import N_, Conflict
from workshop.orders.models import Job
from workshop.steps.repair.forms import FaultMixin, picture
from workshop.steps.repair.quality import checklists
from workshop.steps.repair.quality.checklists import Asked, Questions
from workshop.steps.repair.rules import Answer, Drive, Level, Verdict
from workshop.web import display

_TECHNICIAN_VERDICTS = (Verdict.GOOD, Verdict.ATTENTION, Verdict.BAD)
_ALL_VERDICTS = (*_TECHNICIAN_VERDICTS, Verdict.NOT_APPLICABLE)


class CheckForm(web.Form):
    """Base of the three checklists; `asking` adds the fields of what is asked."""

    level = Level.SELF_CHECK
    verdicts: tuple[Verdict, ...] = _TECHNICIAN_VERDICTS
    lines: tuple[Asked, ...] = ()
    # Which versions of the lists the page shows.
    seen = HiddenField()
    remarks = TextAreaField(N_("Remarks"), validators=[Length(max=1000)])

    @classmethod
    def asking(cls, jobs: Sequence[Job], *, posted: str = "", at: datetime) -> Any:
        """This kind of form with the lines that these jobs are asked.

        Where a page was sent, its lines are those that it showed (`posted` says which), if these
        may still be answered.
        """
        questions = _questions(cls.level, jobs, posted, at)
        fields = _item_fields(questions.lines, cls.verdicts)
        seen = HiddenField(default=questions.seen)
        return type(cls.__name__, (cls,), fields | {"lines": questions.lines, "seen": seen})

    def answers(self) -> list[Answer]:
        """What was chosen, item by item."""
        return [self._answer(each) for each in self.lines]

    def _answer(self, asked: Asked) -> Answer:
        verdict = self[f"verdict_{asked.code}"].data
        measured = self[f"measured_{asked.code}"].data if asked.item.is_measured else ""
        return Answer(
            asked.code,
            Verdict(verdict) if verdict else None,
            measured=measured or "",
            note=self[f"note_{asked.code}"].data or "",
            photo=picture(self[f"photo_{asked.code}"]),
        )


def _questions(level: Level, jobs: Sequence[Job], posted: str, at: datetime) -> Questions:
    try:
        return checklists.find_questions(level, jobs, seen=posted, at=at)
    except Conflict:
        # The act refuses it in words; the page comes back with what is asked now.
        return checklists.find_questions(level, jobs)


class _Measured:
    """Asks for the value where the item applies; all that are missing are named at once."""

    def __init__(self, code: str) -> None:
        self._verdict = f"verdict_{code}"

    def __call__(self, form: Any, field: Any) -> None:
        applies = form[self._verdict].data not in (None, "", Verdict.NOT_APPLICABLE.value)
        if applies and not (field.data or "").strip():
            raise ValidationError(N_("Enter what you measured."))


def _item_fields(lines: Sequence[Asked], verdicts: Sequence[Verdict]) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for each in lines:
        title = display.show_name(each.item)
        fields[f"verdict_{each.code}"] = RadioField(
            title,
            choices=web.choices(_offered(each, verdicts)),
            validators=[InputRequired(N_("Answer this item."))],
        )
        if each.item.is_measured:
            fields[f"measured_{each.code}"] = StringField(
                title, validators=[_Measured(each.code), Length(max=60)]
            )
        fields[f"note_{each.code}"] = StringField(N_("Note"), validators=[Length(max=300)])
        fields[f"photo_{each.code}"] = FileField(N_("Photo"))
    return fields


def _offered(asked: Asked, verdicts: Sequence[Verdict]) -> list[Verdict]:
    """What may be said of a line: “does not apply” only where it may be so."""
    return [
        each for each in verdicts if each is not Verdict.NOT_APPLICABLE or not asked.item.required
    ]


class _RoadTestMixin:
    road_from_km = IntegerField(
        N_("Mileage before"), filters=[web.half_width], validators=[Optional(), NumberRange(min=0)]
    )
    road_to_km = IntegerField(
        N_("Mileage after"), filters=[web.half_width], validators=[Optional(), NumberRange(min=0)]
    )
    road_route = StringField(N_("Route"), validators=[Length(max=200)])
    road_findings = StringField(N_("What was noticed"), validators=[Length(max=500)])

    def drive(self) -> Drive | None:
        """The road test, once a mileage is entered."""
        form: Any = self
        if form.road_from_km.data is None and form.road_to_km.data is None:
            return None
        return Drive(
            form.road_from_km.data or 0,
            form.road_to_km.data or 0,
            form.road_route.data or "",
            form.road_findings.data or "",
        )


class SelfCheckForm(CheckForm):
    """The technician's own check."""


class _SecondCheckForm(CheckForm, FaultMixin, web.ExceptionMixin):
    def said(self) -> dict[str, Any]:
        """What is said beside the answers: the fault, the remarks, the exception, what was seen."""
        return {
            "fault": self.fault(),
            "remarks": self.remarks.data or "",
            "exception": self.exception.data or "",
            "seen": self.seen.data or "",
        }


class QualityCheckForm(_SecondCheckForm, _RoadTestMixin):
    """The check by somebody who did not work on the car."""

    level = Level.QUALITY_CHECK
    verdicts = _ALL_VERDICTS


class FinalCheckForm(_SecondCheckForm):
    """The check by the advisor, with the customer's eyes."""

    level = Level.FINAL_CHECK
    wash = BooleanField(N_("Wash the car before delivery"), default=True)
