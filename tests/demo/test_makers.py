"""What only the demo can make does not exist: a press, a timer or a command makes every record."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

import workshop
from workshop import db

ROOT = Path(workshop.__file__).parent
# Made by the library of the sign-in, by triggers, and by no row of its own: a view of other tables.
MADE_ELSEWHERE = {"Passkey", "SearchWord", "TakenTime"}
# Written in bulk from files of an old system (`setup/imports`), by table and not by record.
MADE_BY_IMPORTS = {
    "CustomerNumber",
    "ImportChange",
    "ImportKept",
    "ImportRow",
    "PastLine",
    "PastVisit",
}
_BEGINNINGS = ("views.py", "jobs.py", "cookie.py", "adapters.py")
_FRAME = {"app.py", "cli.py", "live.py", "timers.py", "upgrading.py"}


def _functions() -> Iterator[tuple[Path, ast.FunctionDef]]:
    for path in ROOT.rglob("*.py"):
        if "demo" in path.relative_to(ROOT).parts:
            continue
        for each in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(each, ast.FunctionDef):
                yield path, each


def _last_names(nodes: Iterable[ast.AST]) -> set[str]:
    names = (each.id if isinstance(each, ast.Name) else getattr(each, "attr", "") for each in nodes)
    return {name for name in names if name}


def _named(function: ast.FunctionDef) -> set[str]:
    """Everything that the function calls or hands on, by its last name."""
    return _last_names(ast.walk(function))


def _called(function: ast.FunctionDef) -> set[str]:
    return _last_names(each.func for each in ast.walk(function) if isinstance(each, ast.Call))


def _is_beginning(path: Path) -> bool:
    return path.name.endswith(_BEGINNINGS) or (path.parent == ROOT and path.name in _FRAME)


def test_every_record_is_made_from_a_page_a_timer_or_a_command() -> None:
    # given
    named: dict[str, set[str]] = defaultdict(set)
    called: dict[str, set[str]] = defaultdict(set)
    waiting: set[str] = set()
    for path, function in _functions():
        named[function.name] |= _named(function)
        called[function.name] |= _called(function)
        if _is_beginning(path):
            waiting.add(function.name)
    # when
    reached: set[str] = set()
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting |= {each for each in named.get(name, ()) if each in named} - reached
    made = {each for name in reached for each in called[name]}
    # then
    records = {mapper.class_.__name__ for mapper in db.Model.registry.mappers}
    assert len(records) > 100
    assert records - made == MADE_ELSEWHERE | MADE_BY_IMPORTS
