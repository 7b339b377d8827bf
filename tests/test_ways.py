"""Every refusal whose words advise something carries the way to a page where it can be done."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

import workshop
from workshop.staff import access

_ROOT = Path(workshop.__file__).parent
_REFUSALS = frozenset({"RuleBroken", "Invalid", "NotAllowed", "Conflict", "NotFound", "Missing"})
# "Pause or finish that job first." says to do something elsewhere; "tried first" says nothing.
_ADVICE = re.compile(
    r"\bfirst\b(?=[.;]|$)(?<!tried first)(?<!free first)"
    r"|\bFirst comes\b|\binstead\b(?=\.)|\bbefore money\b"
)


def _refusals() -> Iterator[tuple[str, ast.Call, str]]:
    for path in sorted(_ROOT.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        said = dict(_constants(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in _REFUSALS and node.args:
                words = _words(node.args[0], said)
                yield f"{path.relative_to(_ROOT)}:{node.lineno}", node, words


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield node.targets[0].id, _words(node.value, {})


def _words(node: ast.expr, said: dict[str, str]) -> str:
    if isinstance(node, ast.Call) and ast.unparse(node.func) == "N_" and node.args:
        return str(ast.literal_eval(node.args[0]))
    return said.get(node.id, "") if isinstance(node, ast.Name) else ""


def _way_of(call: ast.Call) -> ast.expr | None:
    named = next((each.value for each in call.keywords if each.arg == "way"), None)
    is_missing = ast.unparse(call.func) == "Missing"
    return named or (call.args[3] if is_missing and len(call.args) > 3 else None)


def test_what_advises_something_has_a_way_to_it() -> None:
    found = list(_refusals())
    assert len(found) > 300
    without = [
        f"{place}: {words}"
        for place, call, words in found
        if _ADVICE.search(words) and _way_of(call) is None
    ]
    assert not without


def test_every_way_leads_to_a_page_that_some_role_may_open(app: Flask) -> None:
    endpoints = set()
    for path in sorted(_ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "Way":
                endpoints.add(ast.literal_eval(node.args[0]))
    assert len(endpoints) > 10
    for endpoint in endpoints:
        rules = list(app.url_map.iter_rules(endpoint))
        assert any("GET" in (rule.methods or ()) for rule in rules), endpoint
        wanted = access.declared(endpoint, app)
        assert wanted is None or any(right.roles or right for right in wanted), endpoint


# ---- Who may instead ----

_ROLE = r"(?:service )?(?:manager|advisor|assistant|controller|leader|clerk|cashier|administrator)"
# Roles are the shop's own: what they may do is changed on a page. A sentence that sends somebody to
# a role is false in the shop that has given the right to another one.
_SENDS_TO_A_ROLE = re.compile(
    rf"\b(?:ask|tell|call|only|by|nobody but) (?:the |a |another )?{_ROLE}\b(?! [%'])"
    r"|\bto the (?:service )?manager\b"
    rf"|(?<!order's )(?<!named )\b{_ROLE}s?,? (?:may|must|has to|have to|can|sets?|changes?|acts?|"
    r"approves?|corrects?|decides?|confirms?|receives?|answers?|hands?|gives?|makes?)\b",
    re.IGNORECASE,
)
_NAMES_A_ROLE_ALL_THE_SAME = {
    "24 to 72 hours after the handover, by somebody other than the advisor.": "a person's order",
    "As soon as the job controller assigns one to you, it is here.": "says what happens",
}
_TEMPLATES = Path(__file__).parent.parent / "templates"


def _sentences() -> Iterator[tuple[str, str]]:
    for place, _call, words in _refusals():
        yield place, words
    for path in sorted(_TEMPLATES.rglob("*.html")):
        for said in re.findall(r'_\(\s*"((?:[^"\\]|\\.)*)"', path.read_text(encoding="utf-8")):
            yield str(path.relative_to(_TEMPLATES)), said


def test_no_sentence_sends_somebody_to_a_role() -> None:
    found = list(_sentences())
    assert len(found) > 2000
    named = [
        f"{place}: {said}"
        for place, said in found
        if _SENDS_TO_A_ROLE.search(said) and said not in _NAMES_A_ROLE_ALL_THE_SAME
    ]
    assert not named, "say who may by `Instead` or `instead(…)`: web/ways.py"


@pytest.mark.parametrize(
    "said",
    [
        "Only the service advisor changes the promise.",
        "ask the service manager",
        "The service manager has to approve it.",
        "While they are not at work the service manager acts on it.",
        "A manager sets it first.",
    ],
)
def test_each_such_sentence_is_found(said: str) -> None:
    assert _SENDS_TO_A_ROLE.search(said)
