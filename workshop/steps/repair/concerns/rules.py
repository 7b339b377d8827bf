"""What a customer came for, one by one, and what may become of each. Plain Python."""

from __future__ import annotations

import re

from workshop.enums import LabelledEnum
from workshop.errors import N_

_BETWEEN = re.compile(r"[\n;；]+")
# What people number their lines with: 1. 2、 (3) - •
_NUMBER = re.compile(r"^\s*(?:[(（]?\d{1,2}[.、)）．](?!\d)|[-•·*])\s*")


class Outcome(LabelledEnum):
    """How a concern ended."""

    JOB = "job", N_("Done as a job")
    FINDING = "finding", N_("Looked at, with a finding")
    DECLINED = "declined", N_("Not wanted by the customer")

    @property
    def is_job(self) -> bool:
        """Whether work on the car answers it."""
        return self is Outcome.JOB

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        tones = {Outcome.JOB: "good", Outcome.FINDING: "info"}
        return tones.get(self, "neutral")


def list_concerns(text: str) -> list[str]:
    """The concerns in the customer's words: one a line, or parted by semicolons; none twice."""
    found = [_NUMBER.sub("", each).strip(" \t,，。.") for each in _BETWEEN.split(text)]
    return list(dict.fromkeys(each for each in found if each))
