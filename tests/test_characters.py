"""What a Chinese keyboard types into a code or a number."""

from __future__ import annotations

import pytest

from workshop import characters


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
