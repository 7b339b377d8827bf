"""What a plate, a VIN, a phone number and a company code look like.

Source: domain.md §7. Plates only ever warn; a vehicle is known by its VIN.
"""

from __future__ import annotations

import re
from enum import Enum

import phonenumbers
import pypinyin

from workshop.characters import to_half_width
from workshop.enums import LabelledEnum
from workshop.errors import N_, Invalid


class PlateKind(LabelledEnum):
    """The forms a plate may have; `label` is the msgid for people."""

    ORDINARY = "ordinary", N_("Ordinary plate")
    SMALL_NEW_ENERGY = "small_new_energy", N_("New energy plate, small vehicle")
    LARGE_NEW_ENERGY = "large_new_energy", N_("New energy plate, large vehicle")
    SPECIAL = "special", N_("Special plate")
    ODD = "odd", N_("Unusual plate")
    NONE = "none", N_("No plate yet")


PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
# So many signs of a VIN are what people say of it.
TOLD_OF_VIN = 6
_SERIAL = "A-HJ-NP-Z0-9"
_ENERGY = "DABCEFGHJK"
_PLATE_FORMS = (
    (PlateKind.ORDINARY, rf"[{PROVINCES}][A-Z][{_SERIAL}]{{4}}[{_SERIAL}挂学警港澳]"),
    (PlateKind.SMALL_NEW_ENERGY, rf"[{PROVINCES}][A-Z][{_ENERGY}][{_SERIAL}][0-9]{{4}}"),
    (PlateKind.LARGE_NEW_ENERGY, rf"[{PROVINCES}][A-Z][0-9]{{5}}[{_ENERGY}]"),
    # Embassies, consulates; temporary, test and oversize plates; emergency services.
    (PlateKind.SPECIAL, r"使\d{6}|\d{6}使"),
    (PlateKind.SPECIAL, rf"[{PROVINCES}][A-Z]?[{_SERIAL}]{{4,6}}(?:[领临试超]|应急)"),
    (PlateKind.SPECIAL, rf"(?:临[{PROVINCES}][A-Z]?|[{PROVINCES}][A-Z]?临)[{_SERIAL}]{{4,6}}"),
    # Armed police, military, civil aviation.
    (
        PlateKind.SPECIAL,
        rf"WJ[{PROVINCES}]?\d{{4,5}}[A-Z0-9]?|[A-Z]{{2}}\d{{5}}|民航[A-Z]?\d{{4,5}}",
    ),
)


NO_PLATE = N_("Enter the plate, or the VIN of a car without one.")


def normalise_plate(text: str) -> str:
    """Return the plate as it is kept: half-width capitals without blanks, dots and hyphens."""
    return re.sub(r"[\s·•・.‧∙\-－—–]", "", to_half_width(text)).upper()


def plate_kind(plate: str) -> PlateKind:
    """Return the kind of a plate, normalised or not."""
    plain = normalise_plate(plate)
    if not plain:
        return PlateKind.NONE
    for kind, form in _PLATE_FORMS:
        if re.fullmatch(form, plain):
            return kind
    return PlateKind.ODD


def is_green_plate(plate: str) -> bool:
    """Whether the plate is painted green: one of a new-energy vehicle, small or large."""
    return plate_kind(plate) in (PlateKind.SMALL_NEW_ENERGY, PlateKind.LARGE_NEW_ENERGY)


def plate_warning(plate: str) -> str | None:
    """Return the msgid of a warning for the person who types the plate, None when it looks right.

    A warning never blocks: rare plates are real.
    """
    kind = plate_kind(plate)
    if kind is PlateKind.NONE:
        return N_("No plate yet: the vehicle is known by its VIN.")
    if kind is PlateKind.ODD:
        return N_("This plate has an unusual form. Please compare it with the vehicle licence.")
    return None


def show_plate(plate: str) -> str:
    """Return the plate as people read it, with a dot after the letter: 粤B·12345."""
    head, serial = parted_plate(plate)
    return f"{head}·{serial}" if head and serial else head + serial


def call_car(plate: str | None, vin: str | None) -> str:
    """How a car is called: by its plate as people read it, without one by the end of its VIN."""
    if plate:
        return show_plate(plate)
    return f"VIN …{vin[-TOLD_OF_VIN:]}" if vin else "—"


def parted_plate(plate: str) -> tuple[str, str]:
    """Return province and letter, and the serial; plates of other forms are all serial."""
    plain = normalise_plate(plate)
    has_head = re.match(rf"[{PROVINCES}][A-Z]", plain) is not None
    return (plain[:2], plain[2:]) if has_head else ("", plain)


class Severity(Enum):
    """How much a doubtful value matters: an error blocks, a warning is shown."""

    ERROR = "error"
    WARNING = "warning"


_VIN_VALUES = {
    sign: int(value)
    for sign, value in zip(
        "ABCDEFGHJKLMNPRSTUVWXYZ0123456789", "123456781234579234567890123456789", strict=True
    )
}
_VIN_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VIN_LENGTH = 17


def normalise_vin(text: str) -> str:
    """Return the VIN as it is kept: half-width capitals without blanks and hyphens."""
    return re.sub(r"[\s\-—–]", "", to_half_width(text)).upper()


def vin_fault(vin: str) -> tuple[Severity, str] | None:
    """Return what is wrong with a VIN as severity and msgid, None when it is right.

    China-made vehicles (L…) must satisfy ISO 3779 with its check digit; imports often do not, so
    they only warn. Signs that are neither letter nor digit are always an error.
    """
    plain = normalise_vin(vin)
    if not re.fullmatch(r"[A-Z0-9]+", plain):
        return Severity.ERROR, N_("A VIN has only letters and digits.")
    severity = Severity.ERROR if plain.startswith("L") else Severity.WARNING
    if len(plain) != _VIN_LENGTH:
        return severity, N_("A VIN has 17 characters.")
    if set(plain) & set("IOQ"):
        return severity, N_("A VIN has no letters I, O or Q; they are the digits 1 and 0.")
    if plain[8] != _vin_check_digit(plain):
        return severity, N_("The check digit of this VIN is wrong. Please compare it once more.")
    return None


def checked_vin(vin: str | None) -> str | None:
    """The VIN as it is kept, if any; raises Invalid for a wrong one of a China-made car."""
    plain = normalise_vin(vin or "")
    if not plain:
        return None
    fault = vin_fault(plain)
    if fault is not None and fault[0] is Severity.ERROR:
        raise Invalid(fault[1], field="vin")
    return plain


def warnings(plate: str | None, vin: str | None) -> list[str]:
    """Return the msgids of what looks odd about a car's plate and VIN; it never blocks."""
    fault = vin_fault(vin) if vin else None
    found = [plate_warning(plate or ""), fault[1] if fault else None]
    return [warning for warning in found if warning]


def _vin_check_digit(vin: str) -> str:
    total = sum(_VIN_VALUES[sign] * weight for sign, weight in zip(vin, _VIN_WEIGHTS, strict=True))
    return "0123456789X"[total % 11]


# The library's list of mobile prefixes is younger than the newest one in use, so mobiles go by
# the rule of domain.md §7.
_MOBILE = re.compile(r"(?:\+86|0086|86)?(1[3-9]\d{9})")
_CHINA = 86
NO_PHONE = N_("Enter a phone number.")
NO_NAME = N_("Enter the customer's name.")


def normalise_phone(text: str, field: str | None = None) -> str:
    """Return a phone number as it is kept, as text of digits.

    A mobile is 13812345678, a landline 075588886666 (an extension follows as -801), a number of
    another country +85291234567. `field` is named in the refusal. Raises Invalid.
    """
    plain = re.sub(r"[\s\-()—–]", "", to_half_width(text))
    if mobile := _MOBILE.fullmatch(plain):
        return mobile[1]
    try:
        number = phonenumbers.parse(_for_library(text), "CN")
    except phonenumbers.NumberParseException as error:
        raise _no_phone(text, field) from error
    if not phonenumbers.is_valid_number(number):
        raise _no_phone(text, field)
    return _kept_phone(number)


def _for_library(text: str) -> str:
    """Spell the ways that Chinese write a prefix and an extension as the library knows them."""
    plain = re.sub(r"转|分机", " ext. ", to_half_width(text).strip())
    plain = re.sub(r"(\d{7,8})-(\d{1,6})$", r"\1 ext. \2", plain)
    return re.sub(r"^00(?=[1-9])", "+", plain)


def _kept_phone(number: phonenumbers.PhoneNumber) -> str:
    if number.country_code != _CHINA:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    # The national way of writing has the leading zero of an area code where there is one.
    written = phonenumbers.format_national_number_with_carrier_code(number, "")
    digits = re.sub(r"\D", "", written.split("ext", 1)[0].removesuffix(number.extension or ""))
    return f"{digits}-{number.extension}" if number.extension else digits


def _no_phone(text: str, field: str | None) -> Invalid:
    if not text.strip():
        return Invalid(NO_PHONE, field=field)
    return Invalid(
        N_(
            "“%(text)s” is not a phone number. Write a mobile like 13812345678 or a landline with "
            "its area code like 0755-88886666."
        ),
        field=field,
        text=text,
    )


# Where a character is read otherwise in a surname than in a word. Longer names are a company's.
_LONGEST_PERSON = 4
# fmt: off
_SURNAME_INITIALS = {
    "单": "s", "曾": "z", "仇": "q", "解": "x", "区": "o", "查": "z", "翟": "z", "覃": "q",
    "种": "c", "召": "s", "祭": "z", "员": "y", "折": "s", "秘": "b", "乐": "y",
    "尉迟": "yc", "万俟": "mq", "长孙": "zs", "单于": "cy", "澹台": "tt",
}
# fmt: on


def pinyin_initials(name: str) -> str:
    """Return the initials to search a name by, in small letters: 曾小贤 is zxx, 58同城 is 58tc.

    Latin words give their first letter; other signs are left out.
    """
    plain = to_half_width(name).strip().lower()
    for length in (2, 1) if len(plain) <= _LONGEST_PERSON else ():
        if initials := _SURNAME_INITIALS.get(plain[:length]):
            return initials + _initials(plain[length:])
    return _initials(plain)


def _initials(text: str) -> str:
    return "".join(_initial(run) for run in re.findall(r"[a-z]+|\d+|[^\W\d_a-z]+", text))


def _initial(run: str) -> str:
    if run.isascii():
        return run if run.isdigit() else run[0]
    syllables = pypinyin.lazy_pinyin(run, style=pypinyin.Style.FIRST_LETTER, errors="ignore")
    return "".join(syllables)
