"""Orders to suppliers with what came of them and what was billed; counts of a shelf."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

COLUMN = "purchase_line_id INTEGER CONSTRAINT fk_goods_receipt_purchase_line_id REFERENCES purchase_line (id)"
INDEX = "CREATE INDEX ix_goods_receipt_purchase_line_id ON goods_receipt (purchase_line_id)"


def upgrade() -> None:
    connection = op.get_bind()
    changing.run_script(connection, __file__)
    changing.run(connection, f"ALTER TABLE goods_receipt ADD COLUMN {COLUMN}")
    changing.run(connection, INDEX)
