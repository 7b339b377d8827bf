"""The backups: seen, made and fetched by who may."""

from __future__ import annotations

from flask import current_app, g, redirect, send_file, url_for
from flask.typing import ResponseReturnValue

from workshop import clock, db, web
from workshop.config import Settings
from workshop.setup.backups import service
from workshop.setup.backups.page import BackupsPage
from workshop.setup.blueprint import bp
from workshop.staff.access import me, requires
from workshop.staff.permissions import Permission


@bp.get("/setup/backups")
@requires(Permission.KEEP_BACKUPS)
def backups() -> ResponseReturnValue:
    """The list, newest first, and how to restore."""
    return web.page("setup/backups.html", page=BackupsPage(_settings(), clock.now()))


@bp.post("/setup/backups")
@requires(Permission.KEEP_BACKUPS)
def back_up() -> ResponseReturnValue:
    """Make one now; it goes on in the background."""
    service.ask(_settings(), g.branch, by=me(), at=clock.now())
    db.commit()
    service.begin(_settings(), by=me().display_name, at=clock.now(), zone=web.zone())
    return redirect(url_for("setup.backups"))


@bp.post("/setup/backups/<name>")
@requires(Permission.KEEP_BACKUPS)
def download_backup(name: str) -> ResponseReturnValue:
    """The archive itself; whoever takes it away is written down."""
    file = service.take_away(_settings(), name, g.branch, by=me(), at=clock.now())
    db.commit()
    return send_file(file, as_attachment=True, download_name=name)


def _settings() -> Settings:
    settings: Settings = current_app.extensions["workshop_settings"]
    return settings
