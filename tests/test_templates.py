"""Templates show what the page object says: lines that can be read, and nothing decided in them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

import workshop

TEMPLATES = Path(__file__).parent.parent / "templates"
ALL = sorted(TEMPLATES.rglob("*.html"))

LONGEST_LINE = 160
# A stage, a state or an amount is compared by who knows what it means: the page object.
COMPARED_VALUE = re.compile(r"\.value\s*(==|!=|(not )?in\b)|[!=]=\s*[\w.]+\.value\b")
APPENDED = re.compile(r"\.append\(")


JINJA = Environment(extensions=["jinja2.ext.i18n"])


def joins_of(text: str) -> list[int]:
    """The lines that join what the reader may do with a fact of the record.

    Both together are a decision, and it is the page object's: `row.may_be_confirmed_by(me)`.
    Two rights may stand side by side; `may_be_…` without a reader and a record's own `can_…` are
    facts. A page names what it found of its reader's rights so that this look can tell (below).
    """
    found = set()
    for joined in JINJA.parse(text).find_all((nodes.And, nodes.Or)):
        operands = list(_operands(joined))
        rights = [each for each in operands if _is_right(each)]
        if 0 < len(rights) < len(operands):
            found.add(joined.lineno)
    return sorted(found)


def _operands(node: nodes.Expr) -> Iterator[nodes.Expr]:
    if isinstance(node, nodes.And | nodes.Or):
        yield from _operands(node.left)
        yield from _operands(node.right)
    elif isinstance(node, nodes.Not):
        yield from _operands(node.node)
    else:
        yield node


def _asks_can(node: nodes.Expr) -> bool:
    return isinstance(node, nodes.Call) and _name_of(node.node) == "can"


def _is_right(node: nodes.Expr) -> bool:
    if isinstance(node, nodes.Call):
        return _asks_can(node) or _name_of(node.node).startswith("may")
    name = _name_of(node)
    is_pages = isinstance(node, nodes.Name) and name.startswith("can_")
    return is_pages or (name.startswith("may_") and not name.startswith("may_be_"))


def _name_of(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    return node.attr if isinstance(node, nodes.Getattr) else ""


def faults_of(text: str) -> list[str]:
    """What is wrong with the lines of a template, each with its number."""
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > LONGEST_LINE:
            found.append(f"{number}: {len(line)} characters")
        if COMPARED_VALUE.search(line):
            found.append(f"{number}: compares a .value; give the page a named fact")
        if APPENDED.search(line):
            found.append(f"{number}: builds a list; the page object gives it")
    found += [f"{number}: joins a right with a fact" for number in joins_of(text)]
    return found


@pytest.mark.parametrize("template", ALL, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_template_is_readable_and_decides_nothing(template: Path) -> None:
    assert faults_of(template.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "line",
    [
        "{% if order.stage.value == 'repair' %}{% endif %}",
        '{% if "red" == each.urgency.value %}{% endif %}',
        "{% if payer.value != line.payer.value %}{% endif %}",
        "{% if case.state.value in ('open', 'planned') %}{% endif %}",
        "{% set _ignored = options.append(part) %}",
        "x" * (LONGEST_LINE + 1),
        '{% if can("BOOK") and row.is_late %}{% endif %}',
        '{% if row.phone and not can("VIEW_CUSTOMERS") %}{% endif %}',
        '{{ link(url if day == today and can("QUOTE") else none) }}',
        "{% if is_own and may_set %}{% endif %}",
        "{% if can_edit and order.ready_at %}{% endif %}",
        "{% set plans = job.is_late or row.may_replan %}",
        "{% if user.may(wanted) and order.is_open %}{% endif %}",
        "{% if row.may_be_confirmed_by(me) and row.is_open %}{% endif %}",
    ],
)
def test_each_fault_is_found(line: str) -> None:
    assert len(faults_of(line)) == 1


@pytest.mark.parametrize(
    "line",
    [
        '<input value="{{ each.value }}">',
        "{% if line.is_part %}{% endif %}",
        "{{ tones[state.value] }}",
        '{% if can("QUOTE") and not can("DELIVER") %}{% endif %}',
        "{% if row.may_be_confirmed_by(me) %}{% endif %}",
        "{% if choose and each.may_be_handed %}{% endif %}",
        "{% if can_choose or can_stop %}{% endif %}",
        "{% if each.can_go and not missing %}{% endif %}",
    ],
)
def test_what_is_in_order_is_left_alone(line: str) -> None:
    assert faults_of(line) == []


# ---- The names by which the look above knows a right ----

EDGE = sorted(
    path
    for path in Path(workshop.__file__).parent.rglob("*.py")
    if path.name.endswith(("page.py", "views.py"))
)


def unnamed_rights(text: str) -> list[str]:
    """The truths about the reader's rights that a page is given under another kind of name."""
    given = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            given += [(key.value, value) for key, value in pairs if isinstance(key, ast.Constant)]
        elif isinstance(node, ast.Call):
            given += [(each.arg, each.value) for each in node.keywords if each.arg]
    return [
        str(name)
        for name, value in given
        if isinstance(value, ast.BoolOp) and _asks_rights(value)
        if not str(name).startswith(("can_", "may_"))
    ]


def _asks_rights(value: ast.expr) -> bool:
    calls = (each.func for each in ast.walk(value) if isinstance(each, ast.Call))
    return any(_called(each).startswith("may") for each in calls)


def _called(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


@pytest.mark.parametrize("path", EDGE, ids=lambda path: str(path.relative_to(EDGE[0].parents[1])))
def test_what_the_reader_may_is_named_so_for_its_page(path: Path) -> None:
    assert unnamed_rights(path.read_text(encoding="utf-8")) == []


def test_a_right_under_another_name_is_found() -> None:
    text = "page(sells=day == today and me().may(P.QUOTE), can_sell=is_open and me().may(P.QUOTE))"
    assert unnamed_rights(text) == ["sells"]
    assert unnamed_rights("x = {**more, 'edits': is_open and me().may(P.QUOTE)}") == ["edits"]
