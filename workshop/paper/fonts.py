"""The embedded fonts, loaded once a process."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Collection
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


# Letters with a stroke through them are not letters with an accent to Unicode.
_PLAIN = {"ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "ŧ": "t", "Ŧ": "T"}


class _Readable(dict[int, str]):
    """What is printed for a character: itself, or what says honestly which one is meant."""

    def __init__(self, known: Collection[int]) -> None:
        super().__init__()
        self.known = known

    def __missing__(self, code: int) -> str:
        self[code] = self._read(chr(code))
        return self[code]

    def _read(self, sign: str) -> str:
        if ord(sign) in self.known:
            return sign
        if sign.isspace():
            return " "
        if unicodedata.category(sign) in ("Cc", "Cf", "Mn", "Me"):
            return ""
        plain = _PLAIN.get(sign) or _without_accents(sign)
        if plain and all(ord(each) in self.known for each in plain):
            return plain
        return f"〔U+{ord(sign):04X}〕"


def _without_accents(sign: str) -> str:
    parted = unicodedata.normalize("NFKD", sign)
    return "".join(each for each in parted if not unicodedata.combining(each))


class _Font(TTFont):  # type: ignore[misc]  # reportlab ships no types.
    """A font that prints no empty box, and whose rare characters can be copied from the paper."""

    def __init__(self, name: str, path: Path) -> None:
        super().__init__(name, path)
        self.readable = _Readable(self.face.charToGlyph)

    def stringWidth(self, text: str | bytes, size: float, encoding: str = "utf8") -> float:  # noqa: N802 - reportlab's name.
        """How wide the text is as it will be printed."""
        return float(super().stringWidth(self._printed(text, encoding), size, encoding))

    def splitString(self, text: str | bytes, doc: Any, encoding: str = "utf-8") -> Any:  # noqa: N802 - reportlab's name.
        """The text as the document's parts of this font."""
        return super().splitString(self._printed(text, encoding), doc, encoding)

    def _printed(self, text: str | bytes, encoding: str) -> str:
        return (text if isinstance(text, str) else text.decode(encoding)).translate(self.readable)

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
