"""What is few among many is found by an index of its own."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

INDEXES = """
DROP INDEX ix_inspection_job_id;
CREATE INDEX ix_inspection_job_id ON inspection (job_id) WHERE job_id IS NOT NULL;
CREATE INDEX ix_job_paused ON job (order_id) WHERE state = 'paused';
CREATE INDEX ix_rework_order_open ON rework_order (order_id) WHERE closed_at IS NULL;
CREATE INDEX ix_quotation_line_core ON quotation_line (quotation_id)
WHERE kind = 'core' AND decision = 'accepted'
"""


def upgrade() -> None:
    for statement in INDEXES.split(";"):
        changing.run(op.get_bind(), statement)
