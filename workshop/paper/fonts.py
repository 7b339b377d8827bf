"""The embedded fonts, loaded once a process."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Any

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
    """The fonts are not installed, so nothing can be printed."""

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
            pdfmetrics.registerFont(_Font(name, path))


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


class _Font(TTFont):  # type: ignore[misc]  # reportlab ships no types.
    """A font whose rare characters can be copied from the paper, too."""

    def addObjects(self, doc: Any) -> None:  # noqa: N802 - reportlab's name.
        """Add the font to a document; characters beyond U+FFFF are named as PDF wants them.

        reportlab writes them as five digits, and a reader takes the first four for another one.
        """
        super().addObjects(doc)
        for name, stream in doc.idToObject.items():
            if name.startswith("toUnicodeCMap:"):
                stream.content = re.sub("<([0-9A-F]{5,6})>", _surrogates, stream.content)


def _surrogates(found: re.Match[str]) -> str:
    return f"<{chr(int(found[1], 16)).encode('utf-16-be').hex().upper()}>"
