"""How what somebody types is compared with the words that were cut."""

from __future__ import annotations

_SMALL = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")


def plain(text: str, longest: int) -> str:
    """The text with small Latin letters, as the database cuts it; what is too long is cut off."""
    return text.translate(_SMALL)[:longest]
