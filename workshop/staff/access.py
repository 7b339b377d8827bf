"""Who may call a URL. A view declares it; what declares nothing is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from workshop import clock
from workshop.errors import N_, NotAllowed
from workshop.listing import Asked
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission

V = TypeVar("V", bound=Callable[..., Any])

_DECLARED = "_workshop_access"
_ON_FLOOR = "_workshop_on_floor"
_BEFORE_FACTOR = "_workshop_before_second_factor"
# Endpoints of libraries, which cannot declare anything themselves.
_LIBRARY_ENDPOINTS = frozenset(
    {
        "static",
        "security.login",
        "security.logout",
        "security.mf_recovery",
        "security.two_factor_token_validation",
        "security.wan_signin",
        "security.wan_signin_response",
    }
)
# They act for who is signed in, and ask themselves how long ago the password was given.
_LIBRARY_OWN = frozenset({"security.wan_register", "security.wan_register_response"})


def requires(*permissions: Permission) -> Callable[[V], V]:
    """Open a view to signed-in users who hold at least one of the permissions."""
    if not permissions:
        raise ValueError("name at least one permission, or use @signed_in")

    def declare(view: V) -> V:
        setattr(view, _DECLARED, frozenset(permissions))
        return view

    return declare


def signed_in(view: V) -> V:
    """Open a view to everybody who is signed in."""
    setattr(view, _DECLARED, frozenset(Permission))
    return view


def on_floor(view: V) -> V:
    """Open a view that is for everybody to sessions by PIN as well."""
    setattr(view, _ON_FLOOR, True)
    return view


def before_second_factor(view: V) -> V:
    """Open a view to people whose role asks for a second factor that they have not set up yet."""
    setattr(view, _BEFORE_FACTOR, True)
    return view


def public(view: V) -> V:
    """Open a view to everybody, signed in or not."""
    setattr(view, _DECLARED, None)
    return view


def declared(endpoint: str, app: Flask) -> frozenset[Permission] | bool | None:
    """What an endpoint declares: permissions, None for public, False when it declares nothing."""
    if endpoint in _LIBRARY_ENDPOINTS:
        return None
    if endpoint in _LIBRARY_OWN:
        return frozenset(Permission)
    return cast(
        "frozenset[Permission] | bool | None",
        getattr(app.view_functions[endpoint], _DECLARED, False),
    )


def rights_to_open(endpoint: str) -> frozenset[Permission]:
    """The rights of which one would open a page to who reads; none when it is open to them."""
    wanted = declared(endpoint, current_app)
    if not wanted or wanted == frozenset(Permission):
        return frozenset()
    allowed = cast("frozenset[Permission]", wanted)
    user = find_me()
    return frozenset() if user is not None and user.rights & allowed else allowed


def is_stranger() -> bool:
    """Whether nobody of the shop is signed in here."""
    return find_me() is None


def find_me() -> User | None:
    """The signed-in user, if any."""
    return cast(User, current_user._get_current_object()) if _is_signed_in() else None


def me() -> User:
    """The signed-in user of this request; raises NotAllowed when there is none."""
    user = find_me()
    if user is None:
        raise NotAllowed(N_("Please sign in."))
    return user


def asked() -> Asked:
    """What this request asks of a list: its reader, its filter, this moment."""
    return Asked(g.branch, me(), request.values, clock.now())


def guard() -> ResponseReturnValue | None:
    """Before each request: refuse what is not declared, send strangers to the sign-in."""
    if request.endpoint is None:
        return None
    wanted = declared(request.endpoint, current_app)
    if wanted is None:
        return None
    if wanted is False:
        raise NotAllowed(N_("Nobody may open this page."))
    user = find_me()
    if user is None:
        return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
    allowed = cast("frozenset[Permission]", wanted)
    if user.reach is not None and not _is_on_floor(user.reach, allowed):
        raise NotAllowed(
            N_("This shared device opens the floor's own pages only. Use your password elsewhere."),
            code="floor_only",
        )
    if user.needs_second_factor and not _has(_BEFORE_FACTOR):
        return redirect(url_for("staff.second_factor"))
    if allowed != frozenset(Permission) and not user.rights & allowed:
        raise staff.refuse_without(allowed)
    return None


def _is_on_floor(reach: frozenset[Permission], allowed: frozenset[Permission]) -> bool:
    """Whether a session that reaches no further may open the page.

    A page that others open by another right may show more than the floor's own.
    """
    if allowed == frozenset(Permission):
        return _has(_ON_FLOOR)
    return allowed <= reach


def _has(mark: str) -> bool:
    return bool(getattr(current_app.view_functions[str(request.endpoint)], mark, False))


def _is_signed_in() -> bool:
    return bool(current_user and current_user.is_authenticated and current_user.is_active)
