"""The command line: demo, serve, init, user, upgrade, doctor, plan."""

from __future__ import annotations

import importlib
import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo

import click

from workshop import clock, db, doctor, upgrading
from workshop.app import create_app
from workshop.config import Settings
from workshop.demo import run as demo_run
from workshop.errors import WorkshopError
from workshop.planner import reading, unplaced
from workshop.planner.problem import BadProblem, NoPlan, Plan, Problem
from workshop.serving import Server
from workshop.shop import setup
from workshop.staff import links
from workshop.staff import service as staff
from workshop.staff.permissions import RoleName


class InWords(click.Group):
    """Commands that say in words what is wrong with the installation they are called on."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a trouble that the settings explain is no riddle of many lines."""
        try:
            return super().invoke(ctx)
        except Exception as error:
            words = doctor.explain(error)
            if words is None:
                raise
            raise click.ClickException(words) from error


@click.group(cls=InWords)
@click.version_option(upgrading.version(), prog_name="workshop", message="%(prog)s %(version)s")
def main() -> None:
    """Workshop: service reception from booking to the follow-up call."""


@main.command()
@click.option("--port", default=5000, show_default=True, help="Port on this computer.")
@click.option("--speed", default=1.0, show_default=True, help="How fast the shop clock runs.")
@click.option("--freeze", metavar="TIME", help="Stop the clock, e.g. 2026-11-23T10:00.")
@click.option("--reset", is_flag=True, help="Throw the demo's data away and begin again.")
@click.option("--data", type=click.Path(path_type=Path), help="Instead of WORKSHOP_DATA_DIR.")
def demo(port: int, speed: float, freeze: str | None, reset: bool, data: Path | None) -> None:
    """A living day of a made-up shop, on this computer only."""
    stopped = None
    if freeze is not None:
        try:
            stopped = datetime.fromisoformat(freeze)
        except ValueError as error:
            raise click.BadParameter(
                "write it like 2026-11-23T10:00", param_hint="--freeze"
            ) from error
        stopped = stopped if stopped.tzinfo else stopped.replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    demo_run.run(port=port, speed=speed, stopped=stopped, reset=reset, data=data)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="More than one needs Redis.")
def serve(host: str, port: int, workers: int) -> None:
    """Run it for real, with the database brought up to date first."""
    settings = Settings.from_env()
    if workers > 1 and settings.redis_url is None:
        raise click.UsageError("several workers need WORKSHOP_REDIS_URL, or screens miss changes")
    with create_app(settings).app_context():
        _upgrade()
        if not setup.has_branch():
            click.echo("There is no branch yet, so nobody can sign in: run workshop init", err=True)
        db.session.remove()
        db.db.engine.dispose()
    Server(settings, host, port, workers).run()


@main.command()
@click.option("--branch", prompt="Name of the workshop", help="Name of the first branch.")
@click.option("--manager", prompt="Name of the first manager", help="Shown on pages.")
@click.option("--username", prompt="Sign-in name of the manager")
@click.option("--url", default="http://127.0.0.1:8000", show_default=True, help="Its address.")
def init(branch: str, manager: str, username: str, url: str) -> None:
    """Make the database, the first branch and its manager, who gets a one-time link."""
    settings = Settings.from_env()
    with create_app(settings).app_context():
        _upgrade()
        try:
            made = setup.make_first_branch(branch, at=clock.now())
            user = staff.create_user(
                username, manager, [RoleName.SERVICE_MANAGER], made.id, at=clock.now()
            )
            db.commit()
        except WorkshopError as error:
            raise click.ClickException(str(error)) from error
        token = links.make_token(user, settings.secret_key)
    click.echo(f"Made the branch “{branch}” in {settings.data_dir}.")
    click.echo("The manager signs in once with this link, valid for three days:")
    click.echo(f"  {url}/welcome/{token}")
    click.echo("Now start it: workshop serve")


@main.command()
@click.argument("username")
@click.option("--name", required=True, help="Shown on pages.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in RoleName]),
)
@click.option("--branch", default="main", show_default=True, help="Code of the branch.")
@click.option("--url", default="http://127.0.0.1:8000", show_default=True)
def user(username: str, name: str, roles: tuple[str, ...], branch: str, url: str) -> None:
    """Add a person with roles and print the one-time link."""
    settings = Settings.from_env()
    with create_app(settings).app_context():
        upgrading.require_current()
        try:
            place = setup.get_branch(branch)
            made = staff.create_user(
                username, name, [RoleName(role) for role in roles], place.id, at=clock.now()
            )
            if RoleName.TECHNICIAN.value in roles:
                setup.make_technician(made)
            db.commit()
        except WorkshopError as error:
            raise click.ClickException(str(error)) from error
        click.echo(f"{url}/welcome/{links.make_token(made, settings.secret_key)}")


@main.command("upgrade")
def bring_up_to_date() -> None:
    """Bring the database to this release; a copy of a SQLite file is kept beside it."""
    with create_app(Settings.from_env()).app_context():
        _upgrade()
    click.echo(f"The database is that of Workshop {upgrading.version()} ({upgrading.head()}).")


def _upgrade() -> None:
    done = upgrading.upgrade(at=clock.now())
    if done.copy is not None:
        click.echo(f"Upgraded from {done.before} to {done.after}; before that it is in {done.copy}")
    db.db.engine.dispose()


@main.command("doctor")
def check() -> None:
    """Say what is not right, in words; exit status 1 when something is wrong."""
    findings = doctor.examine(Settings.from_env())
    for finding in findings:
        click.echo(f"{'ok  ' if finding.is_fine else 'BAD '} {finding.words}")
    sys.exit(0 if all(finding.is_fine for finding in findings) else 1)


@main.command("plan")
@click.argument("problem", type=click.File(encoding="utf-8"))
@click.option("--seconds", default=5.0, show_default=True, type=click.FloatRange(min=0.0))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(min=1))
def print_plan(problem: TextIO, seconds: float, workers: int) -> None:
    """Plan the jobs in a file, or in standard input (-), and print the plan as JSON.

    For each job without a place standard error says what is missing.
    """
    try:
        asked = reading.read(_json_of(problem))
        made = _plan(asked, seconds, workers)
    except BadProblem as error:
        for fault in error.faults:
            click.echo(fault, err=True)
        sys.exit(2)
    except NoPlan as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(made.as_json(), ensure_ascii=False, indent=2))
    for line in unplaced.lines(asked, made):
        click.echo(line, err=True)


def _json_of(problem: TextIO) -> object:
    try:
        return json.load(problem)
    except (ValueError, RecursionError) as error:
        raise BadProblem([f"problem: is not JSON: {error}"]) from error


def _plan(problem: Problem, seconds: float, workers: int) -> Plan:
    # The solver takes half a second to import, which every other command, the web process of
    # `serve` among them, would pay too; so the planner is loaded when a plan is asked for.
    planner = importlib.import_module("workshop.planner.planning")
    made: Plan = planner.plan(problem, seconds=seconds, workers=workers)
    return made
