"""Deposits for old parts, on both sides of the counter; seasons of packages; kilometres by battery."""

# ruff: noqa: E501 - A column is written as the database keeps it.

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

KINDS = ("labour", "part", "sublet", "diagnosis", "other", "core")
OUTCOMES = ("back", "kept")

COLUMNS = (
    ("part", "core_deposit_fen INTEGER CONSTRAINT ck_part_core_deposit CHECK (core_deposit_fen > 0)"),
    ("goods_receipt", "core_fen INTEGER CONSTRAINT ck_goods_receipt_core_fen CHECK (core_fen > 0)"),
    ("branch", "core_days INTEGER DEFAULT 30 NOT NULL"),
    ("purchase", "small_reason VARCHAR(200) DEFAULT '' NOT NULL"),
    ("package", "season_from INTEGER CONSTRAINT ck_package_season_from CHECK (season_from BETWEEN 1 AND 12)"),
    (
        "package",
        "season_to INTEGER CONSTRAINT ck_package_season_to CHECK (season_to BETWEEN 1 AND 12) "
        "CONSTRAINT ck_package_season CHECK ((season_from IS NULL) = (season_to IS NULL))",
    ),
    ("quotation_line", "ordered_no VARCHAR(40) DEFAULT '' NOT NULL"),
    ("vehicle", "ev_km INTEGER CONSTRAINT ck_vehicle_ev_km CHECK (ev_km >= 0)"),
    ("repair_order", "ev_km INTEGER CONSTRAINT ck_repair_order_ev_km CHECK (ev_km >= 0)"),
)


def upgrade() -> None:
    connection = op.get_bind()
    for table, column in COLUMNS:
        changing.run(connection, f"ALTER TABLE {table} ADD COLUMN {column}")
    changing.allow_values(connection, "quotation_line", "kind", KINDS)
    changing.allow_values(connection, "settlement_line", "kind", KINDS)
    changing.run_script(connection, __file__)
    changing.allow_values(connection, "core_return", "outcome", OUTCOMES)
