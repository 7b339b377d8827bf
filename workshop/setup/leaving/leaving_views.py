"""The whole shop as one file: asked for, and taken away."""

from __future__ import annotations

from flask import current_app, g, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from workshop import clock, db
from workshop.config import Settings
from workshop.setup.blueprint import bp
from workshop.setup.leaving import background, service
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission


@bp.post("/setup/whole-shop")
@requires(Permission.KEEP_BACKUPS)
def pack_shop() -> ResponseReturnValue:
    """Begin to write it, in the background."""
    settings, by, at = _settings(), me(), clock.now()
    service.ask(settings, g.branch, by=by, at=at)
    db.commit()
    background.launch(settings, by=by.display_name, locale=by.locale, at=at)
    return redirect(url_for("setup.backups"))


@bp.post("/setup/whole-shop/file")
@requires(Permission.KEEP_BACKUPS)
def take_shop() -> ResponseReturnValue:
    """The file itself; whoever takes it away is written down."""
    file = service.take_away(_settings(), g.branch, by=me(), at=clock.now())
    db.commit()
    answer = send_file(file, as_attachment=True, download_name=f"{gettext('Whole shop')}.zip")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _settings() -> Settings:
    settings: Settings = current_app.extensions["workshop_settings"]
    return settings
