"""What a Chinese keyboard types into a code or a number."""

from __future__ import annotations

from workshop import characters


def test_full_width_signs_become_half_width() -> None:
    assert characters.to_half_width("\uff21\uff22\u3000\uff11\uff0e\uff15中") == "AB 1.5中"
