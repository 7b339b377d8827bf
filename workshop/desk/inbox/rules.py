"""What can wait for somebody, the most urgent first, and for whom it is."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime

from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.orders.flow import Action, Stage, permits
from workshop.orders.rows import Need
from workshop.staff.permissions import Permission

P = Permission


class Kind(LabelledEnum):
    """Why something waits, the most urgent first: that is the order in which people read it."""

    ARRIVED = "arrived", N_("Waiting to be greeted")
    CUSTOMER = "customer", N_("Customer waits for an answer")
    NOT_SAFE = "not_safe", N_("Not safe: to price")
    PROMISE = "promise", N_("Promise at risk")
    ONLINE = "online", N_("Asks for a time online")
    MORE_TIME = "more_time", N_("More time is needed")
    NOT_AS_PLANNED = "not_as_planned", N_("Not as planned")
    DECLINED = "declined", N_("Quotation declined")
    TO_PRICE = "to_price", N_("Additional work to price")
    CHECK_FAILED = "check_failed", N_("Check failed, rework to assign")
    PROPOSAL = "proposal", N_("New time to confirm")
    SHORTAGE = "shortage", N_("Short of parts, customer not told")
    TO_ORDER = "to_order", N_("Part to order")
    PARTS_CAME = "parts_came", N_("Parts have arrived")
    REPORT_DUE = "report_due", N_("Report due")
    MENTION = "mention", N_("Note for you")
    ASKED = "asked", N_("Asked of you")
    OFFERED = "offered", N_("To take over")
    COLLECT = "collect", N_("Ready, not collected")
    FINAL_CHECK = "final_check", N_("Waiting for the final check")
    QUALITY_CHECK = "quality_check", N_("Waiting for the quality check")
    UNASSIGNED = "unassigned", N_("Not assigned")
    TO_RELEASE = "to_release", N_("To be released")
    TO_PICK = "to_pick", N_("Parts to pick")
    TO_ISSUE = "to_issue", N_("Basket to hand out")
    WASH = "wash", N_("To be washed")
    DECISION = "decision", N_("Waiting for approval")
    TO_QUOTE = "to_quote", N_("To be quoted")
    IN_RECEPTION = "in_reception", N_("In reception")
    BILL = "bill", N_("To be settled")
    MONEY = "money", N_("Money is open")
    CALL = "call", N_("Call list")

    @property
    def rights(self) -> Set[Permission]:
        """Of which one is enough to see to it."""
        return _RIGHTS[self]

    @property
    def tone(self) -> str:
        """The colour of its badge."""
        return _TONES.get(self, "neutral")


_RIGHTS: dict[Kind, frozenset[Permission]] = {
    Kind.ARRIVED: frozenset({P.RECEIVE}),
    Kind.CUSTOMER: frozenset({P.QUOTE, P.CARE}),
    Kind.PROMISE: frozenset({P.CHANGE_TIME, P.SCHEDULE}),
    Kind.ONLINE: frozenset({P.BOOK}),
    Kind.MORE_TIME: frozenset({P.SCHEDULE}),
    Kind.NOT_AS_PLANNED: frozenset({P.SCHEDULE}),
    Kind.DECLINED: frozenset({P.DELIVER, P.QUOTE}),
    Kind.NOT_SAFE: frozenset({P.QUOTE}),
    Kind.TO_PRICE: frozenset({P.QUOTE}),
    Kind.CHECK_FAILED: frozenset({P.SCHEDULE}),
    Kind.PROPOSAL: frozenset({P.CHANGE_TIME}),
    Kind.SHORTAGE: frozenset({P.QUOTE}),
    Kind.TO_ORDER: frozenset({P.PICK_PARTS}),
    Kind.PARTS_CAME: frozenset({P.SCHEDULE}),
    Kind.REPORT_DUE: frozenset({P.CARE}),
    Kind.MENTION: frozenset(P),
    Kind.ASKED: frozenset(P),
    Kind.OFFERED: frozenset(P),
    Kind.COLLECT: frozenset({P.DELIVER}),
    Kind.FINAL_CHECK: frozenset({P.FINAL_CHECK}),
    Kind.QUALITY_CHECK: frozenset({P.INSPECT}),
    Kind.UNASSIGNED: frozenset({P.SCHEDULE}),
    Kind.TO_RELEASE: frozenset({P.PICK_PARTS, P.SCHEDULE}),
    Kind.TO_PICK: frozenset({P.PICK_PARTS}),
    Kind.TO_ISSUE: frozenset({P.PICK_PARTS}),
    Kind.WASH: frozenset({P.WASH}),
    Kind.DECISION: frozenset({P.QUOTE}),
    Kind.TO_QUOTE: frozenset({P.QUOTE}),
    Kind.IN_RECEPTION: frozenset({P.RECEIVE}),
    Kind.BILL: frozenset({P.SETTLE}),
    Kind.MONEY: frozenset({P.SETTLE, P.APPROVE_CREDIT}),
    Kind.CALL: frozenset(P),
}
_TONES = {
    Kind.NOT_SAFE: "bad",
    **dict.fromkeys((Kind.PROMISE, Kind.SHORTAGE, Kind.CHECK_FAILED, Kind.DECLINED), "bad"),
    **dict.fromkeys(
        (Kind.ARRIVED, Kind.MORE_TIME, Kind.TO_PRICE, Kind.REPORT_DUE, Kind.ONLINE), "warn"
    ),
    Kind.CUSTOMER: "warn",
    **dict.fromkeys((Kind.PROPOSAL, Kind.DECISION, Kind.MONEY, Kind.CALL), "warn"),
    **dict.fromkeys((Kind.MENTION, Kind.ASKED, Kind.OFFERED), "info"),
    **dict.fromkeys((Kind.FINAL_CHECK, Kind.QUALITY_CHECK, Kind.UNASSIGNED), "accent"),
    **dict.fromkeys((Kind.COLLECT, Kind.PARTS_CAME), "good"),
}
# What the row of a stage says is needed.
_BY_NEED = {
    Need.CUSTOMER_DECISION: Kind.DECISION,
    Need.COLLECT: Kind.COLLECT,
    Need.FINAL_CHECK: Kind.FINAL_CHECK,
    Need.UNASSIGNED: Kind.UNASSIGNED,
    Need.TO_RELEASE: Kind.TO_RELEASE,
    Need.TO_QUOTE: Kind.TO_QUOTE,
    Need.IN_RECEPTION: Kind.IN_RECEPTION,
    Need.BILL: Kind.BILL,
}


def kind_of(stage: Stage, need: Need) -> Kind | None:
    """What waits by the stage alone; None where the work simply goes on."""
    if permits(stage, Action.QUALITY_CHECK):
        return Kind.QUALITY_CHECK
    # Work that waits for hands because a check has failed, and a car whose customer said no.
    if need is Need.UNASSIGNED and stage.tone == "bad":
        return Kind.CHECK_FAILED
    if need is Need.COLLECT and permits(stage, Action.REVISE_QUOTATION):
        return Kind.DECLINED
    return _BY_NEED.get(need)


@dataclass(frozen=True)
class Car:
    """A car that something waits for: as much of it as a line shows."""

    plate: str | None
    called: str
    title: str = ""
    customer: str = ""
    no: str = ""
    stage: Stage | None = None
    stays: bool | None = None
    promised_at: datetime | None = None
    repeat_repair: bool = False
    advisor_id: int | None = None


@dataclass(frozen=True)
class Item:
    """One thing that waits: plain values, the same for everybody who reads it.

    `subject` is the record that it is about: a car in the shop (R7), an appointment (A7), a
    walk-in (W7) or what stands alone. `only_ids` are the people for whom alone it is; `owner_id` is
    whose it is by name. `act` are the words of its one button, `url` is where that leads.
    """

    kind: Kind
    subject: str
    since: datetime | None
    act: str
    url: str
    car: Car | None = None
    rights: Set[Permission] = frozenset()
    owner_id: int | None = None
    # Whether somebody took it, and so it is not the owner's by itself.
    is_taken: bool = False
    only_ids: Set[int] | None = None
    # Who asks for it does not answer.
    besides_id: int | None = None
    # Said beside it: a name, what was found, what was written.
    words: str = ""
    # What kind of thing it is, where its kind does not say it all.
    about: LabelledEnum | None = None
    # For when it was promised or booked.
    due_at: datetime | None = None

    @property
    def may(self) -> Set[Permission]:
        """The rights of which one is enough to see to it."""
        return self.rights or self.kind.rights

    @property
    def name(self) -> str:
        """By what a browser knows that it is the same as before."""
        return f"{self.kind.value} {self.subject} {self.url}"


@dataclass(frozen=True)
class Reader:
    """Who reads: what they may, and whether they lead cars of their own."""

    id: int
    rights: Set[Permission]

    @property
    def leads(self) -> bool:
        """Whether the person receives cars, so that those of another advisor are not theirs."""
        return P.RECEIVE in self.rights

    def may_see(self, item: Item) -> bool:
        """Whether the person could see to it: it is for them alone, or they have the right."""
        if item.only_ids is not None:
            return self.id in item.only_ids
        if item.besides_id == self.id:
            return False
        return bool(item.may & self.rights)

    def is_for(self, item: Item) -> bool:
        """Whether it waits for this person: by name, or for whoever does such work."""
        if not self.may_see(item):
            return False
        if item.owner_id is not None:
            return item.owner_id == self.id
        if item.only_ids is not None or item.car is None or not self.leads:
            return True
        return item.car.advisor_id in (None, self.id)


def place(item: Item) -> tuple[int, float]:
    """The most urgent kind first, of one kind the longest waiting."""
    return _PLACES[item.kind], item.since.timestamp() if item.since is not None else 0.0


_PLACES = {kind: place for place, kind in enumerate(Kind)}
