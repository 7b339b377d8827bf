"""The catalogue for its pages: prices with a history, kinds of parts, classes of cars, packages.

A labour rate's price becomes the first line of its history: it has held since before the shop.
"""

from __future__ import annotations

from alembic import op
from sqlalchemy import Connection

from workshop.migrations import changing

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_LABOUR_RATE = """CREATE TABLE labour_rate (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  code VARCHAR(20) NOT NULL,
  active BOOLEAN NOT NULL,
  name_zh VARCHAR(80) NOT NULL,
  name_en VARCHAR(80) NOT NULL,
  CONSTRAINT pk_labour_rate PRIMARY KEY (id),
  CONSTRAINT uq_labour_rate_branch_id_code UNIQUE (branch_id, code),
  CONSTRAINT fk_labour_rate_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id)
)"""

_OPERATION_PART = """CREATE TABLE operation_part (
  id INTEGER NOT NULL,
  operation_id INTEGER NOT NULL,
  part_id INTEGER,
  kind_id INTEGER,
  quantity_milli INTEGER NOT NULL,
  compact_milli INTEGER,
  suv_milli INTEGER,
  CONSTRAINT pk_operation_part PRIMARY KEY (id),
  CONSTRAINT ck_operation_part_quantity_milli CHECK (quantity_milli > 0),
  CONSTRAINT ck_operation_part_class_milli CHECK (compact_milli > 0 AND suv_milli > 0),
  CONSTRAINT ck_operation_part_part_or_kind CHECK ((part_id IS NULL) <> (kind_id IS NULL)),
  CONSTRAINT fk_operation_part_operation_id FOREIGN KEY(operation_id) REFERENCES operation (id),
  CONSTRAINT fk_operation_part_part_id FOREIGN KEY(part_id) REFERENCES part (id),
  CONSTRAINT fk_operation_part_kind_id FOREIGN KEY(kind_id) REFERENCES part_kind (id)
)"""

_PAYERS = ("customer", "warranty", "statutory", "insurance", "internal", "goodwill")
_VALUES = (
    ("labour_price", "payer", _PAYERS),
    ("vehicle", "vehicle_class", ("compact", "mid", "suv")),
    ("vehicle", "energy", ("fuel", "diesel", "hybrid", "electric")),
)


def upgrade() -> None:
    connection = op.get_bind()
    changing.run_script(connection, __file__)
    for table, column, values in _VALUES:
        changing.allow_values(connection, table, column, values)
    if connection.dialect.name == "sqlite":
        _rebuild(connection)


def _rebuild(connection: Connection) -> None:
    """What SQLite alters only by making the table anew."""
    changing.rebuild_on_sqlite(connection, "labour_rate", _LABOUR_RATE, {"active": "1"})
    changing.rebuild_on_sqlite(connection, "operation_part", _OPERATION_PART)
