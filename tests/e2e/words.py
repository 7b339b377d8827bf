"""The words that people read, looked up in the catalogue that ships with the shop."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

import workshop

_FOLDERS = {"zh_CN": "zh_Hans_CN", "en": "en"}


class Words:
    """What a msgid is in the language of whoever reads the page."""

    def __init__(self, locale: str) -> None:
        self.locale = locale

    def __call__(self, msgid: str, **values: object) -> str:
        """The words for a msgid, its values filled in; fails when nobody ever translated it."""
        message = _catalogue(self.locale).get(msgid)
        assert message is not None, f"no page says “{msgid}”"
        assert message.string, f"“{msgid}” is not translated"
        text = str(message.string)
        return text % values if values else text.replace("%%", "%")

    def either(self, zh: str, en: str) -> str:
        """The one of two names that the reader sees; for what the catalogue of goods names."""
        return zh if self.locale == "zh_CN" else en

    @property
    def browser(self) -> str:
        """The language that the browser asks for."""
        return self.either("zh-CN", "en-US")


@cache
def _catalogue(locale: str) -> Catalog:
    folder = Path(workshop.__file__).parent / "translations" / _FOLDERS[locale]
    with (folder / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=_FOLDERS[locale])
