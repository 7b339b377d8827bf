"""The names of all acts that the code writes into the audit trail, read from its syntax."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import workshop

_ROOT = Path(workshop.__file__).parent
_NAME = re.compile(r"[a-z]+\.[a-z_*]+")
Function = ast.FunctionDef


def acts_in_code() -> dict[str, str]:
    """Each name with the file that writes it; what is put together as it goes has a `*`."""
    trees = {path: ast.parse(path.read_text()) for path in sorted(_ROOT.rglob("*.py"))}
    found: dict[str, str] = {}
    # Functions that write what their caller names: (name, parameter, file).
    passed_on: set[tuple[str, str, Path]] = set()
    for path, function in _functions(trees):
        for call in _calls(function):
            if ast.unparse(call.func) == "audit.write":
                _read(call.args[1], function, path, found, passed_on)
    for name, parameter, origin in passed_on:
        for path, function in _functions(trees):
            for call in _calls(function):
                is_it = ast.unparse(call.func).rpartition(".")[2] == name
                if is_it and (path == origin or not name.startswith("_")):
                    _read_arguments(call, parameter, function, path, found)
    return found


def _functions(trees: dict[Path, ast.Module]) -> Iterator[tuple[Path, Function]]:
    for path, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                yield path, node


def _calls(function: Function) -> Iterator[ast.Call]:
    return (node for node in ast.walk(function) if isinstance(node, ast.Call))


def _read(
    name: ast.expr,
    function: Function,
    path: Path,
    found: dict[str, str],
    passed_on: set[tuple[str, str, Path]],
) -> None:
    words = _words(name) | _assigned(name, function)
    if not words:
        assert isinstance(name, ast.Name), f"{path}: {ast.unparse(name)} cannot be read"
        assert name.id in {each.arg for each in (*function.args.args, *function.args.kwonlyargs)}
        passed_on.add((function.name, name.id, path))
    found.update(dict.fromkeys(words, path.name))


def _read_arguments(
    call: ast.Call, parameter: str, function: Function, path: Path, found: dict[str, str]
) -> None:
    for each in (*call.args, *(keyword.value for keyword in call.keywords)):
        found.update(dict.fromkeys(_words(each), path.name))
        if isinstance(each, ast.Name) and each.id == parameter:
            found.update(dict.fromkeys(_assigned(each, function), path.name))


def _words(node: ast.expr) -> set[str]:
    if isinstance(node, ast.IfExp):
        return _words(node.body) | _words(node.orelse)
    text = ""
    if isinstance(node, ast.Constant):
        text = str(node.value)
    if isinstance(node, ast.JoinedStr):
        text = "".join(str(v.value) if isinstance(v, ast.Constant) else "*" for v in node.values)
    return {text} if _NAME.fullmatch(text) else set()


def _assigned(name: ast.expr, function: Function) -> set[str]:
    if not isinstance(name, ast.Name):
        return set()
    given = (node for node in ast.walk(function) if isinstance(node, ast.Assign))
    return {
        word
        for each in given
        if any(isinstance(target, ast.Name) and target.id == name.id for target in each.targets)
        for word in _words(each.value)
    }
