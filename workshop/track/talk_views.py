"""What the customer writes from the link, and the pictures of the messages."""

from __future__ import annotations

from flask import Response, make_response, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock
from workshop.errors import N_
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.staff.access import public
from workshop.thread import queries, service
from workshop.track import cookie, page
from workshop.track.blueprint import bp
from workshop.track.forms import SayForm


@bp.post("/t/<token>/say")
@public
def say(token: str) -> ResponseReturnValue:
    """Write to the shop. A forwarded link writes only for who knows the phone number's end."""
    order, form = page.open_order(token), SayForm()
    if not cookie.may_write(order.id) and not _proves(order, form):
        return page.render(page.open_order(token), token, say_form=form)
    if not form.carry_out(lambda: _say(order, form)):
        return page.render(page.open_order(token), token, say_form=form)
    answer = make_response(redirect(url_for("track.show_order", token=token, _anchor="talk")))
    cookie.note_writer(answer, order.id)
    return answer


def _proves(order: RepairOrder, form: SayForm) -> bool:
    """Whether the writer knows the number; a wrong try stays counted when the rest is dropped."""
    found: list[bool] = []
    if not form.carry_out(
        lambda: found.append(service.prove(order, form.tail.data or "", at=clock.now()))
    ):
        return False
    if not found[0]:
        form.tail.errors = [gettext(_WRONG)]
    return found[0]


_WRONG = N_("These are not the last four digits of your phone number.")


def _say(order: RepairOrder, form: SayForm) -> None:
    at, words = clock.now(), form.words.data or ""
    service.say(order, words, wish=form.asked, photo=form.picture, at=at)


@bp.get("/t/<token>/message/<int:message_id>")
@public
def message_picture(token: str, message_id: int) -> ResponseReturnValue:
    """The picture of a message of this order."""
    order = page.open_order(token)
    kept = orders.get_attachment(queries.get_photo_id(order, message_id), order.branch_id)
    answer = Response(kept.data, mimetype=kept.mime)
    answer.headers["Cache-Control"] = "private, max-age=86400"
    return answer
