"""Who works here: new people with roles and skills, and what a file says of who is here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from workshop.errors import N_
from workshop.setup.imports import kind as kinds
from workshop.setup.imports.kind import (
    LEAVE_OUT,
    Choice,
    Difference,
    Judgement,
    Kind,
    Note,
    Place,
    Put,
    Question,
    Row,
    Scope,
    Set,
)
from workshop.setup.imports.kinds.staff_list import colleagues, staff_plans
from workshop.setup.imports.kinds.staff_list.colleagues import Colleague, Colleagues, Known
from workshop.setup.imports.kinds.staff_list.staff_columns import COLUMNS, Named
from workshop.setup.imports.kinds.staff_list.staff_plans import Level, Newcomer
from workshop.sheets import Words
from workshop.shop.queries import HIGH_VOLTAGE
from workshop.staff import names
from workshop.staff.models import Role, both_names
from workshop.staff.permissions import Permission, RoleName


class _Refused(Exception):
    """What a row names is not here."""

    def __init__(self, judgement: Judgement) -> None:
        self.judgement = judgement


class StaffJudge:
    """Judges the rows of one file of people."""

    def __init__(self, scope: Scope) -> None:
        self._branch_id = scope.branch_id
        self._known = Known()
        self._people = Colleagues(scope.branch_id)

    def judge(self, rows: Sequence[Row]) -> list[Judgement]:
        """What becomes of each row."""
        return [self._judge(row) for row in rows]

    def _judge(self, row: Row) -> Judgement:
        try:
            return self._one(row, self._roles(row), self._skills(row))
        except _Refused as refused:
            return refused.judgement

    def _one(self, row: Row, roles: list[Role], skills: dict[int, Level]) -> Judgement:
        name, username, phone = row.values["name"], row.get("username", ""), _phone(row)
        if username:
            known = self._people.by_username.get(username.lower())
            if known is not None and known.name != name:
                words = N_("The sign-in name %(username)s is that of %(name)s. Write another one.")
                return kinds.refused(words, "username", username=username, name=known.name)
            if known is None and username.lower() in {each.lower() for each in self._people.taken}:
                return kinds.refused(N_("The sign-in name is taken."), "username")
        else:
            alike = self._people.by_name.get(name, ())
            known = next((each for each in alike if each.may_be(name, phone)), None)
        if known is not None and known.active:
            return self._meet(row, known, roles, skills)
        return self._new(row, roles, skills, known)

    # ---- What a row names ----

    def _roles(self, row: Row) -> list[Role]:
        said = row.get("roles")
        if said is None:
            preset = self._known.find_preset(RoleName.TECHNICIAN)
            return [preset] if preset else self._refuse_role(RoleName.TECHNICIAN.value)
        found = [self._known.find_role(each) or self._refuse_role(each)[0] for each in said]
        return list(dict.fromkeys(found))

    def _refuse_role(self, said: str) -> list[Role]:
        words = N_("There is no role “%(name)s” here. Roles here: %(roles)s.")
        offered = [each.shown for each in self._known.roles]
        raise _Refused(kinds.refused(words, "roles", name=said, roles=offered))

    def _skills(self, row: Row) -> dict[int, Level]:
        level = row.get("level")
        named: list[Named] | None = row.get("skills")
        if named is None:
            # As where people are added by hand: high voltage wants a certificate.
            every = [each for each in self._known.skills if each.code != HIGH_VOLTAGE]
            return {each.id: Level(level) for each in every} if level else {}
        found = {}
        for each in named:
            skill = self._known.find_skill(each.name)
            if skill is None:
                self._refuse_skill(each.name)
            else:
                until = row.get("expires_on") if skill.code == HIGH_VOLTAGE else None
                found[skill.id] = Level(each.level or level or 1, until)
        return found

    def _refuse_skill(self, said: str) -> None:
        words = N_("There is no skill “%(name)s” here. Skills here: %(skills)s.")
        skills = [both_names(each.name_zh, each.name_en) for each in self._known.skills]
        raise _Refused(kinds.refused(words, "skills", name=said, skills=skills))

    # ---- Somebody who is not here ----

    def _new(
        self, row: Row, roles: list[Role], skills: dict[int, Level], left: Colleague | None
    ) -> Judgement:
        """`left` has the same name or sign-in name, and works here no longer."""
        name, username, phone = row.values["name"], row.get("username", ""), _phone(row)
        if left is not None and username:
            words = N_("%(name)s has left. On the page of that person let them come back.")
            return kinds.refused(words, "name", name=name)
        other = left or self._find_doubtful(name, phone)
        username = username or names.suggest_username(name, self._people.taken)
        newcomer = Newcomer(
            row.line, self._branch_id, name, username, phone, roles, skills, row.get("team", "")
        )
        plan = staff_plans.make(newcomer)
        notes = [*self._notes(row, roles)]
        self._people.add(Colleague(None, name, phone, username, row.line))
        if other is not None:
            return _ask_who(other, plan, notes)
        mighty = next((each for each in roles if colleagues.gives_everything(each)), None)
        if mighty is not None:
            return _ask_mighty(name, mighty, plan, notes)
        return kinds.new(*plan, notes=notes)

    def _find_doubtful(self, name: str, phone: str) -> Colleague | None:
        found = [*self._people.by_name.get(name, ())]
        found += self._people.by_phone.get(phone, ()) if phone else ()
        return next(iter(found), None)

    def _notes(self, row: Row, roles: list[Role]) -> Iterator[Note]:
        is_technician = any(each.counts_as(RoleName.TECHNICIAN) for each in roles)
        if not is_technician and (row.get("skills") or row.get("level")):
            said = Words(N_("Skills are kept of technicians only; those of this row are left."))
            yield Note(said, "skills")
        if not is_technician and row.get("team"):
            yield Note(Words(N_("A team is kept of technicians only; it is left.")), "team")
        if is_technician and self._is_without_certificate(row):
            words = N_(
                "High voltage comes without the last day of its certificate: "
                "nobody is warned when it ends."
            )
            yield Note(Words(words), "expires_on")

    def _is_without_certificate(self, row: Row) -> bool:
        found = [self._known.find_skill(each.name) for each in row.get("skills", ())]
        is_named = any(each is not None and each.code == HIGH_VOLTAGE for each in found)
        return is_named and row.get("expires_on") is None

    # ---- Somebody who is here ----

    def _meet(
        self, row: Row, known: Colleague, roles: list[Role], skills: dict[int, Level]
    ) -> Judgement:
        if known.id is None:
            said = Words(N_("Line %(line)s says the same."), {"line": known.line})
            return kinds.same([Note(said)])
        notes = []
        if row.get("roles") is not None and {each.id for each in roles} - known.roles:
            words = Words(N_("Roles of somebody who is here are changed on that person's page."))
            notes.append(Note(words, "roles"))
        plan, shown = self._changes(row, known, skills)
        if not plan:
            return kinds.same(notes)
        return kinds.changed(*plan, differences=shown, notes=notes)

    def _changes(
        self, row: Row, known: Colleague, skills: dict[int, Level]
    ) -> tuple[list[Put | Set], list[Difference]]:
        plan: list[Put | Set] = []
        shown: list[Difference] = []
        assert known.id is not None
        phone = _phone(row)
        if phone and phone != known.phone:
            plan.append(Set("user", known.id, {"phone": phone}))
            shown.append(Difference(N_("Phone"), known.phone or None, phone))
        team = row.get("team")
        if team and known.technician_id is not None and team != known.team:
            plan.append(Set("technician", known.technician_id, {"team": team}))
            shown.append(Difference(N_("Team"), known.team or None, team))
        for skill in self._known.skills if known.technician_id is not None else ():
            held, said = known.skills.get(skill.id), skills.get(skill.id)
            # A level for all skills gives those that are there theirs, and none more.
            if said is None or (held is None and row.get("skills") is None):
                continue
            act = _change_skill(known, skill.id, held, said)
            if act is not None:
                plan.append(act)
                name = both_names(skill.name_zh, skill.name_en)
                shown.append(Difference(name, _shown(held), _shown(said)))
        return plan, shown


def _change_skill(
    known: Colleague, skill_id: int, held: colleagues.HeldSkill | None, said: Level
) -> Put | Set | None:
    assert known.technician_id is not None
    if held is None:
        own = ("technician", known.technician_id)
        return staff_plans.put_skill(known.technician_id, skill_id, said, own)
    values: dict[str, Any] = {}
    if said.level != held.level:
        values["level"] = said.level
    if said.expires_on and said.expires_on != held.expires_on:
        values["expires_on"] = said.expires_on
    return Set("technician_skill", held.id, values) if values else None


def _shown(held: Any) -> str | None:
    if held is None:
        return None
    return f"{held.level} ({held.expires_on})" if held.expires_on else str(held.level)


def _phone(row: Row) -> str:
    phones = row.get("phone")
    return str(phones.numbers[0]) if phones else ""


# ---- What must be asked ----


def _ask_who(other: Colleague, plan: tuple[Put, ...], notes: Sequence[Note]) -> Judgement:
    values = {"name": other.name, "phone": other.phone or "—", "line": other.line}
    if not other.active:
        words = N_("%(name)s with the number %(phone)s worked here, and has left.")
    elif other.id is None:
        words = N_("Line %(line)s has %(name)s with the number %(phone)s.")
    else:
        words = N_("%(name)s with the number %(phone)s works here.")
    both = Choice("both", N_("Somebody else: make this person as well"), plan)
    merge = Choice("merge", N_("The same person: keep the one that is there"))
    choices = (merge, both, LEAVE_OUT) if other.active else (both, LEAVE_OUT)
    label = N_("Perhaps somebody who is here already")
    question = Question("same_person", label, Words(words, values), choices)
    return kinds.doubtful(question, notes)


def _ask_mighty(name: str, role: Role, plan: tuple[Put, ...], notes: Sequence[Note]) -> Judgement:
    words = N_("As “%(role)s” %(name)s may decide what all others may do.")
    choices = (Choice("yes", N_("Give this role"), plan), LEAVE_OUT)
    said = Words(words, {"role": role.shown, "name": name})
    question = Question("mighty", N_("A role with the rights over all others"), said, choices)
    return kinds.doubtful(question, notes)


STAFF = Kind(
    "staff",
    N_("Staff"),
    COLUMNS,
    ("user", "role", "role_user", "technician", "technician_skill", "skill"),
    StaffJudge,
    frozenset({Permission.MANAGE_STAFF, Permission.MANAGE_SHOP}),
    icon="id-card",
    hint=N_("Technicians and everybody else, with roles, skills and levels."),
    places={"user": Place(N_("Person"), "staff.person", "user_id")},
    next_place=Place(N_("Print their cards, with which they sign in first"), "setup.people"),
    tell=staff_plans.tell,
)
