"""The documents say what is true: the picture, the links, the rules' numbers."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]


def test_the_picture_of_the_architecture_is_drawn_from_this_code() -> None:
    command = [sys.executable, "docs/draw.py", "--check"]
    answer = subprocess.run(command, cwd=ROOT, check=False)
    assert answer.returncode == 0, "run: python docs/draw.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_link_inside_the_repository_leads_somewhere(page: Path) -> None:
    for link in re.findall(r"\]\((?!https?:|#)([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        assert (page.parent / link).exists(), link


def test_every_number_that_the_code_names_stands_in_the_rules() -> None:
    rules = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    known = set(re.findall(r"^\| ([NRP]\d+) \|", rules, re.MULTILINE))
    assert len(known) == 25 + 21 + 22
    for path in (ROOT / "workshop").rglob("*.py"):
        if "migrations" not in path.parts:
            text = path.read_text(encoding="utf-8")
            named = set(re.findall(r"\b([NRP]\d{1,2})\b(?!\d)", text))
            assert named <= known, f"{path}: {named - known}"


def test_each_question_of_a_newcomer_leads_to_a_function_that_is_there() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| [^|]+ \| `(workshop/[\w/.]+)` \| `(\w+)` \|$", text, re.MULTILINE)
    assert len(rows) == 24
    for file, function in rows:
        code = (ROOT / file).read_text(encoding="utf-8")
        assert f"def {function}(" in code, f"{function} is not in {file} any more"


def test_a_file_that_the_documents_name_is_there() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for name in re.findall(r"`((?:workshop|tests|docs|static|templates)/[\w/.-]+)`", text):
            assert (ROOT / name).exists(), f"{page.name} names {name}"
