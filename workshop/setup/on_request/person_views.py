"""A customer's data on request: who asks at the desk gets all that is kept of them."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from typing import IO, cast

from flask import send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db, web
from workshop.customers import service as customers
from workshop.setup.blueprint import bp
from workshop.setup.on_request import collecting, packing_page
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission
from workshop.trail import service as trail


@bp.post("/customers/<int:customer_id>/data")
@requires(Permission.SUPERVISE)
def hand_out(customer_id: int) -> ResponseReturnValue:
    """All that is kept of the customer as one file; that it was handed out is in the trail."""
    found, at = customers.get_customer(customer_id), clock.now()
    with ExitStack() as refused:
        kept = refused.enter_context(tempfile.TemporaryFile())
        file = cast(IO[bytes], kept)
        rows = packing_page.pack(collecting.collect(found), at, me().locale, file)
        trail.note_data_on_request(found, rows, by=me(), at=at)
        db.commit()
        # From here on the answer closes it.
        refused.pop_all()
    file.seek(0)
    called = f"{gettext('Data on request')} {found.id} {web.local(at):%Y-%m-%d}.zip"
    answer = send_file(file, "application/zip", as_attachment=True, download_name=called)
    answer.headers["Cache-Control"] = "no-store"
    return answer
