"""A shop with people, bays and an authorised order, ready to be planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tests.factories import (
    AT,
    make_bay,
    make_branch,
    make_job,
    make_order,
    make_technician,
    make_user,
)
from tests.shop.factories import hour
from workshop.allocation.models import Allocation
from workshop.db import session
from workshop.orders.flow import Stage
from workshop.orders.models import Job, RepairOrder
from workshop.shop.models import Bay, Branch, Technician
from workshop.staff.models import User
from workshop.staff.permissions import RoleName
from workshop.steps.scheduling.dispatch import service as scheduling


@dataclass
class Shop:
    """One advisor, one controller, one technician, one lift, one order with one job of an hour."""

    branch: Branch
    advisor: User
    controller: User
    technician: Technician
    bay: Bay
    order: RepairOrder
    job: Job

    def assign(self, hours: float = 14, job: Job | None = None, days: int = 0) -> Allocation:
        """Plan a job with this technician and bay."""
        return scheduling.assign(
            job or self.job,
            self.technician,
            self.bay,
            hour(hours, days),
            by=self.advisor,
            at=AT,
        )


def make_shop(promised_at: datetime | None = None) -> Shop:
    """A shop on Monday at ten, the promise at five."""
    branch = make_branch()
    advisor = make_user(RoleName.SERVICE_ADVISOR, name="顾问甲")
    order = make_order(Stage.AUTHORISED, advisor=advisor, promised_at=promised_at or hour(17))
    shop = Shop(
        branch=branch,
        advisor=advisor,
        controller=make_user(RoleName.JOB_CONTROLLER, name="控工乙"),
        technician=make_technician(),
        bay=make_bay(),
        order=order,
        job=make_job(order),
    )
    session.flush()
    return shop
