"""Lucide icons, as they stand in a page."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

from markupsafe import Markup


def drawers(folder: Path) -> dict[str, Callable[..., Markup]]:
    """The two functions by which templates draw an icon of this folder: bare, and in its span."""

    @lru_cache(maxsize=512)
    def icon_svg(name: str) -> Markup:
        path = folder / f"{name}.svg"
        if not path.is_file():
            raise LookupError(f"there is no icon {name}")
        # A file of the npm package that the lock pins; nobody's input.
        return Markup("<svg" + path.read_text(encoding="utf-8").split("<svg", 1)[1])

    @lru_cache(maxsize=512)
    def decoration(name: str) -> Markup:
        return Markup('<span class="icon" aria-hidden="true">{}</span>').format(icon_svg(name))

    def icon(name: str, label: str | None = None) -> Markup:
        """Decoration unless it carries a label of its own. A page draws dozens: no macro."""
        if not label:
            return decoration(name)
        span = Markup('<span class="icon" role="img" aria-label="{}">{}</span>')
        return span.format(label, icon_svg(name))

    return {"icon_svg": icon_svg, "draw_icon": icon}
