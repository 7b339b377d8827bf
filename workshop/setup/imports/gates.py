"""What a file still needs before it can be checked or taken over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from workshop.errors import N_, Missing
from workshop.setup.imports.models import ImportBatch
from workshop.setup.imports.rules import Labelled, Verdict


class _Column(Protocol):
    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def is_needed(self) -> bool: ...


class Needs(Protocol):
    """What a kind says of the columns that it needs."""

    @property
    def columns(self) -> Sequence[_Column]: ...
    @property
    def one_of(self) -> Sequence[Sequence[str]]: ...
    def column(self, key: str) -> _Column:
        """The column of this key."""


def missing_for_check(kind: Needs, mapping: Mapping[str, int]) -> list[Missing]:
    """Columns that the kind needs and no column of the file is."""
    found = [
        Missing(
            N_("Say which column of the file is “%(column)s”."),
            code="column",
            values={"column": Labelled(each.label)},
        )
        for each in kind.columns
        if each.is_needed and each.key not in mapping
    ]
    for group in kind.one_of:
        if not any(key in mapping for key in group):
            names = [Labelled(kind.column(key).label) for key in group]
            found.append(
                Missing(
                    N_("Say which column of the file is one of these: %(columns)s."),
                    code="column",
                    values={"columns": names},
                )
            )
    twice = _twice(list(mapping.values()))
    if twice:
        found.append(Missing(N_("One column of the file is chosen twice."), code="twice"))
    return found


def _twice(places: Sequence[int]) -> bool:
    return len(set(places)) != len(places)


def missing_for_apply(batch: ImportBatch, taken: int) -> list[Missing]:
    """Why there is nothing to take over; `taken` rows would do something."""
    if taken:
        return []
    if _count(batch, Verdict.DOUBTFUL):
        words = N_("Decide what the doubtful rows mean: nothing else can be taken over.")
        return [Missing(words, code="undecided")]
    if _count(batch, Verdict.SAME) and not _count(batch, Verdict.REFUSED):
        return [Missing(N_("All of it is here already: nothing has to be done."), code="same")]
    return [Missing(N_("No row can be taken over."), code="nothing")]


def _count(batch: ImportBatch, verdict: Verdict) -> int:
    found: Any = batch.counts.get(verdict.value, 0)
    return int(found)
