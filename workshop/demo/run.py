"""Running the demo: a database of its own, the shop clock, the people, and the server."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from workshop import clock, db, live, timers
from workshop.app import create_app
from workshop.config import Settings, default_data_dir
from workshop.demo import people, story, views
from workshop.shop.models import Branch

ZONE = ZoneInfo("Asia/Shanghai")


def run(
    *, port: int, speed: float, stopped: datetime | None, reset: bool, data: Path | None
) -> None:
    """Serve the demo on the loopback address until it is interrupted."""
    settings = demo_settings(data)
    if reset:
        forget(settings)
    app = make_app(settings)
    live.settle_memory()
    with app.app_context():
        prepare(stopped)
    start_clock(app, speed, stopped)
    address = f"http://127.0.0.1:{port}"
    announce(address)
    timers.start(app, settings.data_dir)
    if stopped is None and speed > 1:
        people.start(app)
    live.of(app).run(app, host="127.0.0.1", port=port, allow_unsafe_werkzeug=True, log_output=False)


def demo_settings(data: Path | None) -> Settings:
    """The demo's settings: its own database file whatever the environment says otherwise."""
    folder = data or Path(os.environ.get("WORKSHOP_DATA_DIR") or default_data_dir())
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings.from_env({**os.environ, "WORKSHOP_DATA_DIR": str(folder)}, demo=True)
    return replace(settings, database_url=f"sqlite:///{folder / 'demo.db'}")


def forget(settings: Settings) -> None:
    """Empty the demo's data."""
    for suffix in ("", "-wal", "-shm"):
        (settings.data_dir / f"demo.db{suffix}").unlink(missing_ok=True)


def make_app(settings: Settings) -> Flask:
    """The application with the page that lets you step into each role."""
    app = create_app(settings)
    app.register_blueprint(views.bp)
    return app


def prepare(stopped: datetime | None) -> None:
    """Migrate and, in an empty database, tell the story of a living day up to now."""
    upgrade()
    if db.session.scalar(select(Branch.id)) is None:
        story.tell(stopped or story.lively_time(clock.now(), ZONE))
        db.commit()
    db.session.remove()


def start_clock(app: Flask, speed: float, stopped: datetime | None) -> None:
    """Let the shop clock run from where the story ended, or stand."""
    with app.app_context():
        begins = stopped or story.last_moment()
        db.session.remove()
    if stopped is not None:
        clock.freeze(stopped)
    else:
        clock.run_from(begins, speed)


def announce(address: str) -> None:
    """Print where to look."""
    click.echo("The demo shop is open. Step into any role with one click:")
    click.echo(f"  {address}/demo")
    click.echo("The lounge screen, the technician's phone and a customer's link:")
    for name, path in views.list_addresses():
        click.echo(f"  {name:<22}{address}{path}")
    click.echo("Stop it with Ctrl-C.")
