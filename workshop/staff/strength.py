"""How hard a password is to guess, judged by a library that knows how people choose them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import zxcvbn

from workshop.errors import N_

ENOUGH = 3
"""Of 0 to 4: it takes at least a hundred million guesses."""
# The library looks at no more; what is longer is not easier to guess.
_LONGEST = 72

TRIED_FIRST = 1000
"""A PIN that needs fewer guesses than this is a row, a repeat or a year."""

LABELS = (
    N_("Guessed at once"),
    N_("Easy to guess"),
    N_("Can be guessed"),
    N_("Hard to guess"),
    N_("Very hard to guess"),
)
"""What each score means, in words."""

MORE_WORDS = N_("Several uncommon words in a row are best; signs and capitals help little.")

# The library's own sentences, in the words of the shop.
_WHY = {
    "Straight rows of keys are easy to guess.": N_("A row of neighbouring keys is tried early."),
    "Short keyboard patterns are easy to guess.": N_("A pattern on the keyboard is tried early."),
    'Repeats like "aaa" are easy to guess.': N_(
        "The same character again and again is tried early."
    ),
    'Repeats like "abcabcabc" are only slightly harder to guess than "abc".': N_(
        "Saying the same twice helps little."
    ),
    'Sequences like "abc" or "6543" are easy to guess.': N_(
        "A sequence like “6543” is tried early."
    ),
    "Recent years are easy to guess.": N_("Years are tried early."),
    "Dates are often easy to guess.": N_("Dates are tried early."),
    "This is a top-10 common password.": N_("This is one of the passwords that are tried first."),
    "This is a top-100 common password.": N_("This is one of the passwords that are tried first."),
    "This is a very common password.": N_("Many people use this password."),
    "This is similar to a commonly used password.": N_("It is close to one that many people use."),
    "A word by itself is easy to guess.": N_("A single word is tried early."),
    "Names and surnames by themselves are easy to guess.": N_("Names are tried early."),
    "Common names and surnames are easy to guess.": N_("Names are tried early."),
}


@dataclass(frozen=True)
class Strength:
    """The score from 0 to 4, what it means, and what would make it better (msgids)."""

    score: int
    label: str
    advice: str

    @property
    def is_enough(self) -> bool:
        """Whether the shop takes this password."""
        return self.score >= ENOUGH


def judge(password: str, names: Iterable[str] = ()) -> Strength:
    """Judge a password; the names of the person and the shop are what a guesser tries first."""
    if not _has_look(password):
        return Strength(0, LABELS[0], MORE_WORDS)
    known = [part for name in names for part in {name, *re.split(r"[\s.@_-]+", name)} if part]
    found = zxcvbn.zxcvbn(password[:_LONGEST], user_inputs=known)
    score = int(found["score"])
    why = _WHY.get(str(found["feedback"]["warning"]), "")
    advice = "" if score >= ENOUGH else why or MORE_WORDS
    return Strength(score, LABELS[score], advice)


def _has_look(password: str) -> bool:
    """Whether something of it can be seen; blanks of whatever width alone are no password."""
    return any(unicodedata.category(sign)[0] not in "ZC" for sign in password)


def is_tried_first(pin: str) -> bool:
    """Whether a guesser who knows people comes to this PIN early."""
    return int(zxcvbn.zxcvbn(pin)["guesses"]) < TRIED_FIRST
