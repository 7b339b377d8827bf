"""The one way in which a member of an enum has words for people."""

from __future__ import annotations

from enum import Enum
from typing import Self


class LabelledEnum(Enum):
    """An enum whose members are written `NAME = "value", N_("Label")`.

    `value` is what the database keeps; `label` is the msgid that people read, translated.
    """

    _value_: str
    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """Keep the label beside the value; a member without one is a mistake."""
        # The default only lets type checkers read `Kind("value")` as the look-up that it is.
        if not label:
            raise TypeError(f"{cls.__name__} {value!r} has no label")
        member = object.__new__(cls)
        member._value_ = value
        member.label = label
        return member
