"""Characters: what cannot be seen, the full-width ones of a Chinese keyboard, a firm's credit code.

What cannot be seen is not part of a name, plate or code: two that look alike are alike.
"""

from __future__ import annotations

import re
import unicodedata

# Marks of direction, joiners, fillers, selectors of a variant, controls and halves of a pair.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160"
    "\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ud800-\udfff\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_ODD_BLANKS = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f]")
_LINE_ENDS = re.compile("[\x85\u2028\u2029]")


def seen(text: str) -> str:
    """The text as people see it: nothing in it that has no look, blanks and line ends plain.

    One sign that is written in two ways is one sign. Each text that somebody types goes through
    this at the edge.
    """
    if text.isascii() and text.isprintable():
        return text
    plain = _LINE_ENDS.sub("\n", _ODD_BLANKS.sub(" ", _UNSEEN.sub("", text)))
    return unicodedata.normalize("NFC", plain)


_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_LETTERS = {code: plain for code, plain in _HALF_WIDTH.items() if chr(plain).isalnum()}


def plain_name(text: str) -> str:
    """A name as it is kept: on one line, one blank between words, letters and digits half-width.

    Brackets and dots stay as they are typed: they are part of a firm's name.
    """
    return " ".join(seen(text).translate(_LETTERS).split())


def to_half_width(text: str) -> str:
    """The text with full-width letters, digits, signs and blanks made half-width; nothing unseen.

    For codes and numbers: in sentences it would change the Chinese punctuation too.
    """
    return seen(text).translate(_HALF_WIDTH)


CREDIT_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_LENGTH = 18


def is_social_credit_code(text: str) -> bool:
    """Say whether a text is a unified social credit code with a right check digit (GB 32100)."""
    code = to_half_width(text).strip().upper()
    if len(code) != _CREDIT_LENGTH or not set(code) <= set(CREDIT_SIGNS):
        return False
    total = sum(CREDIT_SIGNS.index(sign) * 3**place for place, sign in enumerate(code[:-1]))
    return CREDIT_SIGNS[-total % 31] == code[-1]
