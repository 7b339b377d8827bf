"""How far each step of set-up is, told from facts alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from workshop.errors import N_, Missing
from workshop.setup.gaps.rules import Gap
from workshop.setup.rules import Facts, SetupStep, StepState

MINUTES = {
    SetupStep.SHOP: 2,
    SetupStep.HOURS: 2,
    SetupStep.BAYS: 1,
    SetupStep.RATES: 1,
    SetupStep.OPERATIONS: 3,
    SetupStep.PACKAGES: 1,
    SetupStep.PEOPLE: 5,
    SetupStep.PARTS: 3,
    SetupStep.CHECKLISTS: 1,
    SetupStep.WORDS: 1,
    SetupStep.LOUNGE: 2,
    SetupStep.BOOKING: 2,
    SetupStep.SETTLED: 6,
}
"""How long each takes somebody who has never done it, with the starter set laid."""

GOOD_FOR = {
    SetupStep.SHOP: N_("Stands on every paper and on the customer's link."),
    SetupStep.HOURS: N_("Bookings and promised times follow from them."),
    SetupStep.BAYS: N_("Work that needs a place is planned on one."),
    SetupStep.RATES: N_("A quotation is book time times this price."),
    SetupStep.OPERATIONS: N_("What the advisor books and quotes, with hours, skill and bay."),
    SetupStep.PACKAGES: N_("Several operations at one price, such as the minor service."),
    SetupStep.PEOPLE: N_("Who receives, works, checks and takes the money; each gets a card."),
    SetupStep.PARTS: N_("What lies on the shelf, and who delivers the rest."),
    SetupStep.CHECKLISTS: N_("What is looked at, measured and ticked in each kind of work."),
    SetupStep.WORDS: N_("What people say and write, ready to be picked."),
    SetupStep.LOUNGE: N_("Who waits sees the own car without asking."),
    SetupStep.BOOKING: N_("The first customer gets a time."),
    SetupStep.SETTLED: N_("The first car went through all steps and is paid."),
}
"""Why anybody should do it."""


@dataclass(frozen=True)
class Known:
    """What the list is told from: facts, what they miss, counts, and what the papers miss."""

    facts: Facts
    gaps: tuple[Gap, ...]
    counts: Mapping[str, int]
    particulars: Mapping[str, str]
    away: frozenset[SetupStep]


@dataclass(frozen=True)
class Standing:
    """One step with its state, and what it still needs in words."""

    step: SetupStep
    state: StepState
    gaps: tuple[Missing, ...] = ()

    @property
    def minutes(self) -> int:
        """How long it takes from the beginning."""
        return MINUTES[self.step]

    @property
    def good_for(self) -> str:
        """Why to do it, as a msgid."""
        return GOOD_FOR[self.step]

    @property
    def is_begun(self) -> bool:
        """Whether somebody has begun it."""
        return self.state is StepState.BEGUN

    @property
    def is_done(self) -> bool:
        """Whether nothing is left of it."""
        return self.state is StepState.DONE

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state in (StepState.MISSING, StepState.BEGUN)


def list_standings(known: Known) -> list[Standing]:
    """All steps of the list, in their order."""
    return [_stand(step, known) for step in MINUTES]


def minutes_left(standings: Iterable[Standing]) -> int:
    """About how long the open ones take; what is begun counts half."""
    left = [
        each.minutes if each.state is StepState.MISSING else (each.minutes + 1) // 2
        for each in standings
        if each.is_open
    ]
    return sum(left)


def _stand(step: SetupStep, known: Known) -> Standing:
    is_begun, own = _FOUND[step](known)
    found = [each for each in known.gaps if each.mended_at is step]
    gaps = (*own, *(each.what for each in found))
    if step in known.away:
        return Standing(step, StepState.AWAY, gaps)
    if not own and all(each.is_partial for each in found):
        return Standing(step, StepState.DONE, gaps)
    return Standing(step, StepState.BEGUN if is_begun else StepState.MISSING, gaps)


# Whether a step was begun, and what it still needs besides what stops a car.
_Found = tuple[bool, tuple[Missing, ...]]

# What a customer has to be able to read on a paper.
WANTED = {
    "address": N_("Address"),
    "phone": N_("Phone"),
    "complaint_phone": N_("Complaint phone"),
    "licence_no": N_("Filing number as a repairer"),
    "credit_code": N_("Unified social credit code"),
    "bank_account": N_("Bank and account"),
}


class _Label:
    """A msgid among the values of a sentence."""

    def __init__(self, label: str) -> None:
        self.label = label


def _shop(known: Known) -> _Found:
    missing = [label for name, label in WANTED.items() if not known.particulars.get(name)]
    if not missing:
        return True, ()
    labels = [_Label(label) for label in missing]
    words = Missing(N_("Not entered yet: %(fields)s."), "particulars", {"fields": labels})
    return len(missing) < len(WANTED), (words,)


def _hours(known: Known) -> _Found:
    if known.counts["holidays"]:
        return True, ()
    words = N_("No holiday and no worked Saturday of %(year)s is entered.")
    return known.facts.is_ever_open, (Missing(words, "holidays", {"year": known.facts.day.year}),)


def _bays(known: Known) -> _Found:
    return bool(known.facts.bay_kinds), ()


def _rates(known: Known) -> _Found:
    return bool(known.facts.rates), ()


def _operations(known: Known) -> _Found:
    return bool(known.facts.work), ()


def _packages(known: Known) -> _Found:
    return _counted(known, "packages", N_("There is no package yet."))


def _people(known: Known) -> _Found:
    away = [each.name for each in known.facts.people if not each.has_signed_in]
    words = N_("Not signed in yet: %(names)s. Give each the printed card.")
    found = (Missing(words, "never_here", {"names": away}),) if away else ()
    return len(known.facts.people) > 1, found


def _parts(known: Known) -> _Found:
    has_parts, no_part = _counted(known, "parts", N_("No part is known yet."))
    has_suppliers, no_supplier = _counted(known, "suppliers", N_("No supplier is known yet."))
    return has_parts or has_suppliers, (*no_part, *no_supplier)


def _checklists(known: Known) -> _Found:
    words = N_("Only the general lists are in use; those of each kind of work can be laid.")
    return True, _counted(known, "lists", words)[1]


def _words(known: Known) -> _Found:
    return _counted(known, "words", N_("No suggested words are laid yet."))


def _lounge(known: Known) -> _Found:
    return _counted(known, "screens", N_("No screen is paired."))


def _booking(known: Known) -> _Found:
    return _counted(known, "appointments", N_("Nobody is booked yet."))


def _settled(known: Known) -> _Found:
    begun = bool(known.counts["appointments"])
    return begun, _counted(known, "settled", N_("No car is settled yet."))[1]


def _counted(known: Known, name: str, words: str) -> _Found:
    count = known.counts[name]
    return bool(count), () if count else (Missing(words, f"no_{name}"),)


_FOUND: dict[SetupStep, Callable[[Known], _Found]] = {
    SetupStep.SHOP: _shop,
    SetupStep.HOURS: _hours,
    SetupStep.BAYS: _bays,
    SetupStep.RATES: _rates,
    SetupStep.OPERATIONS: _operations,
    SetupStep.PACKAGES: _packages,
    SetupStep.PEOPLE: _people,
    SetupStep.PARTS: _parts,
    SetupStep.CHECKLISTS: _checklists,
    SetupStep.WORDS: _words,
    SetupStep.LOUNGE: _lounge,
    SetupStep.BOOKING: _booking,
    SetupStep.SETTLED: _settled,
}
