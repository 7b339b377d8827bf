"""What is looked at on each of the three levels. A record keeps the words as they were asked."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.errors import N_
from workshop.steps.repair.rules import Level


@dataclass(frozen=True)
class CheckItem:
    """One line of a checklist: what is looked at, the standard, and whether a value is measured."""

    code: str
    title: str
    standard: str = ""
    is_measured: bool = False


CHECKLISTS: dict[Level, tuple[CheckItem, ...]] = {
    Level.SELF_CHECK: (
        CheckItem("complete", N_("Everything on the job is done, nothing left out")),
        CheckItem("works", N_("The fault is gone and the function works")),
        CheckItem("torque", N_("Fasteners tightened to the torque of the manual")),
        CheckItem("tight", N_("Fluids at the mark, nothing leaks")),
        CheckItem("tidy", N_("No tools, rags or old parts left in the car")),
    ),
    Level.QUALITY_CHECK: (
        CheckItem(
            "order", N_("All jobs of the repair order are done"), N_("As on the authorisation")
        ),
        CheckItem("concern", N_("The customer's concern cannot be reproduced")),
        CheckItem("torque", N_("Torque of critical fasteners"), N_("As in the manual"), True),
        CheckItem("brakes", N_("Brake pads, thinnest"), N_("At least 3 mm"), True),
        CheckItem("tyres", N_("Tyre tread, thinnest"), N_("At least 1.6 mm"), True),
        CheckItem("fluids", N_("Fluid levels and leaks"), N_("Between the marks, dry")),
        CheckItem("codes", N_("Fault codes read out"), N_("None stored"), True),
        CheckItem("battery", N_("Battery voltage at rest"), N_("At least 12.4 V"), True),
    ),
    Level.FINAL_CHECK: (
        CheckItem("concern", N_("The concern is solved, in the customer's own words")),
        CheckItem("order", N_("The work matches the repair order and its additions")),
        CheckItem("walkaround", N_("No new damage against the walk-around inspection")),
        CheckItem("clean", N_("Clean inside and out, covers taken off, seat and radio as before")),
        CheckItem("promise", N_("The promised time can be kept")),
    ),
}
