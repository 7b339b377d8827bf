"""The embedded fonts, loaded once a process."""

from __future__ import annotations

import threading
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

import workshop
from workshop.errors import N_, WorkshopError

REGULAR = "NotoSansSC-Regular"
BOLD = "NotoSansSC-Bold"

_PACKAGE = Path(workshop.__file__).parent
# A wheel carries static/ inside the package, a checkout has it beside the package.
FOLDERS = tuple(root / "static" / "vendor" / "pdf-fonts" for root in (_PACKAGE, _PACKAGE.parent))
_registering = threading.Lock()


class FontsMissing(WorkshopError):
    """The installation lacks the fonts, so nothing can be printed."""

    code = "fonts_missing"


def register() -> None:
    """Load and register both weights unless this process has them already.

    Safe to call from several threads. Raises FontsMissing.
    """
    with _registering:
        if BOLD in pdfmetrics.getRegisteredFontNames():
            return
        paths = {name: font_path(name) for name in (REGULAR, BOLD)}
        for name, path in paths.items():
            pdfmetrics.registerFont(TTFont(name, path))


def font_path(name: str) -> Path:
    """Return where a font lies, in a checkout or in an installed wheel. Raises FontsMissing."""
    for folder in FOLDERS:
        path = folder / f"{name}.ttf"
        if path.is_file():
            return path
    raise FontsMissing(
        N_(
            "The font %(file)s for printed paper is missing. Install the program again, with a "
            "connection to the package registries; that brings the fonts."
        ),
        file=f"{name}.ttf",
    )
