"""Sign-in names that are made of the person's name."""

from __future__ import annotations

import pytest

from workshop.staff import names


@pytest.mark.parametrize(
    ("name", "username"),
    [
        ("周敏", "zhoumin"),
        ("曾小贤", "zengxiaoxian"),
        ("单 晓", "danxiao"),
        ("单晓", "shanxiao"),
        ("Ann Lee", "annlee"),
        ("Ｏ'Brien", "obrien"),
        ("王A", "wanga"),
        ("—", "user"),
        ("Я", "user"),
        ("", "user"),
    ],
)
def test_a_name_becomes_plain_letters(name: str, username: str) -> None:
    assert names.suggest_username(name) == username


def test_a_name_that_is_taken_gets_a_number_whatever_its_case() -> None:
    assert names.suggest_username("周敏", ["ZhouMin"]) == "zhoumin2"
    assert names.suggest_username("周敏", ["zhoumin", "zhoumin2"]) == "zhoumin3"
