"""What the pages of roles show: the matrix, one role, and what follows for one person."""

from __future__ import annotations

from dataclasses import dataclass

from workshop.staff.models import Role, User
from workshop.staff.permissions import Permission
from workshop.staff.roles import queries, words
from workshop.staff.roles.words import Area, Words


@dataclass(frozen=True)
class MatrixRow:
    """One permission, and for each shown role whether it holds it."""

    words: Words
    held: list[bool]


@dataclass(frozen=True)
class Matrix:
    """All permissions by area against all roles that are given."""

    roles: list[Role]
    retired: list[Role]
    holders: dict[int, int]
    areas: list[tuple[Area, list[MatrixRow]]]


def make_matrix(branch_id: int) -> Matrix:
    """The matrix, with how many people of the branch hold each role."""
    every = queries.list_all()
    given = [each for each in every if each.retired_at is None]
    may = [set(each.permissions) for each in given]
    areas = [
        (area, [MatrixRow(words.words_of(p), [p.value in held for held in may]) for p in found])
        for area, found in words.list_areas()
    ]
    retired = [each for each in every if each.retired_at is not None]
    return Matrix(given, retired, queries.count_holders(branch_id), areas)


@dataclass(frozen=True)
class Tick:
    """One permission on the page of a role."""

    value: str
    words: Words
    is_held: bool


def list_ticks(held: frozenset[Permission]) -> list[tuple[Area, list[Tick]]]:
    """All permissions by area, ticked where the role holds them."""
    return [
        (area, [Tick(each.value, words.words_of(each), each in held) for each in found])
        for area, found in words.list_areas()
    ]


@dataclass(frozen=True)
class Right:
    """What somebody may do, and which roles give it."""

    words: Words
    given_by: list[Role]


def list_rights(user: User) -> list[tuple[Area, list[Right]]]:
    """What the person's roles add up to, by area."""
    held = frozenset(Permission(name) for role in user.roles for name in role.permissions)
    return [
        (area, [Right(words.words_of(each), _givers(user, each)) for each in found])
        for area, found in words.list_areas(held)
    ]


def list_missing(user: User) -> list[Words]:
    """What none of the person's roles allows."""
    held = {name for role in user.roles for name in role.permissions}
    return [words.words_of(each) for each in Permission if each.value not in held]


def _givers(user: User, permission: Permission) -> list[Role]:
    return [role for role in user.roles if permission.value in role.permissions]
