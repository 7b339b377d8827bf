"""Which functions a function can reach by the names in it, read from the code's syntax."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path

import workshop

_ROOT = Path(workshop.__file__).parent
# What lies behind these is no act of a shop: the made-up one, the upgrade with its own copies, and
# the app, which only puts together what a request may call.
_LEFT_OUT = ("workshop.demo.", "workshop.migrations.", "workshop.app")
Place = tuple[str, str]


@dataclass
class Module:
    """What its names stand for: own definitions, other modules, and things of theirs."""

    defined: dict[str, ast.stmt] = field(default_factory=dict)
    modules: dict[str, str] = field(default_factory=dict)
    things: dict[str, Place] = field(default_factory=dict)


class Code:
    """The whole program, by its modules."""

    def __init__(self) -> None:
        self.texts = {_name_of(path): path.read_text() for path in sorted(_ROOT.rglob("*.py"))}
        self.modules = {name: self._read(text) for name, text in self.texts.items()}

    def with_more(self, name: str, text: str) -> Code:
        """The program as it would be with more text at the end of one module."""
        other = copy(self)
        other.modules = self.modules | {name: self._read(self.texts[name] + text)}
        return other

    def reached(self, roots: Iterable[Place]) -> dict[Place, Place | None]:
        """What can be reached, each with the place that names it."""
        found: dict[Place, Place | None] = dict.fromkeys(roots)
        waiting = list(found)
        while waiting:
            place = waiting.pop()
            for named in self._named_at(place):
                if named not in found and not named[0].startswith(_LEFT_OUT):
                    found[named] = place
                    waiting.append(named)
        return found

    def _read(self, text: str) -> Module:
        module, tree = Module(), ast.parse(text)
        for statement in tree.body:
            module.defined |= dict.fromkeys(_defined_by(statement), statement)
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                for each in node.names:
                    whole, name = f"{node.module}.{each.name}", each.asname or each.name
                    if whole in self.texts:
                        module.modules[name] = whole
                    else:
                        module.things[name] = (node.module, each.name)
        return module

    def words_at(self, place: Place) -> set[str]:
        """The text constants at a place."""
        nodes = ast.walk(self.modules[place[0]].defined[place[1]])
        values = [each.value for each in nodes if isinstance(each, ast.Constant)]
        return {each for each in values if isinstance(each, str)}

    def _named_at(self, place: Place) -> Iterator[Place]:
        module = self.modules[place[0]]
        for node in ast.walk(module.defined[place[1]]):
            if isinstance(node, ast.Name):
                yield from self._meaning(place[0], node.id)
            elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                yield from self._meaning(module.modules.get(node.value.id, ""), node.attr)

    def _meaning(self, name: str, word: str) -> Iterator[Place]:
        """Where a word of a module is defined; a face passes on what its rooms define."""
        module = self.modules.get(name)
        if module is None:
            return
        if word in module.defined:
            yield name, word
        elif word in module.things:
            yield from self._meaning(*module.things[word])


def _name_of(path: Path) -> str:
    parts = ["workshop", *path.relative_to(_ROOT).with_suffix("").parts]
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _defined_by(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [each.id for each in targets if isinstance(each, ast.Name)]
