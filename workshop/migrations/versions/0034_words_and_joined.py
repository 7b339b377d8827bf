"""A shop's words for customers are found by an index; what was joined has an index of its own.

An index of all that was never joined finds everybody, and a database may take it for a short way.
"""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

INDEXES = """
CREATE INDEX ix_customer_source ON customer (source);
CREATE INDEX ix_customer_tier ON customer (tier);
DROP INDEX ix_customer_merged_into_id;
CREATE INDEX ix_customer_merged_into_id ON customer (merged_into_id)
WHERE merged_into_id IS NOT NULL;
DROP INDEX ix_vehicle_merged_into_id;
CREATE INDEX ix_vehicle_merged_into_id ON vehicle (merged_into_id) WHERE merged_into_id IS NOT NULL
"""


def upgrade() -> None:
    for statement in INDEXES.split(";"):
        changing.run(op.get_bind(), statement)
