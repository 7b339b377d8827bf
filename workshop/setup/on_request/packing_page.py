"""The file that a person is handed: one JSON, the papers that were handed out, the pictures."""

from __future__ import annotations

import json
import zipfile
from datetime import UTC, datetime
from typing import IO

from flask_babel import gettext

from workshop.setup import papers_page
from workshop.setup.on_request import collecting
from workshop.setup.on_request.collecting import Kept

_ENDINGS = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


def pack(kept: Kept, at: datetime, locale: str, file: IO[bytes]) -> int:
    """Write the file; returns how many rows of records it holds."""
    said = {
        "made_at": at.astimezone(UTC).isoformat(timespec="seconds"),
        "about": {"customer": kept.customer.id, "name": kept.customer.name},
        "records": kept.rows,
        "trail": collecting.list_trail(kept),
    }
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", json.dumps(said, ensure_ascii=False, indent=2))
        for order in kept.orders:
            for title, data in papers_page.list_papers(order, locale):
                archive.writestr(f"{order.no}/{gettext(title)}.pdf", data)
        for picture in kept.pictures:
            ending = _ENDINGS.get(picture.mime, "bin")
            archive.writestr(f"pictures/{picture.kind.value}-{picture.id}.{ending}", picture.data)
    return sum(len(rows) for rows in kept.rows.values())
