"""What somebody typed, read without what nobody sees: for each field of each form and address."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Request
from werkzeug.datastructures import ImmutableMultiDict, MultiDict, iter_multi_items

from workshop import characters

# A password is what was typed, sign for sign.
_AS_TYPED = "password"


class Typed(ImmutableMultiDict[str, Any]):
    """The fields of a form or an address."""

    def __init__(self, sent: MultiDict[str, Any] | Iterable[tuple[str, Any]] | None = None) -> None:
        items = iter_multi_items(sent) if isinstance(sent, MultiDict) else sent or ()
        super().__init__([(key, _seen(key, value)) for key, value in items])


class TypedRequest(Request):
    """A request whose texts have one normal form, however a view reads them."""

    parameter_storage_class = Typed

    def _load_form_data(self) -> None:
        super()._load_form_data()
        # Our own forms give each field what it can read (web/forms.py); the sign-in library's
        # would take a file for a name.
        if self.blueprint == "security":
            self.__dict__["files"] = Typed()


def _seen(key: str, value: Any) -> Any:
    is_text = isinstance(value, str) and _AS_TYPED not in key
    return characters.seen(value) if is_text else value
