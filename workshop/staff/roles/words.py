"""What each permission lets somebody do, in a manager's words; and what no role can change."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.enums import LabelledEnum
from workshop.errors import N_
from workshop.staff.permissions import Permission


class Area(LabelledEnum):
    """Where in the shop a permission is used."""

    FRONT = "front", N_("At the front desk")
    FLOOR = "floor", N_("In the workshop")
    MONEY = "money", N_("Money and handing over")
    CARE = "care", N_("Customers afterwards")
    LEAD = "lead", N_("Leading the shop")


@dataclass(frozen=True)
class Words:
    """A permission's short name and one sentence of what it opens (msgids)."""

    area: Area
    label: str
    sentence: str

    @property
    def value(self) -> str:
        """What tells it apart from another one, where two versions are compared."""
        return self.label


P = Permission
A = Area

_WORDS: dict[Permission, Words] = {
    P.VIEW_ORDERS: Words(
        A.FRONT,
        N_("See repair orders"),
        N_("Open every repair order of the branch and search for it."),
    ),
    P.VIEW_CUSTOMERS: Words(
        A.FRONT, N_("See customers"), N_("Open customers and vehicles with phone and address.")
    ),
    P.BOOK: Words(A.FRONT, N_("Book"), N_("Make, move and cancel appointments.")),
    P.RECEIVE: Words(
        A.FRONT,
        N_("Receive cars"),
        N_("Open orders, walk round the car and have the sheet signed."),
    ),
    P.REGISTER_ARRIVAL: Words(
        A.FRONT, N_("Register arrivals"), N_("Note who has driven in, with or without a booking.")
    ),
    P.QUOTE: Words(
        A.FRONT, N_("Quote"), N_("Write quotations, offer them and take the customer's answer.")
    ),
    P.CARE: Words(
        A.FRONT, N_("Care for waiting customers"), N_("Lounge rounds, care records and loan cars.")
    ),
    P.CANCEL_ORDER: Words(
        A.FRONT, N_("Cancel orders"), N_("End an order that will not be repaired, with a reason.")
    ),
    P.SCHEDULE: Words(
        A.FLOOR,
        N_("Plan the work"),
        N_("Give jobs to technicians and bays, close days and answer delays."),
    ),
    P.CHANGE_TIME: Words(
        A.FLOOR,
        N_("Change the promised time"),
        N_("Move what was agreed with the customer; others can only propose it."),
    ),
    P.PICK_PARTS: Words(
        A.FLOOR,
        N_("Handle parts"),
        N_("Pick, issue, take back and count parts; order what is short."),
    ),
    P.CORRECT_ATTENDANCE: Words(
        A.FLOOR, N_("Correct the time clock"), N_("Put right when somebody came and went.")
    ),
    P.WORK: Words(
        A.FLOOR, N_("Work on cars"), N_("Own jobs on the phone: start, pause, check and finish.")
    ),
    P.REQUEST_ADDITION: Words(
        A.FLOOR,
        N_("Report additional work"),
        N_("Tell the advisor what else was found at the car."),
    ),
    P.INSPECT: Words(
        A.FLOOR, N_("Check quality"), N_("Pass or fail the work of others, and test-drive.")
    ),
    P.FINAL_CHECK: Words(
        A.FLOOR, N_("Final check"), N_("Look at the finished car before the bill is made.")
    ),
    P.WASH: Words(A.FLOOR, N_("Wash"), N_("See the wash list and report cars as washed.")),
    P.WARRANTY: Words(
        A.MONEY,
        N_("Handle warranty"),
        N_("Look after open claims, what the maker pays, old parts and the maker's payments."),
    ),
    P.SETTLE: Words(A.MONEY, N_("Settle"), N_("Make the bill, take payments and note invoices.")),
    P.DISCOUNT: Words(
        A.MONEY, N_("Give discounts"), N_("Lower a quotation or a bill, with a reason.")
    ),
    P.APPROVE_CREDIT: Words(
        A.MONEY,
        N_("Approve credit"),
        N_("Let a car go before it is paid, on somebody else's request."),
    ),
    P.DELIVER: Words(
        A.MONEY, N_("Hand cars over"), N_("Walk round with the customer and give the gate pass.")
    ),
    P.CHECK_GATE: Words(A.MONEY, N_("Let cars out"), N_("Check gate passes at the gate.")),
    P.FOLLOW_UP: Words(
        A.CARE, N_("Call after the repair"), N_("Make the follow-up calls and note the answers.")
    ),
    P.HANDLE_CASE: Words(
        A.CARE, N_("Handle complaints"), N_("Own complaints and inquiries until they are answered.")
    ),
    P.SUPERVISE: Words(
        A.LEAD, N_("Supervise"), N_("Second calls after complaints, and cases that nobody takes.")
    ),
    P.OVERRIDE: Words(
        A.LEAD,
        N_("Override with a reason"),
        N_("Overbook, and decide what a rule leaves to the manager."),
    ),
    P.MANAGE_STAFF: Words(
        A.LEAD,
        N_("Manage staff"),
        N_("Add people, give roles, change roles, end sessions. Somebody must always hold it."),
    ),
    P.MANAGE_SHOP: Words(
        A.LEAD,
        N_("Manage the shop"),
        N_("Particulars, hours, rules, bays, technicians and skills."),
    ),
    P.MANAGE_CATALOGUE: Words(
        A.LEAD, N_("Manage the catalogue"), N_("Rates, operations, packages, checklists and words.")
    ),
    P.IMPORT_DATA: Words(
        A.LEAD,
        N_("Import data"),
        N_(
            "Bring in customers, cars and lists from files of another system, and take that back. "
            "What the files hold is seen only with the right to see it."
        ),
    ),
    P.MANAGE_PARTS: Words(
        A.LEAD,
        N_("Manage parts"),
        N_("Make and change parts, suppliers, prices and purchases."),
    ),
    P.SEE_COST: Words(A.LEAD, N_("See costs"), N_("Purchase prices and the margin of each line.")),
    P.PAIR_SCREEN: Words(
        A.LEAD,
        N_("Pair screens and devices"),
        N_("Televisions of the lounge, shared phones of the floor."),
    ),
    P.KEEP_BACKUPS: Words(
        A.LEAD,
        N_("Keep backups"),
        N_("Make backups and take them along. One holds everything, the secret key too."),
    ),
    P.READ_AUDIT: Words(
        A.LEAD, N_("Read the audit trail"), N_("See and export who did what to which record.")
    ),
}

SEPARATION = (
    N_("Nobody checks the quality of a car that they have worked on themselves."),
    N_("Who makes the final check of a car does not make its quality check."),
    N_("Credit is approved by somebody else than who asked for it."),
    N_("The follow-up call is not made by the advisor who served the customer."),
    N_("The second call after a complaint is made by neither its owner nor the order's advisor."),
    N_("Who orders parts, takes them in and checks the bill alone says why; it is written down."),
    N_("A session by PIN on a shared device reaches the floor's own pages only."),
    N_("Somebody must be left who manages the staff."),
)
"""What holds in spite of every role: two people, or none at all."""


def words_of(permission: Permission) -> Words:
    """The words of a permission; one that has none yet shows its own name."""
    unsaid = Words(Area.LEAD, permission.value.replace("_", " "), "")
    return _WORDS.get(permission, unsaid)


def list_areas(
    permissions: frozenset[Permission] | None = None,
) -> list[tuple[Area, list[Permission]]]:
    """The permissions by area, in the order of the day; only these, when they are named."""
    shown = [each for each in Permission if permissions is None or each in permissions]
    by_area = [(area, [each for each in shown if words_of(each).area is area]) for area in Area]
    return [(area, found) for area, found in by_area if found]
