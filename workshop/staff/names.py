"""Sign-in names that are easy to guess right: the name in plain letters."""

from __future__ import annotations

import re
from collections.abc import Collection

import pypinyin

from workshop.characters import to_half_width

# A single letter is no sign-in name.
_SHORTEST = 2
_LONGEST = 40


def suggest_username(name: str, taken: Collection[str] = ()) -> str:
    """A sign-in name for a person: 周敏 is zhoumin, Ann Lee is annlee; a number when it is taken.

    `taken` are the sign-in names that are given already, whatever their case.
    """
    known = {each.lower() for each in taken}
    plain = _plain(name)
    if plain not in known:
        return plain
    number = 2
    while f"{plain}{number}" in known:
        number += 1
    return f"{plain}{number}"


def _plain(name: str) -> str:
    half = to_half_width(name).strip().lower()
    # A surname is read in its own way: 单 is shan, not dan.
    is_chinese = re.fullmatch(r"[\u3400-\u9fff]{2,4}", half) is not None
    first, rest = (half[:1], half[1:]) if is_chinese else ("", half)
    read = _SURNAMES.get(first) or _letters(first)
    letters = (read + _letters(rest))[:_LONGEST]
    return letters if len(letters) >= _SHORTEST else "user"


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", "".join(pypinyin.lazy_pinyin(text)))


# Where a character is read otherwise in a surname than in a word.
_SURNAMES = {
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "解": "xie",
    "区": "ou",
    "查": "zha",
    "翟": "zhai",
    "覃": "qin",
    "种": "chong",
    "召": "shao",
    "乐": "yue",
    "朴": "piao",
}
