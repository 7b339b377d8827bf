"""What people may do, and the presets by role (domain.md §2). Default deny."""

from __future__ import annotations

from enum import Enum
from typing import Self

from workshop.enums import LabelledEnum
from workshop.errors import N_


class RoleName(LabelledEnum):
    """The roles of a shop, by their standard names."""

    SERVICE_MANAGER = "service_manager", N_("Service manager")
    SERVICE_ADVISOR = "service_advisor", N_("Service advisor")
    SERVICE_ASSISTANT = "service_assistant", N_("Service assistant")
    JOB_CONTROLLER = "job_controller", N_("Job controller")
    TEAM_LEADER = "team_leader", N_("Team leader")
    TECHNICIAN = "technician", N_("Technician")
    QUALITY_INSPECTOR = "quality_inspector", N_("Quality inspector")
    PARTS_CLERK = "parts_clerk", N_("Parts clerk")
    CASHIER = "cashier", N_("Cashier")
    CUSTOMER_RELATIONS = "customer_relations", N_("Customer relations officer")
    LOUNGE_ATTENDANT = "lounge_attendant", N_("Lounge attendant")
    GREETER = "greeter", N_("Greeter")
    WARRANTY_CLERK = "warranty_clerk", N_("Warranty clerk")
    WASHER = "washer", N_("Washer")
    ADMINISTRATOR = "administrator", N_("Administrator")


R = RoleName


class Permission(Enum):
    """One right with the roles that have it: `NAME = "value", R.ROLE, …`; see PRESETS.

    A view names those that open it; a service asks again where duties part.
    """

    roles: tuple[RoleName, ...]

    def __new__(cls, value: str, *roles: RoleName) -> Self:
        """Keep the roles beside the value."""
        member = object.__new__(cls)
        member._value_ = value
        member.roles = roles
        return member

    VIEW_ORDERS = (
        "view_orders",
        R.SERVICE_ADVISOR,
        R.SERVICE_ASSISTANT,
        R.JOB_CONTROLLER,
        R.TEAM_LEADER,
        R.QUALITY_INSPECTOR,
        R.PARTS_CLERK,
        R.CASHIER,
        R.CUSTOMER_RELATIONS,
        R.WARRANTY_CLERK,
    )
    VIEW_CUSTOMERS = (
        "view_customers",
        R.SERVICE_ADVISOR,
        R.SERVICE_ASSISTANT,
        R.CASHIER,
        R.CUSTOMER_RELATIONS,
    )
    BOOK = "book", R.SERVICE_ADVISOR, R.SERVICE_ASSISTANT, R.CUSTOMER_RELATIONS
    RECEIVE = "receive", R.SERVICE_ADVISOR
    REGISTER_ARRIVAL = "register_arrival", R.SERVICE_ADVISOR, R.SERVICE_ASSISTANT, R.GREETER
    QUOTE = "quote", R.SERVICE_ADVISOR
    CARE = "care", R.SERVICE_ADVISOR, R.LOUNGE_ATTENDANT
    SCHEDULE = "schedule", R.SERVICE_ADVISOR, R.JOB_CONTROLLER, R.TEAM_LEADER
    CHANGE_TIME = "change_time", R.SERVICE_ADVISOR
    PICK_PARTS = "pick_parts", R.PARTS_CLERK
    CORRECT_ATTENDANCE = "correct_attendance", R.JOB_CONTROLLER
    WORK = "work", R.TECHNICIAN
    REQUEST_ADDITION = "request_addition", R.SERVICE_ADVISOR, R.TEAM_LEADER, R.TECHNICIAN
    INSPECT = "inspect", R.TEAM_LEADER, R.QUALITY_INSPECTOR
    FINAL_CHECK = "final_check", R.SERVICE_ADVISOR
    WASH = "wash", R.SERVICE_ADVISOR, R.WASHER
    SETTLE = "settle", R.SERVICE_ADVISOR, R.CASHIER
    DISCOUNT = "discount"
    APPROVE_CREDIT = "approve_credit"
    DELIVER = "deliver", R.SERVICE_ADVISOR
    CHECK_GATE = "check_gate", R.GREETER
    FOLLOW_UP = "follow_up", R.CUSTOMER_RELATIONS
    HANDLE_CASE = "handle_case", R.SERVICE_ADVISOR, R.CUSTOMER_RELATIONS
    SUPERVISE = "supervise"
    WARRANTY = "warranty", R.WARRANTY_CLERK
    CANCEL_ORDER = "cancel_order", R.SERVICE_ADVISOR
    OVERRIDE = "override"
    MANAGE_STAFF = "manage_staff", R.ADMINISTRATOR
    MANAGE_SHOP = "manage_shop", R.ADMINISTRATOR
    # New parts, prices and suppliers; what a part costs us is seen apart.
    MANAGE_PARTS = "manage_parts", R.PARTS_CLERK
    SEE_COST = "see_cost", R.PARTS_CLERK
    MANAGE_CATALOGUE = "manage_catalogue", R.ADMINISTRATOR
    # Files of an old system, with all the customers and cars in them.
    IMPORT_DATA = "import_data"
    # An archive holds everything, the secret key too.
    KEEP_BACKUPS = ("keep_backups",)
    PAIR_SCREEN = "pair_screen", R.ADMINISTRATOR
    READ_AUDIT = "read_audit", R.ADMINISTRATOR


def _list_rights(role: RoleName) -> frozenset[Permission]:
    # The manager may do everything except the work of the hands: that stays with its roles.
    if role is RoleName.SERVICE_MANAGER:
        return frozenset(Permission) - {Permission.WORK}
    return frozenset(right for right in Permission if role in right.roles)


PRESETS = {role: _list_rights(role) for role in RoleName}
"""What each role of a new shop may do."""

FLOOR_REACH = frozenset({Permission.WORK, Permission.REQUEST_ADDITION})
"""How far a session reaches that began with a PIN on a shared device, whatever the roles give."""
