"""Sessions with a record on the server, shared devices, second factors, and own roles."""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

WAYS = ("password", "link", "passkey", "pin", "demo")


def upgrade() -> None:
    bind = op.get_bind()
    changing.run_script(bind, __file__)
    changing.allow_values(bind, "sign_in", "way", WAYS)
