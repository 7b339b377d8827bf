"""What an import wrote is noted meanwhile, and may go only while the import is taken back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from tests.databases import Database
from tests.guards.rows import change, put, put_apart, refuses, rolled_back
from workshop.db import session

# Ledgers whose rows a file may bring; the database keeps each row but for the taking back.
LEDGERS = (
    "labour_price",
    "odometer_reading",
    "owner_change",
    "package_price",
    "part_price",
    "stock_entry",
)
STATES = ("uploaded", "checking", "checked", "applied", "undoing", "undone", "cancelled")


def made(table: str, row: int, *, is_new: bool = True, **more: Any) -> int:
    """A file that made the row, in the midst of being taken over."""
    batch = put("import_batch", state="applying")
    values = {"table_name": table, "row_id": row, "is_new": is_new, **more}
    put("import_change", batch_id=batch, **values)
    return batch


def test_a_change_is_noted_while_its_file_is_taken_over_and_at_no_other_time(
    database: Database,
) -> None:
    batch = put("import_batch", state="applying")
    known = put("import_change", batch_id=batch)
    for state in STATES:
        change("import_batch", batch, state=state)
        refuses(
            "INSERT INTO import_change (batch_id, line, table_name, row_id, is_new, holder_table, "
            f"holder_id) SELECT batch_id, line, table_name, row_id, is_new, holder_table, "
            f"holder_id FROM import_change WHERE id = {known}",
            "late:import_change",
        )


def test_a_line_of_a_ledger_goes_while_the_file_that_brought_it_is_taken_back(
    database: Database,
) -> None:
    for table in LEDGERS:
        with rolled_back():
            row, other = put_apart(table), put_apart(table)
            batch = made(table, row)
            refuses(f"DELETE FROM {table} WHERE id = {row}", f"append-only:{table}")
            change("import_batch", batch, state="undoing")
            refuses(f"UPDATE {table} SET id = id WHERE id = {row}", f"append-only:{table}")
            refuses(f"DELETE FROM {table} WHERE id = {other}", f"append-only:{table}")
            session.execute(text(f"DELETE FROM {table} WHERE id = {row}"))


def test_a_line_that_was_there_before_the_file_stays(database: Database) -> None:
    row = put("odometer_reading")
    batch = made("odometer_reading", row, is_new=False)
    change("import_batch", batch, state="undoing")
    refuses(f"DELETE FROM odometer_reading WHERE id = {row}", "append-only:odometer_reading")
    change("import_batch", batch, state="undone")
    refuses(f"DELETE FROM odometer_reading WHERE id = {row}", "append-only:odometer_reading")
