"""Characters: the full-width ones that a Chinese keyboard types, and the credit code of a firm."""

from __future__ import annotations

_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def to_half_width(text: str) -> str:
    """The text with full-width letters, digits, signs and blanks made half-width.

    For codes and numbers: in sentences it would change the Chinese punctuation too.
    """
    return text.translate(_HALF_WIDTH)


CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_LENGTH = 18


def is_social_credit_code(text: str) -> bool:
    """Say whether a text is a unified social credit code with a right check digit (GB 32100)."""
    code = to_half_width(text).strip().upper()
    if len(code) != _CREDIT_LENGTH or not set(code) <= set(CREDIT_SIGNS):
        return False
    total = sum(CREDIT_SIGNS.index(sign) * 3**place for place, sign in enumerate(code[:-1]))
    return CREDIT_SIGNS[-total % 31] == code[-1]
