"""Form fields that read what people type: full-width digits, blanks, units, ink."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from typing import Any, TypeVar

from flask_babel import lazy_gettext
from wtforms import DecimalField, Field, FloatField, IntegerField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import StopValidation
from wtforms.widgets import NumberInput

from workshop import characters, decimals
from workshop.characters import to_half_width
from workshop.errors import N_, Invalid

E = TypeVar("E", bound=Enum)

# PostgreSQL keeps whole numbers of 32 bits; nothing in a workshop is larger.
MOST = 2**31 - 1
_PNG = "data:image/png;base64,"


def half_width(text: str | None) -> str | None:
    """What a field for a code or a number holds, in half-width characters; outer blanks go."""
    return to_half_width(text).strip() if isinstance(text, str) else text


def plain_name(text: str | None) -> str | None:
    """What a field for a name holds: one blank between words, letters and digits half-width."""
    return characters.plain_name(text) if isinstance(text, str) else text


# What a field is for is told by its name, so that no form can forget how it is read.
_READS = (
    (re.compile(r"(?:^|_)name(?:_zh|_en)?$|^who$|^signature_typed$"), plain_name),
    (re.compile(r"(?:^|_)(?:plate|vin|phone|code|no|barcode|username)$"), half_width),
)


def readers_of(field: str) -> list[Callable[[str | None], str | None]]:
    """How a text field of this name is read, beside what every text is."""
    return [reader for name, reader in _READS if name.search(field)]


class WholeNumber(IntegerField):  # type: ignore[misc]  # WTForms ships no types.
    """A whole number, typed with full-width digits, blanks or thousands marks as people do."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Clean and read what was typed; what is no number stays typed."""
        self.data = None
        self.raw_data = valuelist
        plain = (half_width(valuelist[0]) or "") if valuelist else ""
        plain = plain.replace(",", "").replace(" ", "").removesuffix("km").removesuffix("%")
        if not plain:
            return
        self.data = decimals.read_scaled(plain, 0)
        if self.data is None:
            raise ValueError(N_("Write a whole number."))

    def pre_validate(self, _form: object) -> None:
        """Refuse a number that no record can hold; say only once that it is none at all."""
        if self.process_errors:
            raise StopValidation
        if self.data is not None and abs(self.data) > MOST:
            raise StopValidation(N_("This number is too large."))


# What the macro `field` does itself with what a page says of a field.
_LOOKS = {"class_", "prefix", "suffix", "wide", "big", "switch", "hide_label"}


def attributes(field: Field, hint: str | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """The HTML attributes of a field's control: what the page asks for, what helps to type, and
    which texts beside it a screen reader reads.
    """
    wanted = {name: value for name, value in given.items() if name not in _LOOKS}
    told = [f"{field.id}-hint"] * bool(hint) + [f"{field.id}-error"] * bool(field.errors)
    if field.errors:
        wanted["aria_invalid"] = "true"
    if told:
        wanted["aria_describedby"] = " ".join(told)
    return {**_helps_typing(field), **wanted, **_as_text(field)}


def _as_text(field: Field) -> dict[str, Any]:
    # A browser's own number field drops full-width digits, blanks and units.
    return {"type": "text"} if isinstance(field.widget, NumberInput) else {}


def _helps_typing(field: Field) -> dict[str, Any]:
    if not isinstance(field.widget, NumberInput):
        return {}
    has_fraction = isinstance(field, (DecimalField, FloatField))
    return {"inputmode": "decimal" if has_fraction else "numeric", "autocomplete": "off"}


def choices(members: Iterable[Enum]) -> list[SelectChoice]:
    """Members of an enum for a field; a select shows its labels as they are, so in his language."""
    return [SelectChoice(each.value, lazy_gettext(each.label)) for each in members]  # type: ignore[attr-defined]  # Each has one.


def member(kind: type[E], value: str | None) -> E | None:
    """The chosen member of an enum; None when none was chosen, or none of them."""
    return next((each for each in kind if each.value == value), None)


def signature_png(data_url: str | None) -> bytes | None:
    """The ink of a signature pad, posted as a data URL; None when the pad was left empty.

    Raises Invalid for anything else.
    """
    if not data_url:
        return None
    unread = Invalid(N_("The signature could not be read. Please sign again."), field="signature")
    if not data_url.startswith(_PNG):
        raise unread
    try:
        return base64.b64decode(data_url.removeprefix(_PNG), validate=True)
    except binascii.Error as error:
        raise unread from error
