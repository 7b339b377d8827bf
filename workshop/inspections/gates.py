"""What an inspection still needs before it is complete."""

from __future__ import annotations

from workshop.catalogue.checklists.models import Checklist
from workshop.errors import N_, Missing
from workshop.inspections import queries
from workshop.inspections.models import VehicleInspection


def missing_to_finish(found: VehicleInspection) -> list[Missing]:
    """The lines without an answer, and the pictures of what is not in order."""
    answers = queries.answers_of(found)
    left = [each for each in found.version.items if each.id not in answers]
    missing = []
    if left:
        words = N_("Not answered yet: %(count)s of %(all)s lines, first “%(item)s”.")
        values = {"count": len(left), "all": len(found.version.items), "item": left[0]}
        missing.append(Missing(words, "lines", values))
    missing += [
        Missing(N_("The photo of “%(item)s” is missing."), f"photo_{item.code}", {"item": item})
        for item in found.version.items
        if item.needs_photo
        and (answer := answers.get(item.id)) is not None
        and answer.result.is_finding
        and answer.photo_id is None
    ]
    return missing


def missing_of_sold(checklist: Checklist, found: VehicleInspection | None) -> list[Missing]:
    """Why work that sells this inspection is not done: the template is not complete."""
    if found is not None and found.is_finished:
        return []
    words = N_("The inspection “%(template)s” is not complete.")
    return [Missing(words, f"inspection_{checklist.topic}", {"template": checklist})]
