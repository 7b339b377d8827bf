"""Whether what a shop says of itself can be true: its credit code and its time zone."""

from __future__ import annotations

from zoneinfo import available_timezones

from workshop import characters
from workshop.errors import N_, Invalid

CREDIT_LENGTH = 18

# Where such a shop may stand, the usual ones first; any other one that the computer knows is kept.
ZONES = (
    "Asia/Shanghai",
    "Asia/Urumqi",
    "Asia/Hong_Kong",
    "Asia/Taipei",
    "Asia/Singapore",
    "Asia/Tokyo",
    "Asia/Bangkok",
    "Asia/Dubai",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "Australia/Sydney",
)


def check_zone(zone: str) -> None:
    """Raise Invalid for a time zone that this computer does not know."""
    if zone not in available_timezones():
        raise Invalid(
            N_("“%(zone)s” is no time zone. Write one like Asia/Shanghai."), field="zone", zone=zone
        )


def checked_credit_code(code: str) -> str:
    """The unified social credit code as it is kept; empty when there is none.

    Raises Invalid that says what is wrong with it: its length, a sign, or its last one.
    """
    plain = characters.to_half_width(code).strip().upper().replace(" ", "").replace("-", "")
    if not plain or characters.is_social_credit_code(plain):
        return plain
    raise _fault(plain)


def _fault(plain: str) -> Invalid:
    field = "credit_code"
    if len(plain) != CREDIT_LENGTH:
        return Invalid(
            N_("The credit code has %(count)s characters; it must have 18."),
            field=field,
            count=len(plain),
        )
    strange = sorted(set(plain) - set(characters.CREDIT_SIGNS))
    if strange:
        return Invalid(
            N_("%(signs)s never stands in a credit code: it has no I, O, S, V and Z."),
            field=field,
            signs=" ".join(strange),
        )
    return Invalid(
        N_("The last character does not fit the others: look for a slip in the credit code."),
        field=field,
    )
