"""What taking work off costs and gives back: read by the page before, and by the act itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from workshop.catalogue.models import Payer
from workshop.errors import N_, Missing
from workshop.orders.models import Job, JobKind, JobState, RepairOrder
from workshop.orders.work import rules as work_rules
from workshop.steps.parts import queries as parts
from workshop.steps.parts.models import PickLine
from workshop.steps.quotation import promise
from workshop.steps.quotation import queries as quotation
from workshop.steps.quotation.models import QuotationLine
from workshop.steps.quotation.queries import Group
from workshop.steps.quotation.taking_off import queries as taking_off
from workshop.steps.quotation.taking_off import rules as taking_off_rules
from workshop.steps.repair import queries
from workshop.steps.scheduling import queries as scheduling

# A time that is told to people is a round one.
_ROUND_MINUTES = 5


@dataclass(frozen=True)
class Wish:
    """One signed line with its parts that the customer wants no more.

    `billed`: whether what is done of it is billed, or waived. `fitted`: what stays in the car, in
    thousandths by the part's line.
    """

    billed: bool = True
    fitted: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Fate:
    """What becomes of one line: `done` in minutes or thousandths; the rest in thousandths."""

    line: QuotationLine
    done: int = 0
    done_fen: int = 0
    billed_fen: int = 0
    out_milli: int = 0
    basket_milli: int = 0
    freed_milli: int = 0

    @property
    def waived_fen(self) -> int:
        """What was done and is not billed."""
        return self.done_fen - self.billed_fen

    @property
    def back_milli(self) -> int:
        """What was issued and comes back to the counter."""
        return max(self.out_milli - self.done, 0) if self.line.is_part else 0


@dataclass(frozen=True)
class Choice:
    """A signed line with its parts, as the page offers it; `missing` says why it must stay."""

    group: Group
    job: Job | None
    minutes: int
    fates: list[Fate]
    missing: list[Missing]

    @property
    def id(self) -> int:
        """By what it is chosen: the id of its first line."""
        return self.group.head.id

    @property
    def is_begun(self) -> bool:
        """Whether something of it is done, or its clock runs."""
        return self.job is not None and self.job.started_at is not None

    @property
    def can_go(self) -> bool:
        """Whether it can be taken off."""
        return not self.missing

    @property
    def out(self) -> list[Fate]:
        """The parts that are with the technician or in the car."""
        return [each for each in self.fates if each.out_milli]

    @property
    def done_fen(self) -> int:
        """The price of what is done."""
        return sum(each.done_fen for each in self.fates)

    @property
    def billed_fen(self) -> int:
        """What of it is billed."""
        return sum(each.billed_fen for each in self.fates)

    @property
    def waived_fen(self) -> int:
        """What of it is waived."""
        return self.done_fen - self.billed_fen


@dataclass(frozen=True)
class Change:
    """What follows when these lines go: the sums in fen that the customer pays at most."""

    off: list[Choice]
    stops: bool
    before_fen: int
    after_fen: int
    promise_at: datetime | None
    left: list[Job] = field(default_factory=list)

    def ends(self, choice: Choice) -> bool:
        """Whether its job ends with it; else the job goes on with what else is in it."""
        return choice.job is not None and choice.job not in self.left

    @property
    def waived_fen(self) -> int:
        """What was done and nobody pays."""
        return sum(each.waived_fen for each in self.off)

    @property
    def was_worked_on(self) -> bool:
        """Whether anything of what goes was begun."""
        return any(fate.done for each in self.off for fate in each.fates)


def list_choices(
    order: RepairOrder, at: datetime, wishes: Mapping[int, Wish] | None = None
) -> list[Choice]:
    """What the customer has signed for and may take off, each with what of it is done by now."""
    picked = {each.quotation_line_id: each for each in parts.list_order_lines(order)}
    wanted = wishes or {}
    return [
        _choice(group, picked, wanted.get(group.head.id, Wish()), at)
        for group in _list_groups(order)
    ]


def _list_groups(order: RepairOrder) -> list[Group]:
    groups: dict[int, Group] = {}
    for line in quotation.list_authorised_lines(order):
        if line.parent_line_id is None:
            groups[line.id] = Group(line)
        elif line.parent_line_id in groups:
            groups[line.parent_line_id].parts.append(line)
    return list(groups.values())


def _choice(group: Group, picked: Mapping[int, PickLine], wish: Wish, at: datetime) -> Choice:
    job = parts.job_of(group.head)
    minutes = _clocked(group.head, job, at) if job is not None else 0
    fates = [_fate(line, picked.get(line.id), minutes, wish) for line in group.lines]
    return Choice(group, job, minutes, fates, _missing(job))


def _clocked(line: QuotationLine, job: Job, at: datetime) -> int:
    """What the line has of the clocked time: by its book time, where a job holds several."""
    return work_rules.share(queries.clocked_minutes(job, at), line.book_minutes, job.book_minutes)


def _missing(job: Job | None) -> list[Missing]:
    if job is None or job.state is not JobState.DONE:
        return []
    words = N_("This work is done, so it is billed. The bill can be lowered by a discount.")
    return [Missing(words, "done")]


def _fate(line: QuotationLine, picked: PickLine | None, minutes: int, wish: Wish) -> Fate:
    if line.is_labour:
        done, whole = min(minutes, line.book_minutes), line.book_minutes
    elif line.is_part:
        out = picked.out_milli if picked else 0
        done, whole = min(wish.fitted.get(line.id, 0), out), line.quantity_milli
    else:
        done, whole = 0, line.quantity_milli
    done_fen = taking_off_rules.part_fen(line.total_fen, whole, done)
    billed_fen = done_fen if wish.billed else 0
    if picked is None:
        freed = line.quantity_milli if line.is_part else 0
        return Fate(line, done, done_fen, billed_fen, freed_milli=freed)
    freed = picked.to_pick_milli + picked.short_milli
    basket = picked.in_basket_milli
    return Fate(line, done, done_fen, billed_fen, picked.out_milli, basket, freed)


def foresee(
    order: RepairOrder, wishes: Mapping[int, Wish], at: datetime, *, stops: bool = False
) -> Change:
    """What follows when these lines (by the id of their first line) are taken off.

    With nothing left to do, the whole order stops, whether or not that was said; a stop takes all
    that is not done.
    """
    wanted = {**list_to_stop(order, at), **wishes} if stops else wishes
    choices = list_choices(order, at, wanted)
    off = [each for each in choices if each.id in wanted and each.can_go]
    left = _list_left(order, off)
    before = quotation.authorised_fen(order)
    return Change(
        off=off,
        stops=stops or not left,
        before_fen=before,
        after_fen=before - sum(_customer_fen(each) for each in off),
        promise_at=_promise(order, off, left, at),
        left=left,
    )


def _list_left(order: RepairOrder, off: Sequence[Choice]) -> list[Job]:
    jobs = {each.job.id: each.job for each in off if each.job is not None}
    lines = {each.id for each in off}
    gone = {job.id for job in jobs.values() if not work_rules.left_of(job.lines, lines)}
    return [job for job in queries.list_jobs(order) if job.id not in gone]


def _customer_fen(choice: Choice) -> int:
    """What the customer pays less for it."""
    mine = [each for each in choice.fates if each.line.payer is Payer.CUSTOMER]
    return sum(each.line.total_fen - each.billed_fen for each in mine)


def _promise(
    order: RepairOrder, off: Sequence[Choice], left: Sequence[Job], at: datetime
) -> datetime | None:
    """The promise of what is left: as soon as its plan allows, never later than before."""
    unfinished = [job for job in left if job.state in queries.UNFINISHED]
    planned = [scheduling.find_live(job) for job in unfinished]
    if not any(each.job for each in off) or None in planned:
        return order.promised_at
    ends_at = max([at, *(each.ends_at for each in planned if each is not None)])
    ready_at = _rounded(promise.when_open(order.branch, order.branch.ready_at(ends_at)))
    promised_at = order.promised_at
    return ready_at if promised_at is None or not at < promised_at < ready_at else promised_at


def _rounded(moment: datetime) -> datetime:
    over = timedelta(
        minutes=moment.minute % _ROUND_MINUTES,
        seconds=moment.second,
        microseconds=moment.microsecond,
    )
    return moment - over + timedelta(minutes=_ROUND_MINUTES) if over else moment


def list_to_stop(order: RepairOrder, at: datetime) -> dict[int, Wish]:
    """What a stop takes off: all work that is not done, with its parts."""
    choices = list_choices(order, at)
    return {each.id: Wish() for each in choices if each.can_go and each.job is not None}


def was_worked_on(order: RepairOrder) -> bool:
    """Whether anything of the order is done, or was begun before it was taken off."""
    done = any(job.state is JobState.DONE for job in queries.list_jobs(order))
    return done or any(each.done for each in taking_off.list_off(order))


def list_reworks(order: RepairOrder) -> list[Job]:
    """The jobs that mend our own fault and are not done; a stop ends them too."""
    return [job for job in queries.list_unfinished(order) if job.kind is JobKind.REWORK]
