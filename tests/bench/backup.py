"""How long a backup and a restore take: `python -m tests.bench.backup [PICTURES]`.

A shop with so many pictures of 200 KB, 2,000 unless said, on SQLite.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from tests.backup import shops
from tests.factories import AT
from workshop import db, restoring
from workshop.app import create_app
from workshop.backup import making
from workshop.config import Settings
from workshop.orders.models import Attachment, AttachmentKind

_BYTES = 200_000


def main(pictures: int) -> None:
    """Print the seconds of each."""
    with (
        tempfile.TemporaryDirectory() as folder,
        shops.filled("sqlite", Path(folder) / "data") as shop,
    ):
        _fill(shop, pictures)
        began = time.perf_counter()
        made = making.make(shop, at=AT)
        print(f"backup, opened and counted: {time.perf_counter() - began:.1f} s", end=", ")
        print(f"{made.bytes / 2**20:.0f} MB, {made.rows} rows, {made.files} pictures")
        began = time.perf_counter()
        plan = restoring.look(shop, shop.backup_dir / made.name)
        restoring.restore(plan, shop, at=AT, copy_first=False)
        print(f"restore, checked before: {time.perf_counter() - began:.1f} s")


def _fill(shop: Settings, pictures: int) -> None:
    with create_app(shop).app_context():
        order = db.session.query(Attachment.order_id).first()
        assert order is not None
        for _ in range(pictures):
            data = os.urandom(_BYTES)
            db.session.add(
                Attachment(
                    order_id=order[0],
                    kind=AttachmentKind.PHOTO,
                    mime="image/jpeg",
                    sha256=shops.hashlib.sha256(data).hexdigest(),
                    data=data,
                    at=AT,
                )
            )
        db.commit()
        db.session.remove()
        db.db.engine.dispose()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
