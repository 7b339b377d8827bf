"""What a line says and wants, as it is typed, compared and written down."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import Any

from workshop.catalogue.checklists import placeholders, rules
from workshop.catalogue.checklists.models import ChecklistItem
from workshop.catalogue.checklists.rules import ItemKind, Limits, Places
from workshop.errors import N_, Invalid
from workshop.web.versions import State


@dataclass(frozen=True)
class Wording:
    """All of a line that a manager may type. Limits are thousandths of the unit."""

    title_zh: str
    title_en: str
    standard_zh: str = ""
    standard_en: str = ""
    group_zh: str = ""
    group_en: str = ""
    kind: ItemKind = ItemKind.LOOK
    unit: str = ""
    places: Places = Places.ONE
    recommend: str = ""
    red_low_milli: int | None = None
    green_low_milli: int | None = None
    green_high_milli: int | None = None
    red_high_milli: int | None = None
    needs_photo: bool = False
    required: bool = False

    @property
    def limits(self) -> Limits:
        """Where green ends and red begins."""
        return Limits(
            self.green_low_milli, self.green_high_milli, self.red_low_milli, self.red_high_milli
        )


LABELS = {
    "title_zh": N_("Wording, Chinese"),
    "title_en": N_("Wording, English"),
    "standard_zh": N_("Standard, Chinese"),
    "standard_en": N_("Standard, English"),
    "group_zh": N_("Heading, Chinese"),
    "group_en": N_("Heading, English"),
    "kind": N_("How it is answered"),
    "unit": N_("Unit"),
    "places": N_("Measured where"),
    "recommend": N_("What mends it (code)"),
    "red_low_milli": N_("Red below"),
    "green_low_milli": N_("Green from"),
    "green_high_milli": N_("Green up to"),
    "red_high_milli": N_("Red above"),
    "needs_photo": N_("Photo when not in order"),
    "required": N_("Applies to every car"),
}
_LIMIT_NAMES = ("red_low_milli", "green_low_milli", "green_high_milli", "red_high_milli")


def of_item(item: ChecklistItem) -> Wording:
    """The wording of a line as it stands."""
    return Wording(**{each.name: getattr(item, each.name) for each in fields(Wording)})


def state_of(wording: Wording) -> State:
    """What people see of a line, by label."""
    said = asdict(wording)
    return {LABELS[name]: _shown(name, value) for name, value in said.items()}


def _shown(name: str, value: Any) -> Any:
    if name in _LIMIT_NAMES:
        return "" if value is None else show_milli(value)
    return value


def show_milli(milli: int) -> str:
    """Thousandths as a number without useless zeros: 1600 → 1.6."""
    return f"{milli / 1000:.3f}".rstrip("0").rstrip(".")


def trail_of(before: Wording, after: Wording) -> dict[str, list[Any]]:
    """What changed, for the audit trail: name → [before, after]."""
    was, now = asdict(before), asdict(after)
    return {name: [_plain(was[name]), _plain(now[name])] for name in was if was[name] != now[name]}


def _plain(value: Any) -> Any:
    return getattr(value, "value", value)


def cleaned(wording: Wording) -> Wording:
    """The wording without outer blanks; a line that is looked at has no limits and no unit."""
    texts: dict[str, Any] = {
        name: value.strip() for name, value in asdict(wording).items() if isinstance(value, str)
    }
    clean = replace(wording, **texts)
    if clean.kind is ItemKind.MEASURED:
        return clean
    none: dict[str, Any] = dict.fromkeys(_LIMIT_NAMES)
    return replace(clean, unit="", places=Places.ONE, **none)


def require_sound(wording: Wording, *, is_words: bool = False) -> None:
    """Raise Invalid for a line without words in both languages, or with limits out of order.

    Of words to say, names in braces must be known.
    """
    for name in ("title_zh", "title_en"):
        if not getattr(wording, name):
            raise Invalid(N_("Enter the wording in both languages."), field=name)
    if bool(wording.standard_zh) != bool(wording.standard_en):
        name = "standard_en" if wording.standard_zh else "standard_zh"
        raise Invalid(N_("Enter the standard in both languages, or in none."), field=name)
    if bool(wording.group_zh) != bool(wording.group_en):
        name = "group_en" if wording.group_zh else "group_zh"
        raise Invalid(N_("Enter the heading in both languages, or in none."), field=name)
    unknown = placeholders.unknown_in(wording.standard_zh + wording.standard_en)
    if is_words and unknown:
        raise Invalid(
            N_("Nothing fills {%(name)s}; there are %(known)s."),
            field="standard_zh" if placeholders.unknown_in(wording.standard_zh) else "standard_en",
            name=min(unknown),
            known=" ".join(f"{{{each}}}" for each in placeholders.KNOWN),
        )
    if not wording.limits.is_ordered:
        raise Invalid(
            N_("The limits go up from red over green to red; look at their order."),
            field="green_low_milli",
        )


def require_bond(item: ChecklistItem, wording: Wording) -> None:
    """Raise Invalid when a line that the law holds would be loosened."""
    if not item.bond.is_law:
        return
    if wording.kind is not item.kind:
        raise Invalid(N_("The law says how this is checked."), field="kind")
    for name in ("standard_zh", "standard_en"):
        if getattr(wording, name) != getattr(item, name):
            raise Invalid(
                N_("The law says what this must be; only the wording is yours."), field=name
            )
    if item.needs_photo and not wording.needs_photo:
        raise Invalid(N_("This line needs its photo."), field="needs_photo")
    if item.required and not wording.required:
        raise Invalid(N_("The law asks this of every car."), field="required")
    if rules.is_loosened(wording.limits, item.law_low_milli, item.law_high_milli):
        low = item.law_low_milli is not None
        limit = item.law_low_milli if low else item.law_high_milli
        raise Invalid(
            N_("The law's limit is %(limit)s %(unit)s; it can only be made stricter."),
            field="red_low_milli" if low else "red_high_milli",
            limit=show_milli(limit or 0),
            unit=item.unit,
        )
