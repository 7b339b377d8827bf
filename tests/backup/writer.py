"""A process that writes as desks do: `python -m tests.backup.writer FOLDER URL NAME`.

Each transaction keeps a picture and a line of the trail; when it is committed, its number is
printed, so that whoever reads knows that it was acknowledged. It ends when its input does.
"""

from __future__ import annotations

import hashlib
import sys
import threading
from pathlib import Path

import sqlalchemy as sa

from tests import databases
from tests.factories import AT
from workshop import db
from workshop.app import create_app
from workshop.orders.models import Attachment, AttachmentKind
from workshop.staff import audit


def main(folder: str, url: str, name: str) -> None:
    """Write until the input ends."""
    ended = threading.Event()
    threading.Thread(target=lambda: (sys.stdin.read(), ended.set()), daemon=True).start()
    with create_app(databases.settings_for(Path(folder), url)).app_context():
        order = db.session.execute(sa.text("SELECT min(id) FROM repair_order")).scalar_one()
        db.rollback()
        number = 0
        while not ended.is_set():
            number += 1
            _write(order, f"{name} {number}")
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()


def _write(order: int, caption: str) -> None:
    data = caption.encode() * 500
    picture = Attachment(
        order_id=order,
        kind=AttachmentKind.PHOTO,
        mime="image/jpeg",
        sha256=hashlib.sha256(data).hexdigest(),
        caption=caption,
        data=data,
        at=AT,
    )
    db.session.add(picture)
    db.session.flush()
    audit.write(None, "orders.picture", picture, AT, caption=caption)
    db.commit()


if __name__ == "__main__":
    main(*sys.argv[1:])
