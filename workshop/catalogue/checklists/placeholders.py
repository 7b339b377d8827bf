"""Names in braces within words to say, and the facts that fill them."""

from __future__ import annotations

import re
from collections.abc import Mapping

from workshop.errors import N_

# What may stand in braces, with what it is.
KNOWN = {
    "shop": N_("the shop"),
    "me": N_("who speaks"),
    "name": N_("the customer"),
    "plate": N_("the plate"),
    "promised": N_("the promised time, while it lies ahead"),
    "advisor": N_("the service advisor"),
}
_NAME = re.compile(r"\{([^{}]*)\}")


def names_in(words: str) -> set[str]:
    """The names in braces."""
    return set(_NAME.findall(words))


def unknown_in(words: str) -> set[str]:
    """The names in braces that nothing fills."""
    return names_in(words) - set(KNOWN)


def fill(words: str, facts: Mapping[str, str | None]) -> str | None:
    """The words with their facts; None when one of them is not known: nothing is claimed then."""
    if any(not facts.get(name) for name in names_in(words)):
        return None
    return _NAME.sub(lambda found: str(facts[found[1]]), words)
