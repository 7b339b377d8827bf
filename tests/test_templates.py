"""Templates show what the page object says: lines that can be read, and nothing decided in them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parent.parent / "templates"
ALL = sorted(TEMPLATES.rglob("*.html"))

# What is still to be put in order: folders, and pages of the frame. One leaves, none comes.
TO_DO = frozenset(
    {
        "_locale.html",
        "_palette.html",
        "_phone_menu.html",
        "_user_menu.html",
        "base.html",
        "customer.html",
        "demo",
        "desk",
        "error.html",
        "followup",
        "handover",
        "macros",
        "phone.html",
        "scheduling",
        "screen",
        "settlement",
        "shop",
        "staff",
        "track",
    }
)

LONGEST_LINE = 160
# A stage, a state or an amount is compared by who knows what it means: the page object.
COMPARED_VALUE = re.compile(r"\.value\s*(==|!=|(not )?in\b)|[!=]=\s*[\w.]+\.value\b")
APPENDED = re.compile(r"\.append\(")


def folder_of(template: Path) -> str:
    return template.relative_to(TEMPLATES).parts[0]


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
    return found


@pytest.mark.parametrize(
    "template",
    [each for each in ALL if folder_of(each) not in TO_DO],
    ids=lambda path: str(path.relative_to(TEMPLATES)),
)
def test_a_template_is_readable_and_decides_nothing(template: Path) -> None:
    assert faults_of(template.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("folder", sorted(TO_DO))
def test_a_folder_that_is_in_order_leaves_the_list(folder: str) -> None:
    templates = [each for each in ALL if folder_of(each) == folder]
    assert any(faults_of(each.read_text(encoding="utf-8")) for each in templates)


@pytest.mark.parametrize(
    "line",
    [
        "{% if order.stage.value == 'repair' %}",
        '{% if "red" == each.urgency.value %}',
        "{% if payer.value != line.payer.value %}",
        "{% if case.state.value in ('open', 'planned') %}",
        "{% set _ignored = options.append(part) %}",
        "x" * (LONGEST_LINE + 1),
    ],
)
def test_each_fault_is_found(line: str) -> None:
    assert len(faults_of(line)) == 1


@pytest.mark.parametrize(
    "line",
    ['<input value="{{ each.value }}">', "{% if line.is_part %}", "{{ tones[state.value] }}"],
)
def test_what_is_in_order_is_left_alone(line: str) -> None:
    assert faults_of(line) == []
