"""Puts the style sheet of each face together, and makes the scripts smaller, compressed once.

What it writes below static/built is named after the hash of its source: the server takes it while
the source is still the same (workshop/web/assets.py), and serves the source itself otherwise.
"""

from __future__ import annotations

import gzip
import hashlib
import re
import shutil
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import brotli

BUILT = Path("static/built")
FACES = "faces.toml"
# What is small already when it comes.
_VENDOR = ("vendor/htmx.min.js", "vendor/socket.io.min.js")

_STRING = re.compile(r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')""")


def put_together(root: Path) -> list[Path]:
    """Write what pages need from static/ anew; return what was written."""
    shutil.rmtree(root / BUILT, ignore_errors=True)
    written = []
    for name, source, small in _list(root / "static"):
        mark = hashlib.sha256(source).hexdigest()[:12]
        target = root / BUILT / f"{name}.{mark}"
        target.parent.mkdir(parents=True, exist_ok=True)
        content = small(source.decode()).encode()
        for path, made in (
            (target, content),
            (target.with_name(f"{target.name}.br"), brotli.compress(content)),
            (target.with_name(f"{target.name}.gz"), gzip.compress(content, 9, mtime=0)),
        ):
            path.write_bytes(made)
            written.append(path)
    return written


def _list(static: Path) -> Iterator[tuple[str, bytes, Callable[[str], str]]]:
    """The name of each file that is made, its source, and how it becomes smaller."""
    for face, parts in tomllib.loads((static / FACES).read_text(encoding="utf-8")).items():
        yield f"{face}.css", b"\n".join((static / part).read_bytes() for part in parts), small_style
    for path in sorted(static.rglob("*.js")):
        name = path.relative_to(static).as_posix()
        if not name.startswith(("vendor/", "built/")):
            yield name, path.read_bytes(), small_script
    for name in _VENDOR:
        if (static / name).is_file():
            yield name, (static / name).read_bytes(), str


def small_style(text: str) -> str:
    """A style sheet without comments and needless blanks; strings stay as they are."""
    pieces = _STRING.split(re.sub(r"/\*.*?\*/", "", text, flags=re.S))
    return "".join(piece if n % 2 else _squeeze(piece) for n, piece in enumerate(pieces)).strip()


def _squeeze(piece: str) -> str:
    return re.sub(r"\s*([{};])\s*|(,)\s+", r"\1\2", re.sub(r"\s+", " ", piece)).replace(";}", "}")


def small_script(text: str) -> str:
    """A script without its whole-line comments and indents, where no text runs over lines."""
    if any(line.count("`") % 2 for line in text.splitlines()):
        return text
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//")) + "\n"
