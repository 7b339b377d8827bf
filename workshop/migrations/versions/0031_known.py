"""What shops know of people and cars has a place: birthday, source, tier, model year, due dates, team.

Who agreed to be written to is kept for good: the newest word counts, and none is changed.
"""

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    changing.run_script(op.get_bind(), __file__)
