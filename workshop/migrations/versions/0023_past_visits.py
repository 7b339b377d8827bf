"""Visits of an old system, and what they left behind: advice and guarantees without an order."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

DEFERRED_WORK = """
CREATE TABLE deferred_work (
  id INTEGER NOT NULL,
  vehicle_id INTEGER NOT NULL,
  order_id INTEGER,
  past_visit_id INTEGER,
  operation_id INTEGER,
  title VARCHAR(200) NOT NULL,
  urgency VARCHAR(40) NOT NULL,
  reason VARCHAR(200) NOT NULL,
  price_fen INTEGER,
  noted_at DATETIME NOT NULL,
  sold_order_id INTEGER,
  told_at DATETIME,
  CONSTRAINT pk_deferred_work PRIMARY KEY (id),
  CONSTRAINT ck_deferred_work_from_a_visit CHECK ((order_id IS NULL) <> (past_visit_id IS NULL)),
  CONSTRAINT fk_deferred_work_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id),
  CONSTRAINT fk_deferred_work_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_deferred_work_past_visit_id FOREIGN KEY(past_visit_id) REFERENCES past_visit (id),
  CONSTRAINT fk_deferred_work_operation_id FOREIGN KEY(operation_id) REFERENCES operation (id),
  CONSTRAINT fk_deferred_work_sold_order_id FOREIGN KEY(sold_order_id) REFERENCES repair_order (id)
)
"""

GUARANTEE = """
CREATE TABLE guarantee (
  id INTEGER NOT NULL,
  vehicle_id INTEGER NOT NULL,
  order_id INTEGER,
  past_visit_id INTEGER,
  title VARCHAR(200) NOT NULL,
  guarantee_class VARCHAR(40) NOT NULL,
  starts_on DATE NOT NULL,
  start_km INTEGER NOT NULL,
  ends_on DATE NOT NULL,
  end_km INTEGER NOT NULL,
  CONSTRAINT pk_guarantee PRIMARY KEY (id),
  CONSTRAINT ck_guarantee_from_a_visit CHECK ((order_id IS NULL) <> (past_visit_id IS NULL)),
  CONSTRAINT fk_guarantee_vehicle_id FOREIGN KEY(vehicle_id) REFERENCES vehicle (id),
  CONSTRAINT fk_guarantee_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_guarantee_past_visit_id FOREIGN KEY(past_visit_id) REFERENCES past_visit (id)
)
"""


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        changing.rebuild_on_sqlite(connection, "deferred_work", DEFERRED_WORK)
        changing.rebuild_on_sqlite(connection, "guarantee", GUARANTEE)
    changing.run_script(connection, __file__)
