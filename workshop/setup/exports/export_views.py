"""A list of any page as a file, as it is filtered there."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from typing import BinaryIO, cast

from flask import send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import db, web
from workshop.setup.blueprint import bp
from workshop.setup.exports import export_page
from workshop.staff import access
from workshop.staff.access import me, signed_in
from workshop.trail import service as trail
from workshop.web import lists

# So much stays in memory; a longer file waits on the disk until it is sent.
_KEPT_BYTES = 2 * 1024 * 1024


@bp.post("/export/<name>.<kind>")
@signed_in
def take_along(name: str, kind: str) -> ResponseReturnValue:
    """The list as a file; that it left the house is a line of the trail."""
    sheet, wanted = lists.get_sheet(name), export_page.format_of(kind)
    export_page.require_may_take(sheet, me())
    asked = access.asked()
    with ExitStack() as refused:
        kept = refused.enter_context(tempfile.SpooledTemporaryFile(max_size=_KEPT_BYTES))
        file = cast(BinaryIO, kept)
        rows = export_page.write(sheet, asked, wanted, file)
        trail.note_export(sheet.label, kind, asked.filter, rows, by=me(), at=asked.at)
        db.commit()
        # From here on the answer closes it.
        refused.pop_all()
    file.seek(0)
    called = f"{gettext(sheet.label)} {web.local(asked.at):%Y-%m-%d}.{kind}"
    answer = send_file(file, export_page.TYPES[wanted], as_attachment=True, download_name=called)
    # It may hold people's data: no browser keeps it.
    answer.headers["Cache-Control"] = "no-store"
    return answer
