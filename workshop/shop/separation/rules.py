"""The rules that two acts are of two persons (domain.md §2), and who has broken which."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from workshop.enums import LabelledEnum
from workshop.errors import N_


class Apart(LabelledEnum):
    """A rule of two persons. A branch keeps it, or lets it be broken as a named exception."""

    QUALITY_NOT_WORK = "quality_not_work", N_("Who worked on the car does not check its quality")
    QUALITY_NOT_ADVISOR = (
        "quality_not_advisor",
        N_("The order's advisor does not make the quality check"),
    )
    FINAL_BY_ADVISOR = "final_by_advisor", N_("The order's advisor makes the final check")
    FINAL_NOT_WORK = "final_not_work", N_("Who worked on the car does not make the final check")
    FINAL_NOT_QUALITY = (
        "final_not_quality",
        N_("Who checked the quality does not make the final check"),
    )
    CREDIT = "credit", N_("Who asks for a credit does not approve it")
    FOLLOW_UP_CALL = "follow_up_call", N_("Who served the customer does not make the call after it")
    SECOND_CALL = "second_call", N_("Who had part in a case does not close it")
    OWN_HOURS = "own_hours", N_("Nobody corrects their own hours")


@dataclass(frozen=True)
class Breach:
    """A rule that this person would break with this act, in words.

    `is_allowed` where the rule itself names a deputy, whatever the branch keeps.
    """

    rule: Apart
    message: str
    values: Mapping[str, Any] = field(default_factory=dict)
    is_allowed: bool = False


@dataclass(frozen=True)
class Ruling:
    """What stands against an act: what refuses it, and what asks for a reason only."""

    refused: tuple[Breach, ...] = ()
    excepted: tuple[Breach, ...] = ()

    @property
    def is_allowed(self) -> bool:
        """Whether the act may be done, with a reason where something is excepted."""
        return not self.refused


def judge(breaches: Sequence[Breach], not_kept: Collection[str]) -> Ruling:
    """Part what is refused from what is an exception in a branch that keeps all but these rules."""
    excepted = [each for each in breaches if each.is_allowed or each.rule.value in not_kept]
    return Ruling(tuple(each for each in breaches if each not in excepted), tuple(excepted))
