"""The card of each new person: shop, name, sign-in name, and the one-time link as a QR and text."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from flask_babel import force_locale, gettext

from workshop import paper
from workshop.shop import letterhead
from workshop.shop.models import Branch
from workshop.staff import links
from workshop.staff.models import User
from workshop.web import display
from workshop.web.hosts import full_address


def make_cards(branch: Branch, users: Sequence[User], at: datetime) -> bytes:
    """The cards of these people, each in the language that the person reads."""
    sheet = letterhead.look_of(branch).paper_size.value
    return paper.cards([_card(branch, user, at) for user in users], gettext("Sign-in cards"), sheet)


def _card(branch: Branch, user: User, at: datetime) -> paper.Card:
    token = links.make_token(user, current_app.config["SECRET_KEY"])
    until = links.valid_until(at)
    with force_locale(user.locale):
        roles = gettext(user.role_label) if user.roles else ""
        return paper.Card(
            shop=branch.name,
            heading=gettext("Sign-in card for"),
            name=user.display_name,
            facts=(
                (gettext("Sign-in name"), user.username),
                (gettext("Role"), roles),
                (
                    gettext("Valid until"),
                    display.show_printed(until),
                ),
            ),
            url=full_address("staff.welcome", token=token),
            steps=(
                gettext("Scan the code with your phone, or type the address below."),
                gettext("Choose a password of your own; nobody else knows it."),
                gettext("From then on sign in with your sign-in name and the password."),
            ),
            foot=gettext("The link works once. A newer card ends this one."),
        )
