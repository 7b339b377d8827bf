"""What people may do, and the presets by role (domain.md §2). Default deny."""

from __future__ import annotations

from enum import Enum

from workshop.errors import N_


class Permission(Enum):
    """One right. A view names those that open it; a service asks again where duties part."""

    VIEW_ORDERS = "view_orders"
    VIEW_CUSTOMERS = "view_customers"
    BOOK = "book"
    RECEIVE = "receive"
    REGISTER_ARRIVAL = "register_arrival"
    QUOTE = "quote"
    CARE = "care"
    SCHEDULE = "schedule"
    CHANGE_TIME = "change_time"
    PICK_PARTS = "pick_parts"
    CORRECT_ATTENDANCE = "correct_attendance"
    WORK = "work"
    REQUEST_ADDITION = "request_addition"
    INSPECT = "inspect"
    FINAL_CHECK = "final_check"
    WASH = "wash"
    SETTLE = "settle"
    DISCOUNT = "discount"
    APPROVE_CREDIT = "approve_credit"
    DELIVER = "deliver"
    CHECK_GATE = "check_gate"
    FOLLOW_UP = "follow_up"
    HANDLE_CASE = "handle_case"
    SUPERVISE = "supervise"
    WARRANTY = "warranty"
    CANCEL_ORDER = "cancel_order"
    OVERRIDE = "override"
    MANAGE_STAFF = "manage_staff"
    MANAGE_SHOP = "manage_shop"
    PAIR_SCREEN = "pair_screen"


P = Permission


class RoleName(Enum):
    """The roles of a shop, by their standard names."""

    SERVICE_MANAGER = "service_manager"
    SERVICE_ADVISOR = "service_advisor"
    SERVICE_ASSISTANT = "service_assistant"
    JOB_CONTROLLER = "job_controller"
    TEAM_LEADER = "team_leader"
    TECHNICIAN = "technician"
    QUALITY_INSPECTOR = "quality_inspector"
    PARTS_CLERK = "parts_clerk"
    CASHIER = "cashier"
    CUSTOMER_RELATIONS = "customer_relations"
    LOUNGE_ATTENDANT = "lounge_attendant"
    GREETER = "greeter"
    WARRANTY_CLERK = "warranty_clerk"
    WASHER = "washer"
    ADMINISTRATOR = "administrator"

    @property
    def label(self) -> str:
        return ROLE_LABELS[self]


ROLE_LABELS: dict[RoleName, str] = {
    RoleName.SERVICE_MANAGER: N_("Service manager"),
    RoleName.SERVICE_ADVISOR: N_("Service advisor"),
    RoleName.SERVICE_ASSISTANT: N_("Service assistant"),
    RoleName.JOB_CONTROLLER: N_("Job controller"),
    RoleName.TEAM_LEADER: N_("Team leader"),
    RoleName.TECHNICIAN: N_("Technician"),
    RoleName.QUALITY_INSPECTOR: N_("Quality inspector"),
    RoleName.PARTS_CLERK: N_("Parts clerk"),
    RoleName.CASHIER: N_("Cashier"),
    RoleName.CUSTOMER_RELATIONS: N_("Customer relations officer"),
    RoleName.LOUNGE_ATTENDANT: N_("Lounge attendant"),
    RoleName.GREETER: N_("Greeter"),
    RoleName.WARRANTY_CLERK: N_("Warranty clerk"),
    RoleName.WASHER: N_("Washer"),
    RoleName.ADMINISTRATOR: N_("Administrator"),
}

_OFFICE = {P.VIEW_ORDERS, P.VIEW_CUSTOMERS}

PRESETS: dict[RoleName, frozenset[Permission]] = {
    # The manager may do everything except the work of the hands: those stay with their roles.
    RoleName.SERVICE_MANAGER: frozenset(P) - {P.WORK},
    RoleName.SERVICE_ADVISOR: frozenset(
        _OFFICE
        | {P.BOOK, P.RECEIVE, P.REGISTER_ARRIVAL, P.QUOTE, P.CARE, P.SCHEDULE, P.CHANGE_TIME}
        | {P.REQUEST_ADDITION, P.FINAL_CHECK, P.SETTLE, P.DELIVER, P.HANDLE_CASE, P.CANCEL_ORDER}
        | {P.WASH}
    ),
    RoleName.SERVICE_ASSISTANT: frozenset(_OFFICE | {P.BOOK, P.REGISTER_ARRIVAL}),
    RoleName.JOB_CONTROLLER: frozenset({P.VIEW_ORDERS, P.SCHEDULE, P.CORRECT_ATTENDANCE}),
    RoleName.TEAM_LEADER: frozenset({P.VIEW_ORDERS, P.INSPECT, P.REQUEST_ADDITION, P.SCHEDULE}),
    RoleName.TECHNICIAN: frozenset({P.WORK, P.REQUEST_ADDITION}),
    RoleName.QUALITY_INSPECTOR: frozenset({P.VIEW_ORDERS, P.INSPECT}),
    RoleName.PARTS_CLERK: frozenset({P.VIEW_ORDERS, P.PICK_PARTS}),
    RoleName.CASHIER: frozenset(_OFFICE | {P.SETTLE}),
    RoleName.CUSTOMER_RELATIONS: frozenset(_OFFICE | {P.BOOK, P.FOLLOW_UP, P.HANDLE_CASE}),
    RoleName.LOUNGE_ATTENDANT: frozenset({P.CARE}),
    RoleName.GREETER: frozenset({P.REGISTER_ARRIVAL, P.CHECK_GATE}),
    RoleName.WARRANTY_CLERK: frozenset({P.VIEW_ORDERS, P.WARRANTY}),
    RoleName.WASHER: frozenset({P.WASH}),
    RoleName.ADMINISTRATOR: frozenset({P.MANAGE_STAFF, P.MANAGE_SHOP, P.PAIR_SCREEN}),
}
