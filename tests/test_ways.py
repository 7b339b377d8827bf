"""Every refusal whose words advise something carries the way to a page where it can be done."""

from __future__ import annotations

import ast
import functools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

import workshop
from workshop.staff import access

_ROOT = Path(workshop.__file__).parent
_REFUSALS = frozenset({"RuleBroken", "Invalid", "NotAllowed", "Conflict", "NotFound", "Missing"})
# What somebody is told to do: the words with which an advice begins, read from the catalogue.
_VERB = re.compile(
    r"(accept|add|agree|answer|ask|assign|begin|call|cancel|change|choose|close|correct"
    r"|count|deliver|describe|draw|enter|estimate|finish|give|have|leave|load|look|make"
    r"|mend|move|name|note|offer|open|order|pair|pause|pick|plan|press|propose|publish|put"
    r"|read|record|release|reopen|repeat|replace|retire|return|reverse|revise|save|say|see"
    r"|sell|send|set|settle|sign|start|stop|take|try|use|wait|write)\b",
    re.IGNORECASE,
)
# "Pause or finish that job first." says to do something elsewhere; "tried first" says nothing.
_ELSEWHERE = re.compile(
    r"\bfirst\b(?=[.;]|$)(?<!tried first)(?<!free first)"
    r"|\bFirst comes\b|\binstead\b(?=\.)|\bbefore money\b"
)
_BREAK = re.compile(r"(?<=[.;:!])\s+|, (?:or|and|then) ")

# Advice that is followed where it is read, and needs no way: the page shows the record, the fields
# or the buttons that it speaks of beside the words.
_HERE = frozenset({
    # The form that was sent stands there again, with what was typed.
    "%(name)s cannot take over %(what)s. Give these to somebody else.",
    "A note is corrected within ten minutes. Write a new one.",
    "That was very quick. Look at the time and send it again.",
    "%(plate)s takes a place that %(others)s leaves: accept both, or none.",
    "%(plate)s has begun since. What has begun stays; move the others one by one.",
    "Accept at least one operation, or decline the whole quotation.",
    "Choose at least one car to move.",
    "Choose more orders: %(left)s %(unit)s of %(part)s are still kept too many.",
    "Choose your name on the device.",
    "Enter a quantity for %(part)s.",
    "Enter a quantity such as 2 or 4.5.",
    "Say how much to order of one part at least.",
    "Say what shall stay: the technician, the bay or the start.",
    "Say which column of the file is one of these: %(columns)s.",
    "Say which column of the file is “%(column)s”.",
    "Say what was found, so that the customer can decide.",
    "Something of this order came. Cancel the lines that do not come, and close it.",
    "The core deposit goes with its part. Change the part.",
    "The draft was published meanwhile. Begin a new one to change a line.",
    "This price counts already. Set another one from today on.",
    "This price holds already; set another one in its place.",
    "What was typed and what is on record differ. Say what it is.",
    "You declined every line. Press “Decline all” if you want nothing done.",
    # A customer reads it on a page with the shop's phone, and with the times.
    "This page is too old. Choose a time again.",
    "Too many wrong tries. Please call us, or try later.",
    # The page shows what has changed, and is sent again.
    "Somebody else changed one of the two meanwhile. Look at them again.",
    "Somebody else changed the draft meanwhile. Look at the differences again.",
    "Somebody else changed the walk-around meanwhile. Look at it again, then sign.",
    "Somebody else changed this meanwhile. Look at both versions and save again.",
    "Somebody else has corrected this meanwhile. Look at it again.",
    "Somebody else has gone on with this file meanwhile. Look at it again.",
    "Somebody else has corrected this reading meanwhile. Look at it again.",
    "Somebody else has counted this part meanwhile. Look at both and count again.",
    "The fixed price of %(packages)s is for the whole of it. What is left costs what it costs by "
    "itself: %(amount)s in all. Look at the sum, and sign again.",
    "The list has changed meanwhile. Look at its lines and send it again.",
    "A large file is being written. Nothing was saved; try again in a minute.",
    "The shop is very busy. Nothing was saved; try again.",
    "The version on your page is not the draft any more. Look at it again.",
    "The work went on meanwhile. Look at what it costs now, and ask the customer again.",
    "This concern was worded otherwise meanwhile. Look at it again.",
    "This page is too old to be sent. Load it again and repeat the last step.",
    "This page is too old to be sent. Load it again.",
    # The refusal itself asks them, and each gap of the set-up leads to its page.
    "Not signed in yet: %(names)s. Give each the printed card.",
    # Not on this screen at all: another device, or another person.
    "This link was used already or is too old. Ask for a new one.",
    "Too many tries. Wait %(minutes)s minutes, or ask who manages the staff.",
    "Too many tries. Wait %(seconds)s seconds, or ask who manages the staff.",
    "This shared device opens the floor's own pages only. Use your password elsewhere.",
})  # fmt: skip
# Words that begin like an advice and are none.
_NO_ADVICE = frozenset({
    "Count %(no)s is over.",
    "Order %(no)s is over.",
    "Pick list %(no)s is “%(state)s”.",
    "Repeat repair: a second pair of eyes, not %(earlier)s again.",
})  # fmt: skip


def _advises(words: str) -> bool:
    parts = _BREAK.split(words)
    return bool(_ELSEWHERE.search(words)) or any(_VERB.match(part.strip()) for part in parts)


@functools.cache
def _refusals() -> list[tuple[str, ast.Call, str]]:
    """Each refusal with each text that it may say."""
    return list(_read())


def _read() -> Iterator[tuple[str, ast.Call, str]]:
    for path in sorted(_ROOT.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for scope, node in _scopes(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in _REFUSALS and node.args:
                for words in _said(node.args[0], scope, tree) or [""]:
                    yield f"{path.relative_to(_ROOT)}:{node.lineno}", node, words


def _scopes(tree: ast.Module) -> Iterator[tuple[ast.AST, ast.AST]]:
    """What stands in each function of a module, and outside of them all."""
    functions = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)]
    inside = {id(node): each for each in functions for node in ast.walk(each)}
    for node in ast.walk(tree):
        yield inside.get(id(node), tree), node


def _said(node: ast.expr, scope: ast.AST, tree: ast.Module) -> list[str]:
    """The texts of an expression; a name stands for what its function or its module gives it."""
    if not isinstance(node, ast.Name):
        return _texts(node)
    own = _assigned(node.id, ast.walk(scope))
    return own or _assigned(node.id, iter(tree.body))


def _assigned(name: str, nodes: Iterator[ast.AST]) -> list[str]:
    given = (each for each in nodes if isinstance(each, ast.Assign))
    named = (each for each in given if ast.unparse(each.targets[0]) == name)
    return [text for each in named for text in _texts(each.value)]


def _texts(node: ast.AST) -> list[str]:
    calls = (each for each in ast.walk(node) if isinstance(each, ast.Call) and each.args)
    return [str(ast.literal_eval(each.args[0])) for each in calls if ast.unparse(each.func) == "N_"]


def _way_of(call: ast.Call) -> ast.expr | None:
    named = next((each.value for each in call.keywords if each.arg == "way"), None)
    is_missing = ast.unparse(call.func) == "Missing"
    return named or (call.args[3] if is_missing and len(call.args) > 3 else None)


def _is_here(call: ast.Call, words: str) -> bool:
    """Whether the advice is followed where it is read: the field at fault, or the page itself."""
    has_field = any(each.arg == "field" for each in call.keywords)
    sends_away = _ELSEWHERE.search(words) is not None
    return (has_field and not sends_away) or words in _HERE | _NO_ADVICE


def list_ways() -> list[tuple[str, str]]:
    """The words of each refusal that has a way, and the way as it is written."""
    found = ((words, _way_of(call)) for _, call, words in _refusals())
    return [(words, ast.unparse(way)) for words, way in found if way is not None]


def test_the_lists_name_only_what_is_said() -> None:
    said = {words for _, _, words in _refusals()}
    assert said >= _HERE | _NO_ADVICE


def test_what_advises_something_has_a_way_to_it() -> None:
    found = _refusals()
    assert len(found) > 300
    without = [
        f"{place}: {words}"
        for place, call, words in found
        if _advises(words) and _way_of(call) is None and not _is_here(call, words)
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
