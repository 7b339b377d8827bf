"""The sides and the dashboard of a car are photographed as it comes."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

SUBJECTS = ("front", "left", "rear", "right", "top", "dial")
TABLE = """
CREATE TABLE walkaround_photo (
  id {key} NOT NULL,
  order_id INTEGER NOT NULL,
  subject VARCHAR(40) NOT NULL,
  attachment_id INTEGER NOT NULL,
  at {moment} NOT NULL,
  by_id INTEGER NOT NULL,
  removed_at {moment},
  removed_by_id INTEGER,
  CONSTRAINT pk_walkaround_photo PRIMARY KEY (id),
  CONSTRAINT fk_walkaround_photo_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_walkaround_photo_attachment_id FOREIGN KEY(attachment_id) REFERENCES attachment (id),
  CONSTRAINT fk_walkaround_photo_by_id FOREIGN KEY(by_id) REFERENCES "user" (id),
  CONSTRAINT fk_walkaround_photo_removed_by_id FOREIGN KEY(removed_by_id) REFERENCES "user" (id)
)
"""
KINDS = {
    "postgresql": {"key": "SERIAL", "moment": "TIMESTAMP WITH TIME ZONE"},
    "sqlite": {"key": "INTEGER", "moment": "DATETIME"},
}


def upgrade() -> None:
    connection = op.get_bind()
    changing.run(connection, TABLE.format(**KINDS[connection.dialect.name]))
    changing.run(
        connection, "CREATE INDEX ix_walkaround_photo_order_id ON walkaround_photo (order_id)"
    )
    changing.allow_values(connection, "walkaround_photo", "subject", SUBJECTS)
