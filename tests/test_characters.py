"""What a Chinese keyboard types into a code or a number."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from workshop import characters

# What has no look on a page, listed by hand: joiners, marks of direction, fillers, selectors.
UNSEEN = (
    "\x00\x07\x1b\x7f\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202e"
    "\u2060\u2064\u2066\u2069\u2800\u3164\ufe0f\ufeff\uffa0\ufffb\U000e0001\U000e0041\ud800"
)

_NO_LOOK = ("Cc", "Cf", "Cs")
_DRAWN = ("AN", "AL", "L")


@pytest.mark.parametrize("sign", UNSEEN, ids=lambda sign: f"{ord(sign):x}")
def test_what_cannot_be_seen_is_no_part_of_a_text(sign: str) -> None:
    assert characters.seen(f"王{sign}伟{sign}") == "王伟"
    assert characters.to_half_width(f"粤B{sign}1") == "粤B1"
    assert characters.plain_name(f"{sign}王伟") == "王伟"


def test_nothing_that_has_no_look_is_left() -> None:
    """Of all signs there are; the marks of format that stay are drawn around digits."""
    signs = "".join(map(chr, range(sys.maxunicode + 1)))
    left = {sign for sign in characters.seen(signs) if unicodedata.category(sign) in _NO_LOOK}
    drawn = {sign for sign in left if unicodedata.bidirectional(sign) in _DRAWN}
    assert left - drawn == {"\t", "\n", "\r"}


@pytest.mark.parametrize("blank", "\xa0\u2003\u2009\u202f\u205f")
def test_odd_blanks_are_blanks(blank: str) -> None:
    assert characters.seen(f"A{blank}B") == "A B"


def test_a_line_ends_in_one_way_and_one_sign_is_one_sign() -> None:
    assert characters.seen("a\u2028b\u2029c\x85d") == "a\nb\nc\nd"
    assert characters.seen("e\u0301") == "\xe9"


def test_a_name_has_plain_letters_and_keeps_its_brackets() -> None:
    assert characters.plain_name("\u3000ＡＢＣ（集团）\u3000有限公司\n") == "ABC（集团） 有限公司"


def test_full_width_signs_become_half_width() -> None:
    assert characters.to_half_width("\uff21\uff22\u3000\uff11\uff0e\uff15中") == "AB 1.5中"


@pytest.mark.parametrize(
    "code", ["91350100M000100Y43", "91330100799655058B", " 9144030071526726xg "]
)
def test_a_right_company_code_is_known(code: str) -> None:
    assert characters.is_social_credit_code(code)


@pytest.mark.parametrize(
    "code", ["91350100M000100Y44", "91350100M000100Y4", "91350100I000100Y43", ""]
)
def test_a_wrong_company_code_is_known_too(code: str) -> None:
    assert not characters.is_social_credit_code(code)
