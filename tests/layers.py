"""What a file may know, told by its name (docs/architecture.md): faults of one file, in words."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "workshop"

# From the top of a package down; an import goes down, and never from view to view.
VIEWS, PAGE, BLUEPRINT, ACTS, GATES, QUERIES, SNAPSHOTS, MODELS, RULES = range(9)
NAMES = {
    VIEWS: r"(\w+_)?views|jobs",
    # `background` is what runs beside a request, in a session of its own.
    PAGE: r"(\w+_)?(page|pdf|forms)|sheets|background",
    BLUEPRINT: r"blueprint",
    GATES: r"gates",
    QUERIES: r"queries",
    SNAPSHOTS: r"snapshots",
    MODELS: r"models",
    RULES: r"rules|flow",
}
EDGE = (VIEWS, PAGE, BLUEPRINT)

# The frame around the packages: it makes the app, prints, listens and commits.
FRAME = {
    "app.py",
    "characters.py",
    "paging.py",
    "cli.py",
    "clock.py",
    "config.py",
    "decimals.py",
    "db.py",
    "doctor.py",
    "enums.py",
    "errors.py",
    "events.py",
    "later.py",
    "limits.py",
    "listing.py",
    "live.py",
    "logs.py",
    "money.py",
    "moving.py",
    "restoring.py",
    "together.py",
    "serving.py",
    "timers.py",
    "upgrading.py",
    "__init__.py",
}
# Furniture of the edge, the living demo, and migrations have rules of their own.
FRAME_FOLDERS = {"web", "paper", "demo", "migrations", "commands", "sockets", "kept"}
# What every page of a phone is sent with and answered by: furniture of the edge as well.
FURNITURE = {"phone/page.py"}
# Who is signed in is asked of the request, so these files are edge whatever their names.
EDGE_FILES = {
    "customers/shown.py",
    "staff/access.py",
    "staff/sessions/cookie.py",
    "track/cookie.py",
}
# They show what every step has, so they may use a step's page object.
SURFACES = {"book", "desk", "duties", "screen", "setup", "track", "trail"}

# The sign-in library's mixins and password hashes are no part of a page: staff may know it.
WEB = re.compile(
    r"(flask|flask_(?!security)\w+|wtforms|werkzeug|markupsafe|socketio)(\.|$)"
    r"|workshop\.(clock|web|staff\.access)(\.|$)"
)
# The one part of the page furniture that plain code may use.
VERSIONS = "workshop.web.versions"
FORBIDDEN_CALLS = {"clock.now", "db.commit", "db.rollback", "session.commit", "session.rollback"}


def list_files() -> list[Path]:
    """Every file that the layers speak of: all but the frame."""
    return [path for path in sorted(PACKAGE.rglob("*.py")) if not is_frame(path)]


def is_frame(path: Path) -> bool:
    """Whether the file belongs to the frame around the packages."""
    inside = path.relative_to(PACKAGE)
    return str(inside) in FRAME | FURNITURE or inside.parts[0] in FRAME_FOLDERS


def package_of(path: Path) -> str:
    """The package of a file: the step with all its rooms, or the folder below `workshop`."""
    parts = path.relative_to(PACKAGE).parts
    return "/".join(parts[:2]) if parts[0] == "steps" and len(parts) > 2 else parts[0]


def layer_of(path: Path) -> int:
    """The layer that the file's name tells; a file of plain words and arithmetic is rules."""
    named = (layer for layer, names in NAMES.items() if re.fullmatch(names, path.stem))
    layer = next(named, ACTS)
    return RULES if layer == ACTS and is_plain(path) else layer


@cache
def is_plain(path: Path) -> bool:
    """Whether a file knows no database: nothing but plain files of its package and the ground."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for module in imported(tree):
        if module.startswith(("sqlalchemy", "workshop.db")):
            return False
        file = file_of(module)
        if file is None or file == path or is_frame(file):
            continue
        if package_of(file) != package_of(path) or layer_of(file) != RULES:
            return False
    return True


def is_edge(path: Path) -> bool:
    """Whether the file may know Flask, the clock and the commit; a package's face is edge too."""
    inside = str(path.relative_to(PACKAGE))
    return path.stem == "__init__" or inside in EDGE_FILES or layer_of(path) in EDGE


def imported(tree: ast.AST) -> Iterator[str]:
    """The dotted names of what a file imports: modules where they are files, else their module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for each in node.names:
                whole = f"{node.module}.{each.name}"
                yield whole if file_of(whole) or each.name in PLAIN_NAMES else node.module


PLAIN_NAMES = {"clock", "web", "versions"}


def file_of(module: str) -> Path | None:
    """The file of a dotted name of ours; None for anything else."""
    if not module.startswith("workshop."):
        return None
    path = ROOT / module.replace(".", "/")
    for each in (path.with_suffix(".py"), path / "__init__.py"):
        if each.is_file():
            return each
    return None


def faults(path: Path, text: str) -> list[str]:
    """What is wrong with a file that reads so: one sentence each."""
    tree = ast.parse(text)
    found = [*_faults_of_core(path, tree)] if not is_edge(path) else []
    return [*found, *_faults_of_order(path, tree), *_faults_of_place(path, tree)]


def _faults_of_core(path: Path, tree: ast.AST) -> Iterator[str]:
    for module in imported(tree):
        if WEB.match(module) and module != VERSIONS:
            yield f"core imports {module}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in FORBIDDEN_CALLS:
            yield f"core calls {ast.unparse(node.func)}"


def _faults_of_order(path: Path, tree: ast.AST) -> Iterator[str]:
    if path.stem == "__init__":
        return
    mine, layer = package_of(path), layer_of(path)
    may_borrow = mine in SURFACES and is_edge(path)
    for module in imported(tree):
        file = file_of(module)
        if file is None or is_frame(file) or file.stem == "__init__":
            continue
        other = layer_of(file)
        if package_of(file) == mine:
            if other < layer or (other == layer == VIEWS):
                yield f"imports {module}, which lies above it"
        elif other in EDGE and not may_borrow:
            yield f"borrows {module} from another package's edge"


def _faults_of_place(path: Path, tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        is_gate = isinstance(node, ast.FunctionDef) and node.name.startswith("missing")
        if is_gate and path.stem != "gates":
            yield f"{ast.unparse(node).splitlines()[0]} belongs into gates.py"
        if isinstance(node, ast.ClassDef) and path.stem != "models":
            bases = {ast.unparse(base) for base in node.bases}
            if bases & {"Model", "db.Model"}:
                yield f"the table {node.name} belongs into models.py"
