"""What pages are made of in the browser: one style sheet a face, scripts, icons, characters.

Whatever the build has made of a file (static/built: without comments, compressed once) is named
after the hash of its source, so that a source that was changed since is served itself.
"""

from __future__ import annotations

import hashlib
import mimetypes
import threading
import tomllib
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, abort, current_app, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from workshop.web import glyphs

BUILT = "built"
FACES = "faces.toml"
FONT = "vendor/pdf-fonts/NotoSansSC-Regular.ttf"
MOST_CHARACTERS = 600
"""So many fit into an address."""

_YEAR = 365 * 24 * 3600
# What a browser may accept, the smallest first.
_ENCODINGS = {"br": "br", "gzip": "gz"}
# Each holds the whole font in memory for a moment, and who asks for the same finds it cut.
_ONE_AT_A_TIME = threading.Lock()


def init_app(app: Flask) -> None:
    """Serve the files, and give templates `asset`, `icon_svg` and `draw_icon`."""
    app.view_functions["static"] = _serve
    # Macros are imported without a page's context: what they use must be global.
    app.jinja_env.globals.update(asset=asset, icon_svg=icon_svg, draw_icon=draw_icon)


def asset(name: str) -> str:
    """The address of a file, with the fingerprint of what it holds."""
    return url_for("static", filename=name, v=_fingerprint(_static(), name))


def icon_svg(name: str) -> Markup:
    """An icon's own drawing, to stand in the page."""
    return _icon(_static(), name)


def draw_icon(name: str, label: str | None = None) -> Markup:
    """An icon in its span: decoration unless it carries a label. A page draws dozens: no macro."""
    if not label:
        return _decoration(_static(), name)
    span = Markup('<span class="icon" role="img" aria-label="{}">{}</span>')
    return span.format(label, icon_svg(name))


def cut_font(codes: str) -> ResponseReturnValue:
    """A font with these characters alone, for who has no Chinese one (static/writing.js).

    `codes` are their numbers in base 36, each but the first as the distance from the one before.
    """
    font = _static() / FONT
    if not font.is_file() or codes.count(".") >= MOST_CHARACTERS:
        abort(404)
    try:
        with _ONE_AT_A_TIME:
            cut = _cut(font, codes)
        return Response(cut, mimetype="font/woff2")
    except (ValueError, OverflowError):
        abort(404)


def how_long() -> str:
    """How long a browser may keep the file that is being served."""
    # Only an address that carries the fingerprint may be kept for ever.
    return f"public, max-age={_YEAR}, immutable" if request.args.get("v") else "no-cache"


def _static() -> Path:
    return Path(str(current_app.static_folder))


@lru_cache(maxsize=64)
def _cut(font: Path, codes: str) -> bytes:
    characters, code = [], 0
    for each in codes.split("."):
        code += int(each, 36)
        characters.append(chr(code))
    return glyphs.cut(font, "".join(characters))


@lru_cache(maxsize=512)
def _icon(static: Path, name: str) -> Markup:
    path = static / "vendor" / "icons" / f"{name}.svg"
    if not path.is_file():
        raise LookupError(f"there is no icon {name}")
    # A file of the npm package that the lock pins; nobody's input.
    return Markup("<svg" + path.read_text(encoding="utf-8").split("<svg", 1)[1])


@lru_cache(maxsize=512)
def _decoration(static: Path, name: str) -> Markup:
    return Markup('<span class="icon" aria-hidden="true">{}</span>').format(_icon(static, name))


@lru_cache(maxsize=512)
def _fingerprint(static: Path, name: str) -> str:
    content = _source(static, name)
    return "missing" if content is None else hashlib.sha256(content).hexdigest()[:12]


def _source(static: Path, name: str) -> bytes | None:
    """What a file holds, or all files of a face; None when there is none."""
    parts = _faces(static).get(name)
    if parts is not None:
        return b"\n".join((static / part).read_bytes() for part in parts)
    path = static / name
    return path.read_bytes() if path.is_file() else None


@lru_cache(maxsize=4)
def _faces(static: Path) -> dict[str, list[str]]:
    """The parts of each face's style sheet."""
    listed = tomllib.loads((static / FACES).read_text(encoding="utf-8"))
    return {f"{face}.css": parts for face, parts in listed.items()}


def _serve(filename: str) -> ResponseReturnValue:
    static = _static()
    if filename in _faces(static) or (static / BUILT / filename).parent.is_dir():
        answer = _find_built(static, filename)
        if answer is not None:
            return answer.make_conditional(request)
    return current_app.send_static_file(filename)


def _find_built(static: Path, filename: str) -> Response | None:
    """What the build has made of the file, compressed if it may be; else a face put together."""
    mark = _fingerprint(static, filename)
    made = static / BUILT / f"{filename}.{mark}"
    kind = mimetypes.guess_type(filename)[0] or "application/octet-stream"
    for encoding in _accepted():
        path = made.with_name(f"{made.name}.{_ENCODINGS[encoding]}")
        if path.is_file():
            answer = Response(path.read_bytes(), mimetype=kind)
            answer.headers["Content-Encoding"] = encoding
            answer.set_etag(f"{mark}-{encoding}")
            return answer
    if filename not in _faces(static):
        return None
    content = made.read_bytes() if made.is_file() else _source(static, filename)
    answer = Response(content, mimetype=kind)
    answer.set_etag(mark)
    return answer


def _accepted() -> list[str]:
    return [each for each in _ENCODINGS if request.accept_encodings[each] > 0]
