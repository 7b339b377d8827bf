"""Who may do what the reader may not: their names in a sentence, and the form that asks them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from wtforms.fields.choices import SelectChoice

from workshop import clock, web
from workshop.duties import queries
from workshop.duties.forms import AskForm
from workshop.duties.queries import WhoMay
from workshop.errors import N_, Instead, Missing, NotAllowed, RuleBroken, WorkshopError
from workshop.shop.models import Branch
from workshop.staff import access
from workshop.staff.access import find_me, me
from workshop.staff.models import User
from workshop.staff.permissions import Permission
from workshop.staff.roles.words import words_of
from workshop.web.ways import Others

# A sentence names so many people and no more.
_MOST_NAMED = 3
_KEY = "duties_who_may"


@dataclass(frozen=True)
class WhoBox:
    """Who may do what was refused, and the form that asks them."""

    who: WhoMay
    form: AskForm
    is_asked: bool
    may_give: bool
    said: Missing | None = None

    @property
    def choices(self) -> list[User]:
        """Who can be asked: who may, or else who gives the right."""
        return self.who.people or self.who.givers

    @property
    def with_choices(self) -> AskForm:
        """The form that offers them, and whoever comes first."""
        anybody = SelectChoice(0, gettext("Whoever comes first"))
        people = [SelectChoice(each.id, each.display_name) for each in self.choices]
        self.form.of.choices = [anybody, *people]
        return self.form


def box_of(
    error: WorkshopError | None, branch: Branch | None, user: User | None, at: datetime
) -> WhoBox | None:
    """The box below a refusal of a permission; None for another refusal, and for strangers."""
    if not isinstance(error, NotAllowed) or branch is None or user is None:
        return None
    rights = _named(error.way.rights) if isinstance(error.way, Instead) else set()
    if not rights or rights & user.rights or user.reach is not None:
        return None
    said = Missing(error.message, error.code, error.values)
    return make_box(rights, branch, user, at, _asked_path(), said)


def make_box(
    rights: set[Permission],
    branch: Branch,
    user: User,
    at: datetime,
    path: str,
    said: Missing | None = None,
) -> WhoBox:
    """The box for these rights, of which one is enough; `said` is what was refused, in words."""
    names = _joined(rights)
    asked = queries.list_asked_by(user)
    return WhoBox(
        _who(rights, branch, user, at),
        AskForm.blank(rights=names, path=path),
        any(each.is_open and (each.rights, each.path) == (names, path) for each in asked),
        user.may(Permission.MANAGE_STAFF),
        said,
    )


def of_endpoint(endpoint: str, path: str) -> Others | None:
    """Who may open a page; None when the reader may."""
    missing = access.rights_to_open(endpoint)
    wanted = Instead(frozenset(each.value for each in missing))
    return of_rights(wanted, path) if missing else None


def of_rights(wanted: Instead, path: str | None = None) -> Others | None:
    """Who holds one of the rights; None when the reader does and no other person is needed."""
    user, branch = find_me(), g.get("branch")
    rights = _named(wanted.rights)
    if user is None or branch is None:
        return None
    holds = bool(user.rights & rights)
    if holds and not wanted.another:
        return None
    who = _who(rights, branch, user, clock.now())
    can_ask = user.reach is None and not holds and (who.people or who.givers)
    url = url_for("duties.who", rights=_joined(rights), path=path or _asked_path())
    return Others(_sentence(who, user), url if can_ask else None)


def show(rights: set[Permission], path: str) -> ResponseReturnValue:
    """The page that names who may, and asks them. Raises RuleBroken for who may themselves."""
    if not rights or rights & me().rights:
        raise RuleBroken(N_("You may do this yourself."), code="may")
    box = make_box(rights, g.branch, me(), clock.now(), path)
    lets = [words_of(each) for each in Permission if each in rights]
    return web.page("duties/who.html", box=box, lets=lets, path=path)


def read_rights(text: str) -> set[Permission]:
    """Rights by their names, with commas between; an unknown one is left out."""
    return _named({each.strip() for each in text.split(",")})


def _named(names: set[str] | frozenset[str]) -> set[Permission]:
    return {each for each in Permission if each.value in names}


def _joined(rights: set[Permission]) -> str:
    return ",".join(sorted(each.value for each in rights))


def _who(rights: set[Permission], branch: Branch, user: User, at: datetime) -> WhoMay:
    # A page says the same of many lines, and reads it once.
    kept: dict[frozenset[Permission], WhoMay] = g.setdefault(_KEY, {})
    key = frozenset(rights)
    if key not in kept:
        kept[key] = queries.who_may(branch, rights, at, besides=user)
    return kept[key]


def _sentence(who: WhoMay, user: User) -> str:
    if who.here:
        return str(gettext("%(people)s may do it.", people=_names(who.here)))
    if who.others:
        people = _names(who.others)
        return str(gettext("%(people)s may do it, but is not at work now.", people=people))
    if who.givers:
        people = _names(who.givers)
        return str(gettext("Nobody here may do it; %(people)s can give the right.", people=people))
    if user.may(Permission.MANAGE_STAFF):
        return str(gettext("Nobody else here may do it. You can give the right to somebody."))
    return str(gettext("Nobody else here may do it."))


def _names(people: list[User]) -> str:
    named = [each.display_name for each in people[:_MOST_NAMED]]
    return str(web.show_value(named)) + ("…" if len(people) > _MOST_NAMED else "")


def _asked_path() -> str:
    """The page itself, or the one that the refused button stands on."""
    if request.method == "GET":
        return request.path
    referrer = request.referrer or ""
    inside = referrer.removeprefix(request.host_url.rstrip("/"))
    return web.own_path(inside) if referrer.startswith(request.host_url) else request.path
