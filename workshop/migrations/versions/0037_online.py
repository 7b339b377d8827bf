"""Customers book by themselves: a branch's rules and services, and what they asked for."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

STATES = ("held", "requested", "confirmed", "refused", "cancelled", "lapsed")
SOURCES = ("appointment", "job", "online")
CLASSES = ("compact", "mid", "suv")


def upgrade() -> None:
    connection = op.get_bind()
    changing.run_script(connection, __file__)
    changing.allow_values(connection, "capacity_take", "source", SOURCES)
    changing.allow_values(connection, "online_booking", "state", STATES)
    changing.allow_values(connection, "online_booking", "vehicle_class", CLASSES)
