"""What a shop needs for each step of its day, told from facts: each sentence goes by its fact."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from workshop.errors import N_, Missing
from workshop.orders.rows import Step
from workshop.setup.rules import Facts, Person, SetupStep
from workshop.shop.separation.rules import Apart
from workshop.staff.permissions import Permission, RoleName

P = Permission


@dataclass(frozen=True)
class Gap:
    """One thing without which a step of the day does not go on.

    `mended_at` is the step of set-up that mends it, `right` what somebody must hold to do so.
    `is_partial`: it stops some operations, and the shop may do without these for ever.
    """

    step: Step
    what: Missing
    mended_at: SetupStep
    right: Permission

    @property
    def is_partial(self) -> bool:
        """Whether the other operations go on."""
        return self.what.code in _PARTIAL


_PARTIAL = {"no_skill", "no_bay_kind", "no_part"}


def find_gaps(facts: Facts) -> list[Gap]:
    """What is missing for the ten steps, in their order; nothing when a car can go all the way."""
    return [
        *_for_booking(facts),
        *_for_quotation(facts),
        *_for_the_counter(facts),
        *_for_the_floor(facts),
        *_for_quality(facts),
        *_for_the_end(facts),
    ]


def _gap(
    step: Step, message: str, code: str, mended_at: SetupStep, right: Permission, **values: Any
) -> Gap:
    return Gap(step, Missing(message, code, values), mended_at, right)


def _for_booking(facts: Facts) -> Iterator[Gap]:
    step = Step.BOOKING
    if not facts.is_ever_open:
        words = N_("The shop is never open: no time can be booked.")
        yield _gap(step, words, "never_open", SetupStep.HOURS, P.MANAGE_SHOP)
    if not facts.has_role(RoleName.SERVICE_ADVISOR):
        words = N_("Nobody is a service advisor: no time can be booked.")
        yield _gap(step, words, "no_advisor", SetupStep.PEOPLE, P.MANAGE_STAFF)
    if not facts.bay_kinds:
        words = N_("There is no bay: no work can be booked or planned.")
        yield _gap(step, words, "no_bay", SetupStep.BAYS, P.MANAGE_SHOP)
    if not any(hand.has_shift for hand in facts.hands):
        words = N_("No technician has working hours: no work can be booked or planned.")
        yield _gap(step, words, "no_technician", SetupStep.PEOPLE, P.MANAGE_SHOP)
    else:
        yield from _for_skills(facts)
    yield from _for_bay_kinds(facts)


def _for_skills(facts: Facts) -> Iterator[Gap]:
    missing: dict[tuple[int, int], list[str]] = {}
    for each in facts.work:
        if each.skill_id is not None and not _is_held(facts, each.skill_id, each.level):
            missing.setdefault((each.skill_id, each.level), []).append(each.code)
    for (skill_id, level), codes in sorted(missing.items()):
        yield _gap(
            Step.BOOKING,
            N_(
                "No technician has “%(skill)s” at level %(level)s: operations like "
                "%(operation)s cannot be promised (%(count)s in all)."
            ),
            "no_skill",
            SetupStep.PEOPLE,
            P.MANAGE_SHOP,
            skill=facts.skills.get(skill_id, skill_id),
            level=level,
            count=len(codes),
            operation=codes[0],
        )


def _is_held(facts: Facts, skill_id: int, level: int) -> bool:
    held = (hand.skills.get(skill_id) for hand in facts.hands if hand.has_shift)
    return any(
        each is not None and each[0] >= level and (each[1] is None or each[1] >= facts.day)
        for each in held
    )


def _for_bay_kinds(facts: Facts) -> Iterator[Gap]:
    if not facts.bay_kinds:
        return
    missing: dict[tuple[str, ...], list[str]] = {}
    for each in facts.work:
        if each.bay_kinds and not facts.bay_kinds & set(each.bay_kinds):
            missing.setdefault(each.bay_kinds, []).append(each.code)
    for kinds, codes in sorted(missing.items()):
        yield _gap(
            Step.BOOKING,
            N_(
                "No bay is of the kind %(kinds)s: operations like %(operation)s have no place "
                "(%(count)s in all)."
            ),
            "no_bay_kind",
            SetupStep.BAYS,
            P.MANAGE_SHOP,
            kinds=[facts.kinds.get(kind, kind) for kind in kinds],
            count=len(codes),
            operation=codes[0],
        )


def _for_quotation(facts: Facts) -> Iterator[Gap]:
    step = Step.QUOTATION
    if not facts.rates:
        words = N_("There is no labour rate: quotations cannot be offered.")
        yield _gap(step, words, "no_rate", SetupStep.RATES, P.MANAGE_CATALOGUE)
    if not facts.work:
        words = N_("The menu is empty: nothing can be quoted.")
        yield _gap(step, words, "no_operation", SetupStep.OPERATIONS, P.MANAGE_CATALOGUE)
    if facts.partless:
        yield _no_part(facts)
    wanted = {each.rate_code for each in facts.work} - facts.rates if facts.rates else set()
    for code in sorted(wanted):
        codes = [each.code for each in facts.work if each.rate_code == code]
        words = N_(
            "There is no labour rate “%(rate)s”: operations like %(operation)s have no price "
            "(%(count)s in all)."
        )
        yield _gap(
            step,
            words,
            "no_such_rate",
            SetupStep.RATES,
            P.MANAGE_CATALOGUE,
            rate=code,
            count=len(codes),
            operation=codes[0],
        )


def _no_part(facts: Facts) -> Gap:
    return _gap(
        Step.QUOTATION,
        N_(
            "No part serves %(count)s kinds of parts, such as %(kinds)s: operations like "
            "%(operation)s are quoted without them."
        ),
        "no_part",
        SetupStep.PARTS,
        P.MANAGE_PARTS,
        count=len({kind.code for kind, _ in facts.partless}),
        kinds=[kind for kind, _ in facts.partless[:_NAMED]],
        operation=facts.partless[0][1],
    )


# So many kinds are named; the page of the parts has them all.
_NAMED = 3

_COUNTER = (
    (Step.RECEPTION, P.RECEIVE, N_("Nobody may receive cars.")),
    (Step.LOUNGE, P.CARE, N_("Nobody may look after the customers who wait.")),
    (Step.SCHEDULING, P.SCHEDULE, N_("Nobody may plan work on the board.")),
    (Step.PARTS, P.PICK_PARTS, N_("Nobody may issue parts.")),
)


def _for_the_counter(facts: Facts) -> Iterator[Gap]:
    for step, right, words in _COUNTER:
        yield from _nobody_may(facts, step, right, words)


def _nobody_may(facts: Facts, step: Step, right: Permission, words: str) -> Iterator[Gap]:
    if not facts.may(right):
        yield _gap(step, words, f"nobody_may_{right.value}", SetupStep.PEOPLE, P.MANAGE_STAFF)


def _for_the_floor(facts: Facts) -> Iterator[Gap]:
    workers = {each.id for each in facts.may(P.WORK)}
    if facts.hands and not any(hand.user_id in workers for hand in facts.hands):
        words = N_("No technician on the board may start a job.")
        yield _gap(Step.REPAIR, words, "nobody_works", SetupStep.PEOPLE, P.MANAGE_STAFF)


def _for_quality(facts: Facts) -> Iterator[Gap]:
    """Three checks are three persons: who works, who inspects, and the order's advisor."""
    workers = facts.may(P.WORK)
    inspectors, advisors = facts.may(P.INSPECT), _final_checkers(facts)
    if not workers or _can_check(workers, inspectors, advisors, facts.not_apart):
        return
    if not inspectors:
        words = N_("Nobody may make the quality check.")
    else:
        words = N_(
            "The work, the quality check and the final check need three persons: "
            "a technician, somebody who inspects, and the advisor. What a small shop cannot keep "
            "apart is said under “Who checks whom”."
        )
    yield _gap(Step.REPAIR, words, "three_persons", SetupStep.PEOPLE, P.MANAGE_STAFF)


def _final_checkers(facts: Facts) -> list[Person]:
    return [
        each for each in facts.has_role(RoleName.SERVICE_ADVISOR) if P.FINAL_CHECK in each.rights
    ]


def _can_check(
    workers: Iterable[Person],
    inspectors: Iterable[Person],
    advisors: Iterable[Person],
    not_apart: frozenset[str],
) -> bool:
    """Whether some three, or fewer where the branch lets it, can make the three checks."""
    ids = [[each.id for each in group] for group in (workers, inspectors, advisors)]
    return any(_may_be(one, two, three, not_apart) for one, two, three in product(*ids))


def _may_be(worker: int, inspector: int, advisor: int, not_apart: frozenset[str]) -> bool:
    broken = set()
    if worker == inspector:
        broken.add(Apart.QUALITY_NOT_WORK.value)
    if inspector == advisor:
        broken |= {Apart.QUALITY_NOT_ADVISOR.value, Apart.FINAL_NOT_QUALITY.value}
    if worker == advisor:
        broken.add(Apart.FINAL_NOT_WORK.value)
    return broken <= not_apart


def _for_the_end(facts: Facts) -> Iterator[Gap]:
    yield from _nobody_may(facts, Step.SETTLEMENT, P.SETTLE, N_("Nobody may make the bill."))
    yield from _nobody_may(facts, Step.HANDOVER, P.DELIVER, N_("Nobody may hand cars over."))
    callers, advisors = facts.may(P.FOLLOW_UP), facts.has_role(RoleName.SERVICE_ADVISOR)
    if not callers:
        words = N_("Nobody may make the follow-up calls.")
    elif any(not _has_another(callers, advisor) for advisor in advisors):
        words = N_(
            "Nobody but the advisor may make the follow-up calls; "
            "who served the customer does not call."
        )
    else:
        return
    yield _gap(Step.FOLLOWUP, words, "nobody_calls", SetupStep.PEOPLE, P.MANAGE_STAFF)


def _has_another(callers: Iterable[Person], advisor: Person) -> bool:
    return any(each.id != advisor.id for each in callers)
