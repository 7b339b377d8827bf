"""What people may do, and the presets by role (domain.md §2). Default deny."""

from __future__ import annotations

from enum import Enum

from workshop.enums import LabelledEnum
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
