"""What a later release may bring: a stage, a column with a check, and a table with its guard.

Only the tests apply it, to databases of releases. Its lists and its SQL are its own copies.
"""

# ruff: noqa: E501 - A table is written as the database keeps it.

from __future__ import annotations

from alembic import op

from workshop.migrations import changing

revision = "later"
# It comes after the newest of the program's own, whatever that is.
_OWN = changing.Path(changing.__file__).with_name("versions").glob("[0-9]*.py")
down_revision = max(each.name for each in _OWN).partition("_")[0]
branch_labels = None
depends_on = None

STAGES = (
    "reception",
    "inspected",
    "quoted",
    "authorised",
    "scheduled",
    "repair",
    "paused",
    "quality_check",
    "rework",
    "final_check",
    "wash",
    "settlement",
    "settled",
    "ready",
    "delivered",
    "followed_up",
    "closed",
    "declined",
    "cancelled",
    "trial_drive",
)
ALLOCATION = """
CREATE TABLE allocation (
  id INTEGER NOT NULL,
  branch_id INTEGER NOT NULL,
  job_id INTEGER NOT NULL,
  role VARCHAR(40) NOT NULL,
  technician_id INTEGER NOT NULL,
  bay_id INTEGER,
  starts_at DATETIME NOT NULL,
  ends_at DATETIME NOT NULL,
  blocked_until DATETIME NOT NULL,
  rest_minutes INTEGER NOT NULL,
  status VARCHAR(40) NOT NULL,
  lead_id INTEGER,
  lead_starts_at DATETIME,
  share_percent INTEGER,
  version INTEGER NOT NULL,
  made_by_id INTEGER NOT NULL,
  made_at DATETIME NOT NULL,
  urgency_note VARCHAR(20) DEFAULT 'none' NOT NULL,
  CONSTRAINT pk_allocation PRIMARY KEY (id),
  CONSTRAINT ck_allocation_order CHECK (starts_at < ends_at AND ends_at <= blocked_until),
  CONSTRAINT ck_allocation_rest_minutes CHECK (rest_minutes >= 0),
  CONSTRAINT ck_allocation_has_a_lead CHECK ((role = 'assistant') = (lead_id IS NOT NULL)),
  CONSTRAINT ck_allocation_has_a_share CHECK ((role = 'assistant') = (share_percent IS NOT NULL)),
  CONSTRAINT ck_allocation_share_percent CHECK (share_percent BETWEEN 1 AND 99),
  CONSTRAINT ck_allocation_lead_has_the_bay CHECK (role = 'lead' OR bay_id IS NULL),
  CONSTRAINT ck_allocation_not_before_the_lead CHECK (lead_starts_at <= starts_at),
  CONSTRAINT ck_allocation_bound CHECK (role = 'lead' OR status <> 'planned' OR lead_starts_at IS NOT NULL),
  CONSTRAINT uq_allocation_team UNIQUE (id, job_id, starts_at, ends_at, blocked_until, status),
  CONSTRAINT fk_allocation_team FOREIGN KEY(lead_id, job_id, lead_starts_at, ends_at, blocked_until, status) REFERENCES allocation (id, job_id, starts_at, ends_at, blocked_until, status) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT fk_allocation_branch_id FOREIGN KEY(branch_id) REFERENCES branch (id),
  CONSTRAINT fk_allocation_job_id FOREIGN KEY(job_id) REFERENCES job (id),
  CONSTRAINT fk_allocation_technician_id FOREIGN KEY(technician_id) REFERENCES technician (id),
  CONSTRAINT fk_allocation_bay_id FOREIGN KEY(bay_id) REFERENCES bay (id),
  CONSTRAINT fk_allocation_lead_id FOREIGN KEY(lead_id) REFERENCES allocation (id),
  CONSTRAINT fk_allocation_made_by_id FOREIGN KEY(made_by_id) REFERENCES user (id),
  CONSTRAINT ck_allocation_urgency_note CHECK (urgency_note <> '')
)"""
ON_SQLITE = (
    """
CREATE TRIGGER trial_drive_no_delete BEFORE DELETE ON trial_drive
BEGIN SELECT RAISE(ABORT, 'append-only:trial_drive'); END""",
)
ON_POSTGRESQL = (
    """
ALTER TABLE allocation ADD COLUMN urgency_note VARCHAR(20) DEFAULT 'none' NOT NULL
CONSTRAINT ck_allocation_urgency_note CHECK (urgency_note <> '')""",
    """
CREATE TRIGGER trial_drive_no_delete BEFORE DELETE ON trial_drive
FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
)


def upgrade() -> None:
    connection = op.get_bind()
    for table, column in (
        ("repair_order", "stage"),
        ("stage_change", "from_stage"),
        ("stage_change", "to_stage"),
    ):
        changing.allow_values(connection, table, column, STAGES)
    changing.run(
        connection,
        "CREATE TABLE trial_drive (id INTEGER NOT NULL, order_id INTEGER NOT NULL, "
        "CONSTRAINT pk_trial_drive PRIMARY KEY (id), CONSTRAINT fk_trial_drive_order_id "
        "FOREIGN KEY(order_id) REFERENCES repair_order (id))",
    )
    if connection.dialect.name == "sqlite":
        changing.rebuild_on_sqlite(connection, "allocation", ALLOCATION)
    for statement in ON_SQLITE if connection.dialect.name == "sqlite" else ON_POSTGRESQL:
        changing.run(connection, statement)
