"""What a cell of a table says of a customer or a car: phones, plates, a VIN.

The house's own rules judge them (rules.py); here is how people write several into one cell, and
what a spreadsheet does to a number. Source: domain.md §7.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from workshop.characters import plain_name, to_half_width
from workshop.customers import rules
from workshop.errors import N_, Invalid
from workshop.sheets.cells import (
    DIGITS_LOST,
    Cell,
    bare,
    has_lost_digits,
    is_empty,
    refused,
    shortened,
    warned,
)
from workshop.sheets.words import Words


@dataclass(frozen=True)
class Phones:
    """The numbers of a cell as they are kept, and the name that was written with them."""

    numbers: tuple[str, ...]
    name: str = ""


_SEVERAL = re.compile(r"[/、,，;；|\n]+|或|(?<=\d{7})\s+(?=1\d{10})")
_NAME_AND_NUMBER = re.compile(r"(?P<name>[^\d+()]*?)[\s:：]*(?P<number>[+(]?\d[\d\-\s()—转分机.]*)")
_NUMBER_AND_NAME = re.compile(r"(?P<number>[+(]?\d[\d\-\s()—.]*)[\s(:：]*(?P<name>[^\d+()]*)\)?")
# The area codes that a spreadsheet made a number of: 10 is Beijing, 755 is Shenzhen.
_WITHOUT_ZERO = re.compile(r"(?:10|2[0-9])[1-8][0-9]{7}|[3-9][0-9]{2}[2-8][0-9]{6,7}")


def phones(cell: str) -> Cell[Phones]:
    """The phone numbers of a cell, one or several, with or without a name: 张三13800138000.

    A landline that lost its leading zero is put right and flagged; one number that is none makes
    the cell refused.
    """
    if is_empty(cell):
        return Cell()
    if has_lost_digits(cell):
        return refused(DIGITS_LOST, text=shortened(cell))
    numbers: list[str] = []
    names: list[str] = []
    warning: Words | None = None
    for piece in filter(None, (each.strip() for each in _SEVERAL.split(bare(cell)))):
        read = _phone(piece, names)
        if read.value is None:
            return Cell(refusal=read.refusal)
        warning = warning or read.warning
        numbers += [read.value] if read.value not in numbers else []
    return Cell(Phones(tuple(numbers), " ".join(names)), warning)


def _phone(piece: str, names: list[str]) -> Cell[str]:
    plain = to_half_width(piece)
    for form in (_NAME_AND_NUMBER, _NUMBER_AND_NAME):
        if found := form.fullmatch(plain):
            names += [name] if (name := plain_name(found["name"])) else []
            return _number(found["number"].strip())
    return _number(piece)


def _number(text: str) -> Cell[str]:
    digits = re.sub(r"[\s\-()]|\.0$", "", text)
    try:
        if _WITHOUT_ZERO.fullmatch(digits):
            return warned(
                rules.normalise_phone(f"0{digits}"),
                N_("“%(text)s” has lost the 0 of its area code; it is put back."),
                text=shortened(text),
            )
        return Cell(rules.normalise_phone(text.removesuffix(".0")))
    except Invalid as error:
        return refused(error.message, **{**error.values, "text": shortened(text)})


_NO_PLATE = re.compile(
    r"未上牌照?|未挂牌|无牌照?|临牌|临时牌照?|新车|没有|待上牌|暂未上牌|no ?plate", re.IGNORECASE
)


def plates(cell: str) -> Cell[tuple[str, ...]]:
    """The plates of a cell, as they are kept; an odd one is flagged, 未上牌 is none.

    Two plates are two cars: the warning says so.
    """
    if is_empty(cell) or _NO_PLATE.fullmatch(bare(cell)):
        return Cell(())
    pieces = (rules.normalise_plate(each) for each in _SEVERAL.split(bare(cell)))
    found = tuple(dict.fromkeys(each for each in pieces if each))
    if len(found) > 1:
        return warned(found, N_("“%(text)s” names several cars."), text=shortened(cell))
    odd = next((said for said in map(rules.plate_warning, found) if said), None)
    return warned(found, odd) if odd else Cell(found)


VIN_LENGTH = 17


def vin(cell: str) -> Cell[str]:
    """A VIN as it is kept: one of a wrong length or with lost digits is refused.

    Of a car made elsewhere a wrong check digit is only flagged.
    """
    if is_empty(cell):
        return Cell()
    if has_lost_digits(cell):
        return refused(DIGITS_LOST, text=shortened(cell))
    plain = rules.normalise_vin(bare(cell))
    fault = rules.vin_fault(plain)
    if fault is None:
        return Cell(plain)
    severity, said = fault
    if severity is rules.Severity.ERROR or len(plain) != VIN_LENGTH:
        return refused(said)
    return warned(plain, said)
