"""What must hold for time that is taken of a technician, in the database's own words.

That two never overlap is guarded by migrations/versions/0002_guards.*.sql.
"""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.sql.schema import SchemaItem

from workshop.db import partial_index

# The columns in which who helps is bound to the lead, and the lead's own.
_BOUND = ("lead_id", "job_id", "lead_starts_at", "ends_at", "blocked_until", "status")
_LEADS = ("id", "job_id", "starts_at", "ends_at", "blocked_until", "status")


def guards() -> tuple[SchemaItem, ...]:
    """The indexes and constraints of the table."""
    return (
        sa.Index("ix_allocation_technician_start", "technician_id", "starts_at"),
        sa.Index("ix_allocation_bay_start", "bay_id", "starts_at"),
        CheckConstraint("starts_at < ends_at AND ends_at <= blocked_until", name="order"),
        CheckConstraint("rest_minutes >= 0", name="rest_minutes"),
        # One live piece of time per job; a longer job is carried over as a new allocation.
        partial_index(
            "uq_allocation_live_job", "job_id", where="status = 'planned' AND role = 'lead'"
        ),
        *_guards_of_a_team(),
    )


def _guards_of_a_team() -> tuple[SchemaItem, ...]:
    return (
        partial_index("uq_allocation_live_assistant", "lead_id", where="status = 'planned'"),
        CheckConstraint("(role = 'assistant') = (lead_id IS NOT NULL)", name="has_a_lead"),
        CheckConstraint("(role = 'assistant') = (share_percent IS NOT NULL)", name="has_a_share"),
        CheckConstraint("share_percent BETWEEN 1 AND 99", name="share_percent"),
        CheckConstraint("role = 'lead' OR bay_id IS NULL", name="lead_has_the_bay"),
        CheckConstraint("lead_starts_at <= starts_at", name="not_before_the_lead"),
        CheckConstraint(
            "role = 'lead' OR status <> 'planned' OR lead_starts_at IS NOT NULL", name="bound"
        ),
        # Who helps has the lead's job, end and state as long as the two belong together; it is
        # looked at when the transaction ends, so that both may be moved one after the other.
        UniqueConstraint(*_LEADS, name="uq_allocation_team"),
        ForeignKeyConstraint(
            _BOUND,
            [f"allocation.{column}" for column in _LEADS],
            name="fk_allocation_team",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
