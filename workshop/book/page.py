"""All that the pages of online booking show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.book.forms import AskForm, HoldForm
from workshop.catalogue.models import Package
from workshop.customers.models import VehicleClass
from workshop.errors import N_, NotFound, WorkshopError
from workshop.shop import calendar
from workshop.shop.models import Branch
from workshop.steps.booking.online import by_link, calendar_file, holding, offering, queries
from workshop.steps.booking.online.holding import Work
from workshop.steps.booking.online.models import OnlineBooking
from workshop.steps.booking.rules import FreeSlot, Offer

DIAGNOSIS = "other"


@dataclass(frozen=True)
class Links:
    """Where the page's links and forms lead: in a page of its own, or inside another site's."""

    code: str
    framed: bool = False

    def start(self, **values: Any) -> str:
        """The choice of services, or of times."""
        return url_for(self._named("start"), code=self.code, **values)

    @property
    def hold(self) -> str:
        """Where the chosen time is sent."""
        return url_for(self._named("hold"), code=self.code)

    def show(self, token: str) -> str:
        """The page of one request."""
        return url_for(self._named("show"), token=token)

    def ask(self, token: str) -> str:
        """Where name and wish are sent."""
        return url_for(self._named("ask"), token=token)

    def _named(self, name: str) -> str:
        return f"book.embed_{name}" if self.framed else f"book.{name}"


def links_of(branch: Branch) -> Links:
    """The links of the page that is asked for."""
    return Links(branch.code, framed=is_framed())


def is_framed() -> bool:
    """Whether the page is the one for inside another site's."""
    return (request.endpoint or "").startswith("book.embed_")


@dataclass(frozen=True)
class TimeChoice:
    """A time as a radio button."""

    at: datetime
    value: int
    is_chosen: bool
    why: str = ""

    @property
    def day(self) -> date:
        """The shop's day of it."""
        return web.local(self.at).date()


def open_branch(code: str) -> Branch:
    """The branch, with its name and time zone on the page."""
    branch = queries.get_branch(code)
    g.branch, g.zone_name = branch, branch.zone
    return branch


def find_work(branch: Branch, service: str, size: VehicleClass | None) -> Work:
    """The chosen service; raises NotFound for one that is not offered."""
    if service == DIAGNOSIS:
        return Work(None, size)
    number = web.whole(service)
    for each in queries.list_services(branch):
        if each.package_id == number and each.package.active:
            return Work(each.package, size)
    raise NotFound(N_("This service is not offered."))


def render_start(branch: Branch, form: HoldForm | None = None) -> ResponseReturnValue:
    """The services, or the times of the one that was chosen; a refused form as it was sent."""
    given = form.data if form is not None else request.args
    service, size = str(given.get("service") or ""), web.member(VehicleClass, given.get("size"))
    context: dict[str, Any] = {
        "branch": branch,
        "links": links_of(branch),
        "size": size,
        "sizes": list(VehicleClass),
        "service": service,
    }
    if not queries.rules_of(branch).is_open:
        return web.page("book/closed.html", **context)
    today = calendar.local_day(branch, clock.now())
    if not service:
        choices = offering.list_choices(branch, size, today)
        return web.page("book/services.html", choices=choices, **context)
    if form is None:
        form = HoldForm(formdata=None, service=service, size=size.value if size else "")
        form.set_seal()
    shown = _Times(branch, find_work(branch, service, size), form)
    return web.page("book/times.html", form.status, form=form, shown=shown, **context)


class _Times:
    """The days with free times for some work, and what it costs."""

    def __init__(self, branch: Branch, work: Work, form: HoldForm) -> None:
        at = clock.now()
        today = calendar.local_day(branch, at)
        start = _day_of(request.args.get("from")) or today
        self.package: Package | None = work.package
        self.needed = offering.estimate(branch, work.operations, work.size, today)
        own = queries.find_by_token(request.args.get("own", ""))
        own_id = own.id if own is not None and own.is_unfinished else None
        offered = offering.list_days(branch, self.needed.needs, start=start, at=at, own_id=own_id)
        chosen = web.whole(form.slot.data)
        self.best = [_choice(each, chosen) for each in offered.best]
        self.days = [
            (each.day, _choices(each.times, chosen, offered.best)) for each in offered.days
        ]
        self.more_from = offered.more_from
        self.before = max(start - timedelta(days=offering.DAYS_SHOWN), today)
        self.is_later = start > today


def _choice(offer: Offer, chosen: int) -> TimeChoice:
    value = int(offer.slot.at.timestamp())
    return TimeChoice(offer.slot.at, value, value == chosen, offer.reason.label)


def _choices(times: Sequence[FreeSlot], chosen: int, best: Sequence[Offer]) -> list[TimeChoice]:
    """The times of a day; one that stands above among the best is not there twice."""
    above = {each.slot.at for each in best}
    values = [(each.at, int(each.at.timestamp())) for each in times if each.at not in above]
    return [TimeChoice(at, value, value == chosen) for at, value in values]


def _day_of(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def render_booking(
    booking: OnlineBooking,
    token: str,
    form: AskForm | None = None,
    refusal: WorkshopError | None = None,
) -> ResponseReturnValue:
    """The held time with its form, or what became of the request."""
    branch, at = booking.branch, clock.now()
    context: dict[str, Any] = {
        "branch": branch,
        "booking": booking,
        "links": links_of(branch),
        "token": token,
        "at": at,
    }
    if not booking.is_unfinished:
        made = queries.find_current(booking)
        slot_at = made.slot_at if made is not None else booking.slot_at
        return web.page(
            "book/answer.html",
            web.status_of(refusal) if refusal is not None else 200,
            slot_at=slot_at,
            day=web.local(slot_at).date(),
            appointment=made,
            # In a frame there is no cookie, and so no form that changes anything.
            can_cancel=by_link.may_cancel(booking, made, at) and not context["links"].framed,
            refusal=web.error_words(refusal) if refusal is not None else None,
            **context,
        )
    form = form or AskForm(formdata=None)
    is_over = not booking.is_held or booking.held_until <= at
    near = _nearest(booking, at, form) if form.is_gone else []
    return web.page(
        "book/details.html", form.status, form=form, is_over=is_over, near=near, **context
    )


def write_calendar(booking: OnlineBooking) -> bytes:
    """The visit as a file for the customer's own calendar."""
    made, branch = queries.find_current(booking), booking.branch
    visit = calendar_file.Visit(
        uid=f"{booking.token_hash[:32]}@booking",
        sequence=booking.version + (made.id if made is not None else 0),
        starts_at=made.slot_at if made is not None else booking.slot_at,
        minutes=booking.minutes,
        zone=branch.zone,
        title=gettext("Visit at %(shop)s", shop=branch.name),
        place=branch.address,
        is_confirmed=booking.is_confirmed,
        is_cancelled=booking.is_answered_no or (made is not None and not made.is_open),
    )
    return calendar_file.write(visit, at=clock.now())


def _nearest(booking: OnlineBooking, at: datetime, form: AskForm) -> list[TimeChoice]:
    wished = form.other_time() or booking.slot_at
    needed = holding.needed_of(booking, wished)
    found = offering.list_nearest(booking.branch, needed.needs, wished, at=at, own_id=booking.id)
    return [TimeChoice(each.at, int(each.at.timestamp()), is_chosen=False) for each in found]
