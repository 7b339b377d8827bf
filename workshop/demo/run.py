"""Running the demo: a database of its own, the shop clock, the people, and the server."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

from workshop import clock, db, live, timers, upgrading
from workshop.app import create_app
from workshop.config import Settings
from workshop.db import session
from workshop.demo import folder, people, story, views
from workshop.shop.models import Branch

ZONE = ZoneInfo("Asia/Shanghai")


def run(
    *, port: int, speed: float, stopped: datetime | None, reset: bool, data: Path | None
) -> None:
    """Serve the demo on the loopback address until it is interrupted."""
    place = data or Path(os.environ.get("WORKSHOP_DATA_DIR") or folder.default())
    with folder.hold(place):
        listen(port).close()
        if reset:
            folder.empty(place)
        app = make_app(demo_settings(place))
        live.settle_memory()
        live.start(app)
        with app.app_context():
            prepare(place, stopped)
        start_clock(app, speed, stopped)
        announce(f"http://127.0.0.1:{port}")
        timers.start(app, place)
        if stopped is None and speed > 1:
            people.start(app)
        serve(app, port)


def serve(app: Flask, port: int) -> None:
    """Answer on the loopback address until it is interrupted, and log only what goes wrong."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with contextlib.suppress(KeyboardInterrupt):
        make_server("127.0.0.1", port, app, threaded=True).serve_forever()


def listen(port: int) -> socket.socket:
    """A socket at the port of the loopback address; raises ClickException when it is taken."""
    found = socket.socket()
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind(("127.0.0.1", port))
        found.listen()
    except OSError as error:
        found.close()
        raise click.ClickException(f"port {port} is taken. Choose another with --port.") from error
    return found


def demo_settings(place: Path) -> Settings:
    """The demo's settings: its own database file whatever the environment says otherwise."""
    settings = Settings.from_env({**os.environ, "WORKSHOP_DATA_DIR": str(place)}, demo=True)
    return replace(settings, database_url=f"sqlite:///{place / folder.DATABASE}", redis_url=None)


def make_app(settings: Settings) -> Flask:
    """The application with the page that lets you step into each role."""
    app = create_app(settings)
    app.register_blueprint(views.bp)
    return app


def prepare(place: Path, stopped: datetime | None) -> None:
    """Migrate and, unless the stored day is the wanted one, tell the story of a living day."""
    click.echo("Looking at its database …")
    try:
        upgrading.upgrade(at=clock.now())
    except upgrading.Unfit:
        click.echo("Another version of the program made the stored day: the demo begins again.")
        _begin_again(place)
    wanted = stopped or story.busy_time(clock.now(), ZONE)
    told = _find_last_moment()
    if told is not None and not story.goes_on(told, wanted, stopped, ZONE):
        click.echo(
            f"The stored day is {told.astimezone(ZONE):%Y-%m-%d %H:%M}, "
            f"wanted is {wanted.astimezone(ZONE):%Y-%m-%d %H:%M}: the demo begins again."
        )
        _begin_again(place)
        told = None
    if told is None:
        story.tell(wanted, _say_progress)
        db.commit()
    db.session.remove()


def _say_progress(done: int, all_of_them: int) -> None:
    """A line each tenth; the last one says that it is done."""
    if done * 10 // all_of_them > (done - 1) * 10 // all_of_them:
        click.echo(f"Telling a living day: {done} of {all_of_them} cars")


def _begin_again(place: Path) -> None:
    db.db.engine.dispose()
    folder.remove_database(place)
    upgrading.upgrade(at=clock.now())


def _find_last_moment() -> datetime | None:
    is_told = session.scalar(select(Branch.id)) is not None
    told = story.last_moment() if is_told else None
    db.session.remove()
    return told


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
    click.echo("The demo shop is open. Its people, the lounge screen and a customer's link:")
    click.echo(f"  {address}/demo")
    click.echo("Step into a role with one click:")
    for role, path in views.list_sign_ins():
        click.echo(f"  {role:<28}{address}{path}")
    click.echo("Stop it with Ctrl-C.")
