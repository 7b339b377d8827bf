"""All that a manager may say of an operation, and how two versions of it are compared."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from workshop.catalogue import queries
from workshop.catalogue.models import (
    BayNeed,
    Energy,
    GuaranteeClass,
    Operation,
    OperationFlag,
    PartKind,
)
from workshop.db import session
from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.web.versions import State


@dataclass(frozen=True)
class Need:
    """What an operation usually needs: of a part or of a kind, in thousandths of its unit."""

    quantity_milli: int
    part_id: int | None = None
    kind_id: int | None = None
    compact_milli: int | None = None
    suv_milli: int | None = None


@dataclass(frozen=True)
class Particulars:
    """All that a manager may say of an operation; minutes of a class are None where usual."""

    code: str
    name_zh: str
    name_en: str
    book_minutes: int
    compact_minutes: int | None = None
    suv_minutes: int | None = None
    skill_id: int | None = None
    level: int = 1
    bay_kinds: Sequence[str] = ()
    energies: Sequence[str] = ()
    models: str = ""
    flags: Sequence[str] = ()
    guarantee: GuaranteeClass = GuaranteeClass.MINOR
    rate_code: str = "standard"
    keywords: str = ""
    sells: str = ""
    needs: Sequence[Need] = ()


LABELS = {
    "code": N_("Code"),
    "name_zh": N_("Name in Chinese"),
    "name_en": N_("Name in English"),
    "book_minutes": N_("Book minutes, mid-size car"),
    "compact_minutes": N_("Compact car"),
    "suv_minutes": N_("SUV or MPV"),
    "skill_id": N_("Skill"),
    "level": N_("Level"),
    "bay_kinds": N_("Bays that will do"),
    "energies": N_("For cars with"),
    "models": N_("Only for these models"),
    "flags": N_("Needs as well"),
    "guarantee": N_("Guarantee class"),
    "rate_code": N_("Labour rate"),
    "keywords": N_("Words to find it by"),
    "sells": N_("Sells the inspection"),
    "needs": N_("Usual parts"),
}


def particulars_of(operation: Operation) -> Particulars:
    """What is known of an operation."""
    values = {
        each.name: getattr(operation, each.name)
        for each in fields(Particulars)
        if each.name != "needs"
    }
    names = [each.name for each in fields(Need)]
    needs = [Need(**{name: getattr(need, name) for name in names}) for need in operation.parts]
    return Particulars(**values, needs=tuple(needs))


def state_of(particulars: Particulars) -> State:
    """What people see of an operation, to notice a stale page."""
    skills = {each.id: f"{each.name_zh} / {each.name_en}" for each in queries.list_skills()}
    kinds: dict[str, type[LabelledEnum]] = {
        "bay_kinds": BayNeed,
        "energies": Energy,
        "flags": OperationFlag,
    }
    state = {label: getattr(particulars, name) for name, label in LABELS.items()}
    for name, kind in kinds.items():
        state[LABELS[name]] = [each for each in kind if each.value in getattr(particulars, name)]
    state[LABELS["skill_id"]] = skills.get(particulars.skill_id or 0)
    state[LABELS["needs"]] = "、".join(_need_words(each) for each in particulars.needs)
    return state


def _need_words(need: Need) -> str:
    kind = session.get(PartKind, need.kind_id) if need.kind_id else None
    milli = [need.compact_milli, need.quantity_milli, need.suv_milli]
    figures = "/".join(f"{each / 1000:g}" for each in milli if each)
    return f"{kind.code if kind else f'#{need.part_id}'} × {figures}"
