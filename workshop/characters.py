"""The full-width characters that a Chinese keyboard types."""

from __future__ import annotations

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def to_half_width(text: str) -> str:
    """The text with full-width letters, digits, signs and blanks made half-width.

    For codes and numbers: in sentences it would change the Chinese punctuation too.
    """
    return text.translate(_HALF_WIDTH)
