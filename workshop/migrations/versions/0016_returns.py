"""A return says why; what is defective lies apart, and a replaced piece is issued again."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

MOVES = ("receipt", "issue", "return", "count", "correction", "quarantine")
KINDS = (
    "picked",
    "put_back",
    "issued",
    "unused",
    "returned",
    "returned_defective",
    "needed_again",
    "given_up",
    "old_parts_bagged",
)
REASONS = ("not_needed", "wrong_part", "defective", "work_taken_off")
ENDS = ("replaced", "credited", "scrapped", "found_good")

PICK_LINE = """
CREATE TABLE pick_line (
  id INTEGER NOT NULL,
  pick_list_id INTEGER NOT NULL,
  quotation_line_id INTEGER NOT NULL,
  part_id INTEGER NOT NULL,
  ordered_milli INTEGER NOT NULL,
  reserved_milli INTEGER NOT NULL,
  picked_milli INTEGER NOT NULL,
  issued_milli INTEGER NOT NULL,
  unused_milli INTEGER NOT NULL,
  returned_milli INTEGER NOT NULL,
  again_milli INTEGER DEFAULT 0 NOT NULL,
  short_milli INTEGER NOT NULL,
  unit_fen INTEGER NOT NULL,
  old_wanted BOOLEAN NOT NULL,
  old_bagged_at DATETIME,
  CONSTRAINT pk_pick_line PRIMARY KEY (id),
  CONSTRAINT ck_pick_line_ordered CHECK (ordered_milli > 0 AND short_milli >= 0),
  CONSTRAINT ck_pick_line_reserved CHECK (reserved_milli + short_milli <= ordered_milli + again_milli),
  CONSTRAINT ck_pick_line_again CHECK (again_milli BETWEEN 0 AND returned_milli),
  CONSTRAINT ck_pick_line_picked CHECK (picked_milli <= reserved_milli),
  CONSTRAINT ck_pick_line_issued CHECK (issued_milli <= picked_milli),
  CONSTRAINT ck_pick_line_unused CHECK (unused_milli <= issued_milli),
  CONSTRAINT ck_pick_line_returned CHECK (returned_milli BETWEEN 0 AND unused_milli),
  CONSTRAINT fk_pick_line_pick_list_id FOREIGN KEY(pick_list_id) REFERENCES pick_list (id),
  CONSTRAINT uq_pick_line_quotation_line_id UNIQUE (quotation_line_id),
  CONSTRAINT fk_pick_line_quotation_line_id FOREIGN KEY(quotation_line_id) REFERENCES quotation_line (id),
  CONSTRAINT fk_pick_line_part_id FOREIGN KEY(part_id) REFERENCES part (id)
)
"""


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        changing.rebuild_on_sqlite(connection, "pick_line", PICK_LINE)
    changing.run_script(connection, __file__)
    changing.allow_values(connection, "stock_entry", "move", MOVES)
    changing.allow_values(connection, "pick_move", "kind", KINDS)
    changing.allow_values(connection, "pick_move", "reason", REASONS)
    changing.allow_values(connection, "quarantine", "outcome", ENDS)
