"""What of a customer's data the reader of a page or paper sees: whole for whom it is needed."""

from __future__ import annotations

from markupsafe import Markup

from workshop.customers import masks
from workshop.staff import access
from workshop.staff.permissions import Permission

# Who calls customers: by trade, or because they wait in the lounge and go out.
_CALL = frozenset({Permission.VIEW_CUSTOMERS, Permission.CARE})


def phone(number: str | None) -> str:
    """The number: whole for who calls customers, else masked.

    Nobody is signed in where customers read their own paper by their own link.
    """
    reader = access.find_me()
    if not number or reader is None or reader.rights & _CALL:
        return number or ""
    return masks.mask_phone(number)


def phone_link(number: str | None) -> str:
    """The number to tap, for who may call it."""
    shown = phone(number)
    if not shown or shown != number:
        return shown
    return Markup('<a class="cell-sub num" href="tel:{0}">{0}</a>').format(shown)


def ink(png: bytes | None) -> bytes | None:
    """A signature's picture: only for who deals with the customer; others read who signed when."""
    reader = access.find_me()
    return png if reader is None or reader.rights & _CALL else None


FILTERS = {"phone": phone, "phone_link": phone_link}
