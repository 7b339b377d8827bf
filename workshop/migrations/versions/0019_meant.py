"""What is twice only when it is meant: a slip, an invoice's number, one person for two."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

COLUMNS = (
    ("payment", "repeat_reason VARCHAR(200) DEFAULT '' NOT NULL"),
    ("settlement", "invoice_repeat_reason VARCHAR(200) DEFAULT '' NOT NULL"),
)
_CREDIT_REQUEST = """
CREATE TABLE credit_request (
  id INTEGER NOT NULL,
  settlement_id INTEGER NOT NULL,
  amount_fen INTEGER NOT NULL,
  due_on DATE NOT NULL,
  reason VARCHAR(200) NOT NULL,
  asked_at DATETIME NOT NULL,
  asked_by_id INTEGER NOT NULL,
  approved BOOLEAN,
  decided_at DATETIME,
  decided_by_id INTEGER,
  remark VARCHAR(200) NOT NULL,
  CONSTRAINT pk_credit_request PRIMARY KEY (id),
  CONSTRAINT ck_credit_request_amount CHECK (amount_fen > 0),
  CONSTRAINT ck_credit_request_decided CHECK ((approved IS NULL) = (decided_at IS NULL)),
  CONSTRAINT ck_credit_request_approved_by CHECK (NOT approved OR decided_by_id IS NOT NULL),
  CONSTRAINT fk_credit_request_settlement_id FOREIGN KEY(settlement_id) REFERENCES settlement (id),
  CONSTRAINT fk_credit_request_asked_by_id FOREIGN KEY(asked_by_id) REFERENCES user (id),
  CONSTRAINT fk_credit_request_decided_by_id FOREIGN KEY(decided_by_id) REFERENCES user (id)
)
"""


def upgrade() -> None:
    connection = op.get_bind()
    for table, column in COLUMNS:
        changing.run(connection, f"ALTER TABLE {table} ADD COLUMN {column}")
    if connection.dialect.name == "sqlite":
        changing.rebuild_on_sqlite(connection, "credit_request", _CREDIT_REQUEST)
    changing.run_script(connection, __file__)
