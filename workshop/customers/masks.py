"""How much of a plate or a phone number is shown to those who need not know all of it.

Source: domain.md §7 (Privacy) and the lounge screen of step 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workshop.customers import rules


def mask_plate(plate: str, revealed: tuple[int, int] | None = None) -> str:
    """Return the plate for a public screen: 粤B·12•••5.

    `revealed` is how many characters of the serial are shown at its front and at its end; without
    it two and one. At least two stay hidden, and three dots always stand for them, however many
    they are.
    """
    head, serial = rules.parted_plate(plate)
    first, last = revealed or _usual(len(serial))
    if first + last > _most_shown(len(serial)):
        raise ValueError("A public screen hides at least two characters of a plate.")
    hidden = f"{serial[:first]}•••{serial[len(serial) - last :]}"
    return f"{head}·{hidden}" if head else hidden


def mask_plates(plates: Iterable[str], tickets: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return each plate with a mask that no other plate on the same screen fits.

    Where the usual mask fits two of them, other characters are shown; where that does not help,
    the vehicle's ticket is added, or its place in the list. A vehicle without a plate has only
    its ticket.
    """
    # Once each: every plate is compared with every other.
    parted = {plate: rules.parted_plate(plate) for plate in plates}
    return {
        plate: _own_mask(plate, parted) or _ticketed(plate, number, tickets or {})
        for number, plate in enumerate(parted, start=1)
    }


def _own_mask(plate: str, parted: Mapping[str, tuple[str, str]]) -> str | None:
    """Find the first mask of a plate that fits no other plate on the screen."""
    others = [other for each, other in parted.items() if each != plate]
    head, serial = parted[plate]
    if not serial:
        return None
    for first, last in _ways_to_show(len(serial)):
        shown = (head, serial[:first], serial[len(serial) - last :])
        if not any(_fits(shown, other) for other in others):
            return mask_plate(plate, (first, last))
    return None


def _fits(shown: tuple[str, str, str], other: tuple[str, str]) -> bool:
    """Say whether the owner of another plate could take the mask for his own."""
    head, front, end = shown
    return other[0] == head and other[1].startswith(front) and other[1].endswith(end)


def _ticketed(plate: str, number: int, tickets: Mapping[str, str]) -> str:
    ticket = tickets.get(plate, str(number))
    return f"{mask_plate(plate)} #{ticket}" if rules.normalise_plate(plate) else f"#{ticket}"


def _ways_to_show(length: int) -> list[tuple[int, int]]:
    """List what may be shown at the front and at the end: the usual first, one more at last."""
    usual = _usual(length)
    ways = [usual]
    for total in range(sum(usual), _most_shown(length) + 1):
        ways += [(first, total - first) for first in range(total, -1, -1)]
    return list(dict.fromkeys(ways))


def _usual(length: int) -> tuple[int, int]:
    shown = min(3, _most_shown(length))
    return (shown - 1, 1) if shown else (0, 0)


def _most_shown(length: int) -> int:
    return max(0, min(4, length - 2))


def mask_phone(phone: str) -> str:
    """Return a phone number for those who need not see it: 138****5678."""
    number = phone.partition("-")[0]
    shown = 4 if len(number) >= 11 else 2
    if len(number) < 7:
        return "****"
    return f"{number[: min(3, shown)]}****{number[-shown:]}"
