"""The eleventh step: its stage and its table. The roles learn its permission by the upgrade."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workshop.migrations import changing

revision = "9999"
down_revision = "@HEAD@"
branch_labels = None
depends_on = None

STAGES = (
    "reception",
    "inspected",
    "quoted",
    "authorised",
    "scheduled",
    "repair",
    "paused",
    "quality_check",
    "rework",
    "final_check",
    "interior",
    "wash",
    "settlement",
    "settled",
    "ready",
    "delivered",
    "followed_up",
    "closed",
    "declined",
    "cancelled",
)


def upgrade() -> None:
    for table, column in (
        ("repair_order", "stage"),
        ("stage_change", "from_stage"),
        ("stage_change", "to_stage"),
    ):
        changing.allow_values(op.get_bind(), table, column, STAGES)
    op.create_table(
        "interior_cleaning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("cleaned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["repair_order.id"], name="fk_interior_cleaning_order_id"
        ),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name="fk_interior_cleaning_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_interior_cleaning"),
        sa.UniqueConstraint("order_id", name="uq_interior_cleaning_order_id"),
    )
