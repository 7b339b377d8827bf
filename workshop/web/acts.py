"""Carrying out what somebody asked for: all of it is kept, or nothing."""

from __future__ import annotations

from collections.abc import Callable

from workshop import db
from workshop.errors import WorkshopError


def carry_out(act: Callable[[], object]) -> WorkshopError | None:
    """Do and commit; the refusal, with nothing kept, when it was refused.

    For a button without a form, whose page shows the refusal in its own place. A form has
    `Form.carry_out`; a refusal that no page shows is left to the one error handler.
    """
    try:
        act()
        db.commit()
    except WorkshopError as error:
        db.rollback()
        return error
    return None
