"""What becomes of a file that is brought in, and of each of its rows. Plain Python."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.enums import LabelledEnum
from workshop.errors import N_


class ImportState(LabelledEnum):
    """How far a file is. A file at work has somebody who works on it, with a sign of life."""

    UPLOADED = "uploaded", N_("columns to look at")
    CHECKING = "checking", N_("is being checked")
    CHECKED = "checked", N_("checked")
    APPLYING = "applying", N_("is being taken over")
    APPLIED = "applied", N_("taken over")
    UNDOING = "undoing", N_("is being taken back")
    UNDONE = "undone", N_("taken back")
    CANCELLED = "cancelled", N_("given up")

    @property
    def is_at_work(self) -> bool:
        """Whether something runs for the file in the background."""
        return self in AT_WORK


S = ImportState
AT_WORK = (S.CHECKING, S.APPLYING, S.UNDOING)
# Where a file stands when its work was given up, or stopped in the middle: nothing was written.
BEFORE = {S.CHECKING: S.UPLOADED, S.APPLYING: S.CHECKED, S.UNDOING: S.APPLIED}
OVER = (S.UNDONE, S.CANCELLED)


class Verdict(LabelledEnum):
    """What the dry run says of one row."""

    NEW = "new", N_("New")
    CHANGED = "changed", N_("Changes")
    SAME = "same", N_("Same")
    DOUBTFUL = "doubtful", N_("To decide")
    REFUSED = "refused", N_("Cannot be taken")


SKIP = "skip"
"""The answer by which a doubtful row is left out."""


# As measured on two busy cores; what takes less than two seconds nobody notices.
_ROWS_A_SECOND = 4000
_NOTICED_SECONDS = 2


def seconds_of_writing(rows: int) -> int:
    """How long so many rows are being written, about; 0 when nobody notices."""
    seconds = rows // _ROWS_A_SECOND
    return seconds if seconds >= _NOTICED_SECONDS else 0


def plain_head(text: str) -> str:
    """A column's head as it is compared: what people write in brackets or with signs is alike."""
    kept = (sign for sign in text.casefold() if sign.isalnum())
    return "".join(kept)


@dataclass(frozen=True)
class Labelled:
    """A value of a sentence that is a word of ours."""

    label: str

    def __str__(self) -> str:
        return self.label
