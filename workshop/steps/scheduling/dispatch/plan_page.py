"""An order's page in scheduling, as it is or with a form that was refused."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from workshop import clock, web
from workshop.orders.models import RepairOrder
from workshop.steps.scheduling import forms
from workshop.steps.scheduling.dispatch import order_page as details
from workshop.steps.scheduling.dispatch import placed_page
from workshop.steps.scheduling.replanning import history


def show(order: RepairOrder, status: int = 200, **refused: Any) -> ResponseReturnValue:
    """The order's page; a form that was refused comes back in it."""
    at = clock.now()
    plan = details.make_plan(order, at=at)
    return web.page(
        "scheduling/show.html",
        status,
        order=order,
        plan=plan,
        placed=placed_page.find(order),
        plan_steps=history.steps_of(line.job.id for line in plan.lines),
        at=at,
        blank_refuse_form=forms.RefuseForm(formdata=None),
        blank_consent_form=forms.ConsentFields(formdata=None),
        back=request.values.get("back", ""),
        **{"form": promise_form(order.promised_at), **refused},
    )


def promise_form(promised_at: datetime | None) -> forms.PromiseForm:
    """The form with the promise as it stands, or as it shall be."""
    form = forms.PromiseForm(formdata=None)
    if promised_at is not None:
        local = web.local(promised_at)
        form.day.data, form.time.data = local.date(), local.time().replace(tzinfo=None)
    return form
