"""What is typed when work is taken off: which lines, what of them is billed, who agreed and how."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from wtforms import HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice

from workshop import web
from workshop.errors import N_, Invalid
from workshop.steps.quotation.answers import Answer
from workshop.steps.quotation.models import ConsentChannel
from workshop.steps.repair.changing.foresight import Wish
from workshop.steps.repair.changing.taking_off import Wanted

_YES = "yes"


class ChangeForm(web.ConsentMixin, web.Form):
    """The last word: why, who agreed and how; the lines and their prices come along unseen."""

    shown_at = HiddenField()
    shown_fen = HiddenField()
    stop = HiddenField()
    reason = StringField(N_("Why the customer wants less"), render_kw={"maxlength": 200})
    waive_reason = StringField(N_("Why it is not billed"), render_kw={"maxlength": 200})
    checked = RadioField(
        N_("What was done"),
        choices=[
            SelectChoice(_YES, N_("is checked as usual")),
            SelectChoice("no", N_("needs no check")),
        ],
        default=_YES,
    )
    no_check_reason = StringField(N_("Why it needs no check"), render_kw={"maxlength": 200})
    channel = RadioField(
        N_("How the customer agrees"),
        choices=web.choices(ConsentChannel),
        default=ConsentChannel.IN_PERSON.value,
    )

    @property
    def is_by_link(self) -> bool:
        """Whether the customer is asked by the link and signs later."""
        return bool(self.channel.data == ConsentChannel.LINK.value)

    @property
    def seen_at(self) -> datetime:
        """When the prices of the page were computed; raises Invalid for what is no time."""
        try:
            shown_at = datetime.fromisoformat(self.shown_at.data or "")
        except ValueError:
            shown_at = None
        if shown_at is None or shown_at.tzinfo is None:
            raise Invalid(N_("This page is too old to be sent. Load it again."), code="too_old")
        return shown_at

    @property
    def seen_fen(self) -> int:
        """The sum that the page showed."""
        return web.whole(self.shown_fen.data, -1)

    @property
    def answer(self) -> Answer:
        """Who agreed, by which way, and what proves it."""
        who, when = (self.who.data or "").strip(), (self.when.data or "").strip()
        by_phone, authority = self.channel.data == ConsentChannel.PHONE.value, self.authority.data
        if by_phone:
            evidence = f"{who}, {when}" if who and when else ""
            proof = Answer(who, channel=ConsentChannel.PHONE, evidence=evidence)
        else:
            png = web.signature_png(self.signature.data)
            proof = Answer(self.signature_typed.data or "", png)
        return replace(proof, authority=authority or "")

    def wanted(self, wishes: Mapping[int, Wish]) -> Wanted:
        """What the customer wants no more, and why."""
        return Wanted(
            wishes,
            self.reason.data or "",
            waive_reason=self.waive_reason.data or "",
            stops=bool(self.stop.data),
            checked=self.checked.data == _YES,
            no_check_reason=self.no_check_reason.data or "",
        )


def read_wishes(sent: Any) -> dict[int, Wish]:
    """Which lines were chosen, what of each is billed, and what stays in the car.

    Raises Invalid for a quantity that is none.
    """
    ids = {web.whole(each) for each in sent.getlist("take")} - {0}
    return {each: _read_wish(sent, each) for each in sorted(ids)}


def _read_wish(sent: Mapping[str, Any], line_id: int) -> Wish:
    prefix = f"fit-{line_id}-"
    fitted = {
        web.whole(name.removeprefix(prefix)): name for name in sent if name.startswith(prefix)
    }
    return Wish(
        billed=sent.get(f"bill-{line_id}", _YES) == _YES,
        fitted={key: _milli(sent[name]) for key, name in fitted.items() if key},
    )


def _milli(text: str) -> int:
    return web.milli_from_text(web.half_width(text) or "0", "take") if text.strip() else 0


def written(wishes: Mapping[int, Wish]) -> Iterable[tuple[str, str]]:
    """The wishes as the hidden fields of the last form."""
    for line_id, wish in wishes.items():
        yield "take", str(line_id)
        yield f"bill-{line_id}", _YES if wish.billed else "no"
        for part_id, milli in wish.fitted.items():
            yield f"fit-{line_id}-{part_id}", f"{milli / 1000:g}"
