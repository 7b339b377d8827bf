"""The people, what their roles may do, and the shared devices, as lists."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workshop.errors import N_
from workshop.listing import Asked, Column, ListSheet, Msgid
from workshop.staff import people
from workshop.staff import service as staff
from workshop.staff.floor import queries as floor
from workshop.staff.models import Role, User
from workshop.staff.permissions import Permission
from workshop.staff.roles import queries as roles
from workshop.staff.roles import words
from workshop.staff.roles.words import Words


@dataclass(frozen=True)
class _Held:
    """A role and one of the permissions, held or not."""

    role: Role
    words: Words
    is_held: bool


def _matrix(_asked: Asked) -> Iterator[_Held]:
    for role in roles.list_all():
        if role.retired_at is None:
            for each in Permission:
                yield _Held(role, words.words_of(each), each.value in role.permissions)


def _language(user: User) -> Msgid:
    return Msgid(N_("Chinese") if user.locale == "zh_CN" else N_("English"))


SHEETS = (
    ListSheet(
        "staff",
        N_("Staff"),
        "staff.index",
        (
            Column(N_("Name"), lambda user: user.display_name),
            Column(N_("Sign-in name"), lambda user: user.username),
            Column(N_("Roles"), lambda user: [Msgid(role.label) for role in user.roles]),
            Column(N_("Language"), _language),
            Column(N_("Works here"), lambda user: user.active),
            Column(N_("On record since"), lambda user: user.created_at),
        ),
        lambda asked: [
            *staff.list_users(asked.branch.id),
            *people.list_former(asked.branch.id),
        ],
    ),
    ListSheet(
        "roles",
        N_("Roles and permissions"),
        "staff.matrix",
        (
            Column(N_("Role"), lambda row: Msgid(row.role.label)),
            Column(N_("Area"), lambda row: row.words.area),
            Column(N_("Permission"), lambda row: Msgid(row.words.label)),
            Column(N_("Held"), lambda row: row.is_held),
        ),
        _matrix,
    ),
    ListSheet(
        "devices",
        N_("Shared devices"),
        "staff.devices",
        (
            Column(N_("Name"), lambda device: device.name),
            Column(N_("Paired"), lambda device: device.paired_at),
            Column(N_("Last seen"), lambda device: device.last_seen_at),
        ),
        lambda asked: floor.list_devices(asked.branch.id),
    ),
)
