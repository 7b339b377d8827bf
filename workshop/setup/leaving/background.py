"""Writing the whole shop beside the request: it takes as long as its papers."""

from __future__ import annotations

import threading
from datetime import datetime

import structlog
from flask import Flask, current_app, request
from flask_babel import force_locale

from workshop import db
from workshop.config import Settings
from workshop.setup.leaving import packing_page, state
from workshop.setup.leaving.state import Packed
from workshop.storage import locking

log = structlog.get_logger(__name__)


def launch(settings: Settings, *, by: str, locale: str, at: datetime) -> None:
    """Begin; the page tells how it went. Papers name the address under which it was asked for."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    tried = Packed(at.isoformat(), by)
    asked = (app, settings, tried, locale, request.host_url)
    threading.Thread(target=_run, args=asked, daemon=True).start()


def _run(app: Flask, settings: Settings, tried: Packed, locale: str, address: str) -> None:
    try:
        settings.backup_dir.mkdir(parents=True, exist_ok=True)
        with (
            locking.held(settings.data_dir / state.LOCK),
            app.test_request_context(base_url=address),
            force_locale(locale),
        ):
            state.write(settings, _pack(settings, tried, locale))
    except locking.Held:
        log.info("the whole shop is being written already")


def _pack(settings: Settings, tried: Packed, locale: str) -> Packed:
    file = state.file_of(settings)
    try:
        counted = packing_page.pack(settings, file, locale)
    except Exception:
        log.exception("the whole shop could not be written")
        return Packed(tried.made_at, tried.by, has_failed=True)
    finally:
        db.session.remove()
    size = file.stat().st_size
    return Packed(tried.made_at, tried.by, counted.all_rows, counted.files, size)
