"""Letting go of what a file holds of people, once nobody needs its rows any more.

What was taken over lives on in the shop's own records. The file and the rows that were left are
kept for a while, to be mended and brought again; then its hash, its counts and what it did stay.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import select

from workshop.db import session
from workshop.setup.imports import checking
from workshop.setup.imports.bulk import write
from workshop.setup.imports.models import ImportBatch, ImportFile
from workshop.setup.imports.rules import AT_WORK, ImportState
from workshop.staff import audit

KEPT_FOR = timedelta(days=90)
S = ImportState


def clear(batch: ImportBatch) -> None:
    """Let go of the bytes and the rows of a file, and of the cells that its page shows."""
    checking.forget(batch.id)
    write(sa.delete(ImportFile).where(ImportFile.batch_id == batch.id))
    batch.found = {**batch.found, "samples": [], "ambiguous": {}}


def clear_old(at: datetime) -> int:
    """Clear the files that were brought long ago; one that nobody went on with is given up."""
    query = (
        select(ImportBatch)
        .join(ImportFile, ImportFile.batch_id == ImportBatch.id)
        .where(ImportBatch.at < at - KEPT_FOR, ImportBatch.state.not_in(AT_WORK))
    )
    found = session.scalars(query).all()
    for batch in found:
        if batch.state in (S.UPLOADED, S.CHECKED):
            batch.state = S.CANCELLED
            audit.write(None, "setup.give_up_import", batch, at, file=batch.file_name)
        clear(batch)
    return len(found)


def is_cleared(batch: ImportBatch) -> bool:
    """Whether its rows are gone."""
    kept = select(ImportFile.id).where(ImportFile.batch_id == batch.id)
    return session.scalar(kept) is None
