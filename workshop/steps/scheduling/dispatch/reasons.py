"""Why a job stands, or would stand, where it does: person, bay, parts, time to spare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum

from workshop.allocation.free_time import Slot
from workshop.errors import N_, Minutes, Missing
from workshop.orders.models import Job, RepairOrder
from workshop.shop.models import Technician, TechnicianSkill
from workshop.steps.scheduling import queries

Held = Mapping[int, Mapping[int, TechnicianSkill]]


class Who(Enum):
    """What a technician was chosen for."""

    FIRST = "first"
    SAME = "same"
    SECOND_EYES = "second_eyes"


def of_place(
    job: Job, slot: Slot, held: Held, who: Who, before: Sequence[Technician] = ()
) -> tuple[Missing, ...]:
    """All that speaks for the place; `held` are the skills of each technician, by ids.

    `before` are those who did the work that is repeated.
    """
    found = [*of_person(job, slot, held, who, before), _bay(slot), _parts(job.order)]
    if slot.across:
        found.append(Missing(N_("Longer than a half day: it goes on after the break."), "across"))
    slack = of_slack(job.order, slot)
    return tuple([*found, slack] if slack else found)


def of_person(
    job: Job, slot: Slot, held: Held, who: Who, before: Sequence[Technician] = ()
) -> list[Missing]:
    """Why this person."""
    found = [_skill(job, slot, held, who)]
    if who is Who.SAME:
        words = N_("One person for the whole car: the customer waits here.")
        found.append(Missing(words, "same"))
    if who is Who.SECOND_EYES and before:
        found.append(_second_eyes(slot, before))
    return found


def of_slack(order: RepairOrder, slot: Slot) -> Missing | None:
    """What is left before the promise when the work ends then; None without a promise."""
    slack = queries.slack_minutes(order, slot.ends_at)
    if slack is None:
        return None
    if slack < 0:
        message = N_("Ends %(late)s too late for the promise.")
        return Missing(message, "late", {"late": Minutes(-slack)})
    spare = {"minutes": slack, "hours": f"{slack // 60}:{slack % 60:02d}"}
    return Missing(N_("Leaves %(hours)s h to spare before the promise."), "slack", spare)


def _skill(job: Job, slot: Slot, held: Held, who: Who) -> Missing:
    name = slot.technician.name
    skill = held[slot.technician.id].get(job.skill_id) if job.skill_id else None
    if skill is None:
        words = N_("%(technician)s is free first.")
        if who is not Who.FIRST:
            words = N_("%(technician)s: this work asks for no skill of its own.")
        return Missing(words, "skill", {"technician": name})
    values = {"technician": name, "held": skill.level, "level": job.level}
    if who is not Who.FIRST:
        return Missing(
            N_("%(technician)s has level %(held)s (needed: %(level)s)."), "skill", values
        )
    message = N_("%(technician)s is free first, with level %(held)s (needed: %(level)s).")
    return Missing(message, "skill", values)


def _second_eyes(slot: Slot, before: Sequence[Technician]) -> Missing:
    names = [technician.name for technician in before]
    values = {"technician": slot.technician.name, "earlier": names}
    if slot.technician.id in {technician.id for technician in before}:
        message = N_("Nobody but %(earlier)s, who did the earlier repair, has the skill.")
    else:
        message = N_("Repeat repair: a second pair of eyes, not %(earlier)s again.")
    return Missing(message, "repeat", values)


def _bay(slot: Slot) -> Missing:
    if slot.bay is None:
        return Missing(N_("No bay is needed."), "bay")
    values = {"bay": slot.bay.code, "kind": slot.bay.kind}
    return Missing(N_("Bay %(bay)s (%(kind)s) is free then."), "bay", values)


def _parts(order: RepairOrder) -> Missing:
    parts = queries.parts_state(order)
    if not parts.needed:
        return Missing(N_("No parts are needed."), "parts")
    if parts.ready:
        return Missing(N_("All parts are there."), "parts")
    if parts.expected_at is not None:
        values = {"expected": parts.expected_at}
        return Missing(N_("Not before %(expected)s, when the parts come."), "parts", values)
    return Missing(N_("Parts are short, and nobody knows yet when they come."), "parts_short")
