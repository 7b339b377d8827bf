"""Marks of what a page showed."""

from __future__ import annotations

import pytest

from workshop.errors import Conflict
from workshop.steps.reception.rules import Paper
from workshop.web import versions


def test_a_mark_changes_with_each_value() -> None:
    state = {"Papers": [Paper.INSURANCE], "Note": "x"}
    assert versions.mark(state) == versions.mark(dict(state))
    assert versions.mark(state) != versions.mark(state | {"Note": "y"})


def test_a_stale_page_gets_only_what_differs_and_the_newer_mark() -> None:
    seen = versions.mark({"Seat": "A1", "Note": ""})
    now, yours = {"Seat": "A2", "Note": ""}, {"Seat": "A3", "Note": ""}
    with pytest.raises(Conflict) as caught:
        versions.refuse_stale(seen, now, yours)
    assert (caught.value.theirs, caught.value.yours) == ({"Seat": "A2"}, {"Seat": "A3"})
    versions.refuse_stale(caught.value.values["version"], now, yours)


def test_what_is_there_already_may_be_sent_again() -> None:
    versions.refuse_stale(versions.mark({"Seat": ""}), {"Seat": "A2"}, {"Seat": "A2"})


def test_a_page_without_a_mark_asks_nothing() -> None:
    versions.refuse_stale(None, {"Seat": "A2"}, {"Seat": "A3"})
