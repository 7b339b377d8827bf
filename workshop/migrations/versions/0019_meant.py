"""What is twice only when it is meant; call lists of every duty, also without a person's act."""

# ruff: noqa: E501 - A rule stands on one line, as the database keeps it.

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
_CALL_LIST = """
CREATE TABLE call_list (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  act VARCHAR(60) NOT NULL,
  about VARCHAR(200) NOT NULL,
  at DATETIME NOT NULL,
  by_id INTEGER,
  CONSTRAINT pk_call_list PRIMARY KEY (id),
  CONSTRAINT fk_call_list_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_call_list_by_id FOREIGN KEY(by_id) REFERENCES user (id)
)
"""
_TOUCHED_THING = """
CREATE TABLE touched_thing (
  id INTEGER NOT NULL,
  list_id INTEGER NOT NULL,
  why VARCHAR(40) NOT NULL,
  subject VARCHAR(60) NOT NULL,
  name VARCHAR(120) NOT NULL,
  appointment_id INTEGER,
  order_id INTEGER,
  was_at DATETIME,
  owner_id INTEGER,
  agreed_with VARCHAR(80) NOT NULL,
  agreed_at DATETIME,
  agreed_by_id INTEGER,
  CONSTRAINT pk_touched_thing PRIMARY KEY (id),
  CONSTRAINT uq_touched_thing_list_id_why_subject UNIQUE (list_id, why, subject),
  CONSTRAINT ck_touched_thing_one_record CHECK (appointment_id IS NULL OR order_id IS NULL),
  CONSTRAINT ck_touched_thing_named CHECK (appointment_id IS NOT NULL OR order_id IS NOT NULL OR name <> ''),
  CONSTRAINT ck_touched_thing_agreed CHECK ((agreed_at IS NULL) = (agreed_by_id IS NULL)),
  CONSTRAINT ck_touched_thing_agreed_with CHECK ((agreed_at IS NULL) = (agreed_with = '')),
  CONSTRAINT fk_touched_thing_list_id FOREIGN KEY(list_id) REFERENCES call_list (id),
  CONSTRAINT fk_touched_thing_appointment_id FOREIGN KEY(appointment_id) REFERENCES appointment (id),
  CONSTRAINT fk_touched_thing_order_id FOREIGN KEY(order_id) REFERENCES repair_order (id),
  CONSTRAINT fk_touched_thing_owner_id FOREIGN KEY(owner_id) REFERENCES user (id),
  CONSTRAINT fk_touched_thing_agreed_by_id FOREIGN KEY(agreed_by_id) REFERENCES user (id)
)
"""


def upgrade() -> None:
    connection = op.get_bind()
    for table, column in COLUMNS:
        changing.run(connection, f"ALTER TABLE {table} ADD COLUMN {column}")
    if connection.dialect.name == "sqlite":
        changing.rebuild_on_sqlite(connection, "credit_request", _CREDIT_REQUEST)
        changing.rebuild_on_sqlite(connection, "call_list", _CALL_LIST)
        changing.rebuild_on_sqlite(connection, "touched_thing", _TOUCHED_THING, {"name": "''"})
    changing.run_script(connection, __file__)
