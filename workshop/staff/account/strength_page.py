"""The meter beside a new password: what it asks the shop, and what it is answered."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop.staff.account import passwords
from workshop.staff.models import User


def shop_names(branch: object) -> list[str]:
    """What a guesser knows of the shop."""
    return [str(getattr(branch, each, "") or "") for each in ("name", "code", "phone")]


def answer(user: User, branch: object) -> ResponseReturnValue:
    """The score from 0 to 4, its words and an advice."""
    typed = request.form.get("password", "")
    judged = passwords.judge(user, typed, shop_names(branch))
    words = gettext(judged.label)
    advice = gettext(judged.advice) if judged.advice else ""
    return jsonify(score=judged.score, words=words, advice=advice, enough=judged.is_enough)
