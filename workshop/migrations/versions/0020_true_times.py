"""Why something doubtful was offered; when work really happened; ends of attendance by rule."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

ATTENDANCE = """
CREATE TABLE attendance (
  id INTEGER NOT NULL,
  technician_id INTEGER NOT NULL,
  started_at DATETIME NOT NULL,
  ended_at DATETIME,
  is_end_assumed BOOLEAN NOT NULL,
  made_at DATETIME NOT NULL,
  made_by_id INTEGER NOT NULL,
  ended_by_id INTEGER,
  corrects_id INTEGER,
  reason VARCHAR(200) NOT NULL,
  replaced_at DATETIME,
  CONSTRAINT pk_attendance PRIMARY KEY (id),
  CONSTRAINT ck_attendance_order CHECK (ended_at IS NULL OR ended_at >= started_at),
  CONSTRAINT ck_attendance_reason CHECK (corrects_id IS NULL OR reason <> ''),
  CONSTRAINT ck_attendance_ended_by CHECK (
    (ended_at IS NULL) = (ended_by_id IS NULL) OR (is_end_assumed AND ended_at IS NOT NULL)
  ),
  CONSTRAINT fk_attendance_technician_id FOREIGN KEY(technician_id) REFERENCES technician (id),
  CONSTRAINT fk_attendance_made_by_id FOREIGN KEY(made_by_id) REFERENCES user (id),
  CONSTRAINT fk_attendance_ended_by_id FOREIGN KEY(ended_by_id) REFERENCES user (id),
  CONSTRAINT uq_attendance_corrects_id UNIQUE (corrects_id),
  CONSTRAINT fk_attendance_corrects_id FOREIGN KEY(corrects_id) REFERENCES attendance (id)
)
"""


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        changing.rebuild_on_sqlite(connection, "attendance", ATTENDANCE)
    changing.run_script(connection, __file__)
