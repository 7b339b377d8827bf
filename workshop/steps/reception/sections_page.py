"""The sections of the reception's page: which are done, in one line, and which one is open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask_babel import gettext

from workshop.errors import N_, Missing
from workshop.orders.models import RepairOrder
from workshop.steps.reception import checks, queries
from workshop.steps.reception.car.shapes import CarView
from workshop.steps.reception.models import Walkaround
from workshop.web import display
from workshop.web.pages import Fold


@dataclass(frozen=True)
class Section:
    """One section in the list of steps, and its fold; the signature may need something of it."""

    fold: Fold
    is_needed: bool

    @property
    def anchor(self) -> str:
        return self.fold.key

    @property
    def label(self) -> str:
        return self.fold.title

    @property
    def is_open(self) -> bool:
        """Whether something that the signature needs is not done."""
        return bool(self.fold.gaps)

    @property
    def icon(self) -> str:
        if self.is_open:
            return "circle-dashed"
        return "circle-check" if self.is_needed else "circle-dot"


_Line = Callable[[RepairOrder, Walkaround], str]


def list_sections(
    order: RepairOrder, sheet: Walkaround, missing: list[Missing], can_edit: bool
) -> list[Section]:
    """The sections in their order, the signature last.

    Open is the first that has a gap: the concern until the advisor has written something
    beside it, then the first that the signature waits for, and at last the signature.
    """
    sections = []
    # The car's own card stands beside the folds and is always open.
    is_free = can_edit
    for anchor, label, icon, facts, line in _SECTIONS:
        gaps = [each for each in missing if each.code in facts]
        words = line(order, sheet)
        is_first = anchor == "concern" and not (sheet.finding or any(sheet.interview.values()))
        is_open = is_free and (bool(gaps) or is_first) and anchor != "past"
        is_free = is_free and not is_open
        is_begun = bool(words) and (anchor != "checks" or bool(sheet.checks))
        is_done = is_begun and not (gaps or is_open)
        fold = Fold(anchor, label, icon, words, gaps, is_done, is_open)
        sections.append(Section(fold, bool(facts)))
    owed = missing or [Missing(N_("The walk-around is not signed by the customer."), "signature")]
    sign = Fold(
        "sign", N_("Signature"), "file-signature", gaps=owed if can_edit else (), is_open=is_free
    )
    return [*sections, Section(sign, is_needed=True)]


def _concern(order: RepairOrder, _sheet: Walkaround) -> str:
    return order.concern


def _vin(order: RepairOrder, sheet: Walkaround) -> str:
    return order.vehicle.vin or sheet.no_vin_reason


def _gauges(order: RepairOrder, sheet: Walkaround) -> str:
    if order.mileage_km is None:
        return ""
    level = "" if order.energy_percent is None else f"{order.energy_percent} %"
    lamps = gettext("Warning lamps: %(count)s", count=len(sheet.lamps)) if sheet.lamps else ""
    return _joined(display.show_km(order.mileage_km), level, lamps)


def _car(order: RepairOrder, _sheet: Walkaround) -> str:
    views, marks = queries.view_checks(order), queries.list_damage(order)
    if not (views or marks):
        return ""
    done = gettext("%(done)s of %(all)s sides looked at", done=len(views), all=len(list(CarView)))
    found = gettext("%(count)s marks", count=len(marks)) if marks else ""
    at = max((each.checked_at for each in views.values()), default=None)
    return _joined(done, found, display.show_moment(at) if at else "")


def _checks(_order: RepairOrder, sheet: Walkaround) -> str:
    done, among = len(sheet.checks), len(checks.OUTSIDE) + len(checks.INSIDE)
    return str(gettext("%(done)s of %(all)s looked at", done=done, all=among))


def _covers(order: RepairOrder, _sheet: Walkaround) -> str:
    covers = queries.covers(order)
    names = gettext("%(count)s fitted", count=len(covers)) if covers else ""
    at = max((each.fitted_at for each in covers.values()), default=None)
    return _joined(names, display.show_moment(at) if at else "")


def _valuables(order: RepairOrder, sheet: Walkaround) -> str:
    if sheet.valuables_asked_at is None:
        return ""
    titles = ", ".join(each.title for each in queries.list_valuables(order))
    who = sheet.valuables_asked_by.display_name if sheet.valuables_asked_by else ""
    asked = gettext("Asked %(at)s", at=display.show_moment(sheet.valuables_asked_at))
    return _joined(titles or gettext("None"), asked, who)


def _items(_order: RepairOrder, sheet: Walkaround) -> str:
    if not (sheet.papers or sheet.items or sheet.items_note):
        return ""
    return _joined(
        gettext("Keys: %(count)s", count=sheet.keys),
        gettext("Papers: %(count)s", count=len(sheet.papers)),
    )


def _wishes(order: RepairOrder, sheet: Walkaround) -> str:
    if order.stays is None and sheet.old_parts is None:
        return ""
    stays = "" if order.stays is None else _STAYS[order.stays]
    return _joined(
        gettext(stays) if stays else "",
        gettext("Wash") if sheet.wash_wanted else "",
        gettext(sheet.old_parts.label) if sheet.old_parts else "",
    )


def _joined(*words: str) -> str:
    return " · ".join(each for each in words if each)


_STAYS = {True: N_("Waits here"), False: N_("Leaves the car")}

# Each section of the page with the facts that it brings to the signature.
_SECTIONS: tuple[tuple[str, str, str, frozenset[str], _Line], ...] = (
    ("concern", N_("Concern"), "message-square-quote", frozenset(), _concern),
    ("past", N_("VIN"), "car-front", frozenset({"vin"}), _vin),
    ("gauges", N_("Mileage and level"), "gauge", frozenset({"mileage", "energy"}), _gauges),
    ("car", N_("Walk round the car"), "footprints", frozenset({"views"}), _car),
    ("checks", N_("Checks at the car"), "list-checks", frozenset(), _checks),
    ("covers", N_("Protective covers"), "shield-check", frozenset({"covers"}), _covers),
    ("valuables", N_("Valuables"), "briefcase", frozenset({"valuables"}), _valuables),
    ("items", N_("Keys and papers"), "key-round", frozenset(), _items),
    ("wishes", N_("Wishes"), "hand-heart", frozenset(), _wishes),
)
