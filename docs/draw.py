"""Draws docs/architecture.svg from the code: the floors, and which step reads which.

    python docs/draw.py           draws it again
    python docs/draw.py --check   says whether the picture is true, and exits with 1 when it is not

The floors come from the contract in pyproject.toml, the order of the steps and their rooms from the
folders, the words from the docstrings, and the arcs from the imports.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "workshop"
PICTURE = ROOT / "docs" / "architecture.svg"

WIDTH, MARGIN, GAP = 1180, 24, 10
BOX, STEP_BOX = 44, 106
DARK = (
    ".ground{fill:#16181d}.box{fill:#22262e;stroke:#4a5262}.step{fill:#1d3150;stroke:#5b86c4}"
    "text{fill:#e8eaee}.arc{stroke:#8fa3bf}"
)
FONT = "font-family='Noto Sans SC, Segoe UI, Helvetica, Arial, sans-serif'"


@dataclass(frozen=True)
class Box:
    """One package or file: its name, and what it is about."""

    name: str
    words: str
    rooms: tuple[str, ...] = ()


def floors() -> list[list[str]]:
    """The floors from the top, each a list of dotted names below `workshop`."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (layers,) = (each["layers"] for each in contracts if each["name"].startswith("Floors"))
    return [
        [one.strip().removeprefix("workshop.") for one in re.split("[:|]", row)] for row in layers
    ]


def steps() -> list[str]:
    """The steps in the order of the flow: the contract lists them from the last to the first."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    (layers,) = (each["layers"] for each in contracts if each["name"].startswith("Steps"))
    return list(reversed(layers))


def box_of(name: str) -> Box:
    """A package or file with the first sentence of its docstring and its rooms."""
    path = PACKAGE / name.replace(".", "/")
    source = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    words = ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or ""
    rooms: tuple[str, ...] = ()
    if path.is_dir():
        rooms = tuple(sorted(each.parent.name for each in path.glob("*/__init__.py")))
    return Box(name.rpartition(".")[2], words.splitlines()[0] if words else "", rooms)


def reads(step: str) -> Iterator[str]:
    """The other steps whose code this one imports."""
    pattern = re.compile(r"^from workshop\.steps\.(\w+)", re.MULTILINE)
    text = "\n".join(
        path.read_text(encoding="utf-8") for path in (PACKAGE / "steps" / step).rglob("*.py")
    )
    yield from sorted(set(pattern.findall(text)) - {step})


def draw() -> str:
    """The picture as SVG."""
    parts: list[str] = []
    y = MARGIN + 34
    rule = "An import goes down, never up. A later step may read an earlier one."
    parts.append(_text(MARGIN, MARGIN + 12, rule, 14))
    for row in floors():
        if row == ["steps"]:
            drawn, height = _draw_steps(y)
        else:
            drawn, height = _draw_floor([box_of(each) for each in row], y)
        parts += drawn
        y += height + GAP
    style = f"<style>@media(prefers-color-scheme:dark){{{DARK}}}</style>"
    head = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {y + MARGIN}' {FONT}>"
    ground = f"<rect class='ground' width='{WIDTH}' height='{y + MARGIN}' fill='#fff'/>"
    return "\n".join([head, style, ground, *parts, "</svg>", ""])


def _draw_floor(boxes: list[Box], y: float) -> tuple[list[str], float]:
    width = (WIDTH - 2 * MARGIN - GAP * (len(boxes) - 1)) / len(boxes)
    parts = []
    for place, box in enumerate(boxes):
        x = MARGIN + place * (width + GAP)
        parts.append(_rect("box", x, y, width, BOX, "#f3f5f8", "#b7c0cd"))
        parts.append(_text(x + 10, y + 18, box.name, 14, bold=True))
        parts.append(_text(x + 10, y + 35, _cut(box.words, width - 20, 10.5), 10.5))
    return parts, BOX


def _draw_steps(y: float) -> tuple[list[str], float]:
    names = steps()
    width = (WIDTH - 2 * MARGIN - GAP * (len(names) - 1)) / len(names)
    middle = {name: MARGIN + place * (width + GAP) + width / 2 for place, name in enumerate(names)}
    pairs = [(step, read) for step in names for read in reads(step) if read in middle]
    widest = max(abs(names.index(a) - names.index(b)) for a, b in pairs)
    top = y + 12 + 9 * widest
    parts = []
    for reader, read in pairs:
        far = abs(names.index(reader) - names.index(read))
        high, a, b = top - 10 - 9 * far, middle[reader] - 5, middle[read] + 5
        bend = f"M{a:.0f} {top:.0f} C{a:.0f} {high:.0f} {b:.0f} {high:.0f} {b:.0f} {top:.0f}"
        parts.append(f"<path class='arc' d='{bend}' fill='none' stroke='#7d8ea6'/>")
    for number, name in enumerate(names, 1):
        box, x = box_of(f"steps.{name}"), middle[name] - width / 2
        parts.append(_rect("step", x, top, width, STEP_BOX, "#e4eefb", "#6f97cf"))
        parts.append(_text(x + 8, top + 18, f"{number} {name}", 12.5, bold=True))
        for line, room in enumerate(_rows(box.rooms, width - 16)):
            parts.append(_text(x + 8, top + 36 + 14 * line, room, 10))
    return parts, top - y + STEP_BOX


def _rows(rooms: tuple[str, ...], width: float) -> list[str]:
    """The rooms' names in lines that fit."""
    lines: list[str] = []
    for room in rooms:
        longer = f"{lines[-1]} {room}" if lines else room
        if lines and len(longer) * 5.2 <= width:
            lines[-1] = longer
        else:
            lines.append(room)
    return lines


def _cut(words: str, width: float, size: float) -> str:
    most = int(width / (size * 0.5))
    return words if len(words) <= most else words[: most - 1].rsplit(" ", 1)[0] + " …"


def _rect(kind: str, x: float, y: float, width: float, height: float, fill: str, edge: str) -> str:
    place = f"x='{x:.1f}' y='{y:.1f}' width='{width:.1f}' height='{height}' rx='6'"
    return f"<rect class='{kind}' {place} fill='{fill}' stroke='{edge}'/>"


def _text(x: float, y: float, words: str, size: float, *, bold: bool = False) -> str:
    weight = " font-weight='600'" if bold else ""
    return f"<text x='{x:.1f}' y='{y:.1f}' font-size='{size}'{weight}>{escape(words)}</text>"


def main() -> int:
    """Draw, or check what is drawn."""
    drawn = draw()
    if "--check" in sys.argv:
        return 0 if PICTURE.is_file() and PICTURE.read_text(encoding="utf-8") == drawn else 1
    PICTURE.write_text(drawn, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
