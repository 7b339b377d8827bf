"""The booking page that is open to everybody, and the page of one request."""

from __future__ import annotations

from flask import Response, g, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale

from workshop import clock, db, web
from workshop.book import page
from workshop.book.blueprint import bp
from workshop.book.forms import AskForm, HoldForm
from workshop.errors import NotFound
from workshop.shop.models import Branch
from workshop.staff.access import find_me, public
from workshop.steps.booking.online import by_link, holding, queries
from workshop.steps.booking.online.models import OnlineBooking
from workshop.web import headers


@bp.errorhandler(NotFound)
def answer_unknown(error: NotFound) -> ResponseReturnValue:
    """Guessed, mistyped or not offered any more: the same page, which gives nothing away."""
    db.rollback()
    if find_me() is not None:
        return web.error_page(error)
    return web.page("track/unknown.html", 404)


@bp.after_request
def keep_private(response: Response) -> Response:
    """No other site learns the address of a request."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    if page.is_framed() and g.get("branch") is not None:
        headers.allow_frames(response, queries.rules_of(g.branch).allowed_origins)
    return response


@bp.get("/embed/book/<code>", endpoint="embed_start")
@bp.get("/book/<code>")
@public
def start(code: str) -> ResponseReturnValue:
    """The services, and the free times of the one that was chosen."""
    return page.render_start(page.open_branch(code))


@bp.post("/embed/book/<code>", endpoint="embed_hold")
@bp.post("/book/<code>")
@public
def hold(code: str) -> ResponseReturnValue:
    """Keep the chosen time for some minutes."""
    branch, form = page.open_branch(code), HoldForm()
    if form.carry_out(lambda: _hold(branch, form)):
        return redirect(page.links_of(branch).show(form.token()), 303)
    return page.render_start(page.open_branch(code), form)


def _hold(branch: Branch, form: HoldForm) -> OnlineBooking:
    form.refuse_robots()
    return holding.hold(
        branch,
        page.find_work(branch, form.service.data or "", form.chosen_size),
        form.chosen(),
        form.phone.data or "",
        token=form.token(),
        locale=str(get_locale() or "zh_CN")[:10],
        at=clock.now(),
    )


def _open(token: str) -> OnlineBooking:
    booking = queries.get_by_token(token)
    page.open_branch(booking.branch.code)
    return booking


@bp.get("/embed/at/<token>", endpoint="embed_show")
@bp.get("/book/at/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """The held time and its form, or what became of the request; opening it changes nothing."""
    return page.render_booking(_open(token), token)


@bp.post("/embed/at/<token>", endpoint="embed_ask")
@bp.post("/book/at/<token>")
@public
def ask(token: str) -> ResponseReturnValue:
    """Ask for the time that is held; sent twice it is asked for once."""
    booking, form = _open(token), AskForm()
    links = page.links_of(booking.branch)
    if form.carry_out(lambda: _ask(booking, form)):
        return redirect(links.show(token), 303)
    return page.render_booking(_open(token), token, form)


@bp.post("/book/at/<token>/cancel")
@public
def cancel(token: str) -> ResponseReturnValue:
    """The customer does not come; twice is once."""
    booking = _open(token)
    refusal = web.carry_out(lambda: by_link.cancel(booking, at=clock.now()))
    if refusal is not None:
        return page.render_booking(_open(token), token, refusal=refusal)
    return redirect(url_for("book.show", token=token), 303)


@bp.get("/book/at/<token>/visit.ics")
@public
def calendar_entry(token: str) -> ResponseReturnValue:
    """The visit for the customer's own calendar."""
    return Response(page.write_calendar(_open(token)), mimetype="text/calendar")


def _ask(booking: OnlineBooking, form: AskForm) -> OnlineBooking:
    form.refuse_robots()
    return holding.ask(booking, form.details(), at=clock.now(), slot_at=form.other_time())
