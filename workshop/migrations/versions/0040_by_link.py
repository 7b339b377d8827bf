"""What a customer does by the own link is done by nobody of the shop."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

CREATE = """
CREATE TABLE appointment_change (
  id INTEGER NOT NULL,
  appointment_id INTEGER NOT NULL,
  to_status VARCHAR(40) NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER,
  reason VARCHAR(200) NOT NULL,
  CONSTRAINT pk_appointment_change PRIMARY KEY (id),
  CONSTRAINT fk_appointment_change_appointment_id FOREIGN KEY(appointment_id)
    REFERENCES appointment (id),
  CONSTRAINT fk_appointment_change_by_id FOREIGN KEY(by_id) REFERENCES user (id)
)
"""


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        changing.rebuild_on_sqlite(connection, "appointment_change", CREATE)
    else:
        changing.run(connection, "ALTER TABLE appointment_change ALTER by_id DROP NOT NULL")
