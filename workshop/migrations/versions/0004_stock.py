"""Parts with prices, costs and suppliers; what the counter buys and takes in."""

# ruff: noqa: E501 - A table is written as the database keeps it.

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

MOVES = ("receipt", "issue", "return", "count", "correction")

# The number without blanks and hyphens, as far as SQL can say it.
SEARCH_NO = "upper(replace(replace(no, '-', ''), ' ', ''))"
INDEXES = ("barcode", "search_no", "successor_id")

COLUMNS = (
    ("part", "search_no VARCHAR(40) DEFAULT '' NOT NULL"),
    ("part", "oe_no VARCHAR(40) DEFAULT '' NOT NULL"),
    ("part", "barcode VARCHAR(40) DEFAULT '' NOT NULL"),
    ("part", "pack_milli INTEGER DEFAULT 1000 NOT NULL CONSTRAINT ck_part_pack CHECK (pack_milli > 0)"),
    ("part", "cost_fen INTEGER CONSTRAINT ck_part_cost_fen CHECK (cost_fen >= 0)"),
    ("part", "is_marked_up BOOLEAN DEFAULT false NOT NULL"),
    ("part", "tax_basis_points INTEGER CONSTRAINT ck_part_tax CHECK (tax_basis_points BETWEEN 0 AND 10000)"),
    ("part", "fits VARCHAR(200) DEFAULT '' NOT NULL"),
    (
        "part",
        "successor_id INTEGER CONSTRAINT ck_part_successor CHECK (successor_id <> id) "
        "CONSTRAINT fk_part_successor_id REFERENCES part (id)",
    ),
    (
        "stock_level",
        "minimum_milli INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_stock_level_minimum CHECK (minimum_milli >= 0)",
    ),
)


def upgrade() -> None:
    connection = op.get_bind()
    for table, column in COLUMNS:
        changing.run(connection, f"ALTER TABLE {table} ADD COLUMN {column}")
    changing.run(connection, f"UPDATE part SET search_no = {SEARCH_NO}")
    for column in INDEXES:
        changing.run(connection, f"CREATE INDEX ix_part_{column} ON part ({column})")
    changing.allow_values(connection, "stock_entry", "move", MOVES)
    changing.run_script(connection, __file__)
