"""The customer's link: where the car is, what has to be decided, and the signature."""

from __future__ import annotations

import segno
from flask import Response, g, make_response, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from workshop import clock, db, web
from workshop.errors import N_, Invalid, NotFound
from workshop.orders import service as orders
from workshop.orders.models import RepairOrder
from workshop.staff.access import me, public, requires
from workshop.staff.permissions import Permission
from workshop.steps.quotation import forms, queries
from workshop.steps.quotation import service as quotation
from workshop.steps.quotation.answers import Answer
from workshop.steps.quotation.models import ConsentChannel, Quotation
from workshop.steps.quotation.sheet import pdf
from workshop.steps.quotation.taking_off import queries as taking_off
from workshop.steps.quotation.taking_off.models import TakeOff
from workshop.steps.repair.changing import taking_off as changing
from workshop.track import cookie, page
from workshop.track import service as track
from workshop.track.forms import AnswerForm

bp = web.blueprint("track", __name__)


@bp.after_request
def keep_private(response: Response) -> Response:
    """No search engine keeps these pages, and no other site learns their address."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    # When this was true, by the shop's clock: the page says so, also when nothing was new.
    response.headers["X-Shop-Time"] = f"{web.local(clock.now()):%H:%M}"
    return response


@bp.errorhandler(NotFound)
def answer_unknown(_error: NotFound) -> ResponseReturnValue:
    """Expired, revoked, retired or guessed: the same page, which gives nothing away."""
    db.rollback()
    return page.render_unknown()


def _open(token: str) -> RepairOrder:
    """The order behind the token, with its shop's name and time zone on the page."""
    order = track.get_order_of(token, clock.now(), cookie.list_opened())
    g.branch = order.branch
    g.zone_name = order.branch.zone
    return order


@bp.get("/t/<token>")
@public
def show_order(token: str) -> ResponseReturnValue:
    """The page; opening it changes nothing, and only the phone remembers it."""
    order = _open(token)
    answer = make_response(page.render(order, token))
    cookie.note_opened(answer, order.id)
    return answer


@bp.get("/t/<token>/<int:quotation_id>/sum")
@public
def add_up(token: str, quotation_id: int) -> ResponseReturnValue:
    """What the lines ticked so far add up to."""
    return page.render_sum(_offered(_open(token), quotation_id))


def _offered(order: RepairOrder, quotation_id: int) -> Quotation:
    found = queries.get_quotation(order, quotation_id)
    if found.is_draft or found.is_replaced:
        raise NotFound(N_("There is no such quotation."))
    return found


@bp.post("/t/<token>/<int:quotation_id>")
@public
def answer(token: str, quotation_id: int) -> ResponseReturnValue:
    """The customer decides on each line and signs."""
    offered = _offered(_open(token), quotation_id)
    form = AnswerForm()
    if form.carry_out(lambda: _record_answer(offered, form)):
        return redirect(url_for("track.show_order", token=token, _anchor="signed"))
    _renew_late(token, quotation_id, form)
    return page.render(_open(token), token, form, quotation_id)


def _record_answer(offered: Quotation, form: AnswerForm) -> None:
    groups = queries.list_groups(offered)
    record = quotation.authorise if offered.is_main else quotation.answer_addition
    decisions = forms.read_decisions(request.form, groups)
    if offered.is_main and len(decisions) == len(groups) and not any(decisions.values()):
        raise Invalid(N_("You declined every line. Press “Decline all” if you want nothing done."))
    record(
        offered,
        decisions,
        channel=ConsentChannel.LINK,
        signer_name=form.signature_typed.data or "",
        signature=web.signature_png(form.signature.data),
        authority=form.authority.data or "",
        device=request.user_agent.string,
        decline_reasons=forms.read_reasons(request.form, groups),
        seen_version=form.seen_version,
        agreed_fen=forms.read_agreed(request.form),
        by=None,
        at=clock.now(),
    )


@bp.post("/t/<token>/less/<int:take_off_id>")
@public
def agree_less(token: str, take_off_id: int) -> ResponseReturnValue:
    """The customer signs for less work than they had authorised."""
    order = _open(token)
    version, form = taking_off.get_version(order, take_off_id), AnswerForm()
    if form.carry_out(lambda: _agree(version, form)):
        return redirect(url_for("track.show_order", token=token, _anchor="signed"))
    return page.render(_open(token), token, less_form=form)


def _agree(version: TakeOff, form: AnswerForm) -> None:
    answer = Answer(
        form.signature_typed.data or "",
        web.signature_png(form.signature.data),
        ConsentChannel.LINK,
        device=request.user_agent.string,
        authority=form.authority.data or "",
    )
    changing.agree(version, answer, by=None, at=clock.now())


def _renew_late(token: str, quotation_id: int, form: AnswerForm) -> None:
    """A time that ran out while the customer thought is offered again at once."""
    if form.is_late:
        offered = _offered(_open(token), quotation_id)
        quotation.renew_promise(offered, by=None, at=clock.now())
        db.commit()


@bp.post("/t/<token>/<int:quotation_id>/decline")
@public
def decline(token: str, quotation_id: int) -> ResponseReturnValue:
    """The customer wants nothing of the offer."""
    offered = _offered(_open(token), quotation_id)
    form, reason = AnswerForm(), request.form.get("reason", "")
    if form.carry_out(
        lambda: quotation.decline(
            offered, reason, by=None, at=clock.now(), seen_version=form.seen_version
        )
    ):
        return redirect(url_for("track.show_order", token=token))
    return page.render(_open(token), token, form, quotation_id)


@bp.get("/t/<token>/<int:quotation_id>.pdf")
@public
def paper(token: str, quotation_id: int) -> ResponseReturnValue:
    """What was offered or signed, as a PDF."""
    found = _offered(_open(token), quotation_id)
    return web.paper(pdf.service_authorisation(found), f"{found.no}-{found.version_no}")


@bp.get("/t/<token>/<int:quotation_id>/photo")
@public
def photo(token: str, quotation_id: int) -> ResponseReturnValue:
    """The picture of what was found."""
    order = _open(token)
    found = _offered(order, quotation_id)
    if found.photo_id is None:
        raise NotFound(N_("There is no such picture."))
    kept = orders.get_attachment(found.photo_id, order.branch_id)
    return Response(kept.data, mimetype=kept.mime)


@bp.get("/orders/<no>/link")
@requires(Permission.QUOTE)
def link(no: str) -> ResponseReturnValue:
    """The customer's link of an order: its QR, its address, and a new one."""
    order = orders.get_order(no, me().branch_id)
    token = session.get("track_links", {}).get(no)
    current = track.find_link(order, clock.now())
    url = None
    if token and current is not None and track.is_token_of(current, token):
        url = web.full_address("track.show_order", token=token)
    return web.page(
        "track/link.html", order=order, link=current, url=url, code=_qr(url) if url else None
    )


@bp.post("/orders/<no>/link")
@requires(Permission.QUOTE)
def make_link(no: str) -> ResponseReturnValue:
    """Make a new link; an older one ends. Its maker may look at it until they sign out."""
    order = orders.get_order(no, me().branch_id)
    token = track.make_link(order, by=me(), at=clock.now())
    db.commit()
    # The newest few are enough: a session cookie is small.
    kept = list(session.get("track_links", {}).items())[-4:]
    session["track_links"] = {**dict(kept), no: token}
    return redirect(url_for("track.link", no=no))


@bp.post("/orders/<no>/link/revoke")
@requires(Permission.QUOTE)
def revoke_link(no: str) -> ResponseReturnValue:
    """End the link at once."""
    track.revoke_link(orders.get_order(no, me().branch_id), by=me(), at=clock.now())
    db.commit()
    return redirect(url_for("track.link", no=no))


def _qr(url: str) -> Markup:
    """The address as a QR drawing; the text comes from segno alone."""
    code = segno.make_qr(url, error="m")
    return Markup(code.svg_inline(scale=6, border=2, omitsize=True, lineclass="", svgclass="qr"))
