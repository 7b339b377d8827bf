"""What a customer agrees to be reached for, noted on the customer's page."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, web
from workshop.customers import consents
from workshop.customers import service as customers
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.steps.booking.blueprint import bp, branch_of_request
from workshop.steps.booking.people import customer_page
from workshop.steps.booking.people.consent_forms import ConsentForm


@bp.post("/customers/<int:customer_id>/consents")
@requires(Permission.BOOK, Permission.RECEIVE)
def note_consent(customer_id: int) -> ResponseReturnValue:
    """Keep what the customer says."""
    form, customer = ConsentForm.posted(), customers.get_customer(customer_id)
    seen = form.seen.data
    if form.carry_out(
        lambda: consents.note(customer, form.wanted, seen=seen, by=me(), at=clock.now())
    ):
        flash(gettext("Saved."), "good")
        return redirect(url_for("booking.show_customer", customer_id=customer_id))
    context = customer_page.show(
        customers.get_customer(customer_id), branch_of_request(), clock.now(), consent_form=form
    )
    return web.page("customers/customer.html", form.status, **context)
