"""What an act's details say, and cells that no table program takes for a formula."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import workshop
from tests.audit.names import acts_in_code
from tests.test_audit import tried
from workshop.trail import action_words, record_words, rules


def test_every_act_of_the_code_has_words() -> None:
    names = {each for each in acts_in_code() if "*" not in each} | tried()
    without = {each for each in names if each not in action_words.ACTIONS}
    assert len(names) > 160
    assert without == set(), "a new act needs its words in trail/order_acts.py or shop_acts.py"
    assert {each.partition(".")[0] for each in names} <= set(action_words.GROUPS)


def test_every_name_of_a_detail_has_words() -> None:
    used = {
        str(keyword.arg)
        for path in Path(workshop.__file__).parent.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "audit.write"
        for keyword in call.keywords
        if keyword.arg not in (None, "old_name", "new_name")
    }
    assert len(used) > 60
    assert used - set(record_words.KEYS) == set(), "a new detail needs its word"


@pytest.mark.parametrize(
    ("details", "told"),
    [
        ({}, []),
        ({"reason": "开错"}, [("reason", None, "开错")]),
        ({"old": ["cashier"], "new": ["greeter"]}, [("changed", ["cashier"], ["greeter"])]),
        ({"old_name": "甲", "new_name": "乙"}, [("name", "甲", "乙")]),
        ({"old_name": "甲", "new_name": "甲"}, []),
        ({"was": "open", "state": "paid"}, [("state", "open", "paid")]),
        ({"was": 1, "now": 2, "reason": "x"}, [("changed", 1, 2), ("reason", None, "x")]),
        ({"was": {"a": 1, "b": 2}, "a": 3, "b": 2}, [("a", 1, 3)]),
        (
            {"was": {"fen": 100}, "reason": "x"},
            [("was", {"fen": 100}, None), ("reason", None, "x")],
        ),
        ({"was": "x"}, [("was", "x", None)]),
    ],
)
def test_before_and_after_stand_together(
    details: dict[str, object], told: list[tuple[str, object, object]]
) -> None:
    found = rules.read_details(details)
    assert [(each.key, each.before, each.after) for each in found] == told
