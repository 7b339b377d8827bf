"""The command line: demo, serve, init, user, upgrade, doctor, plan, and those for all data."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from workshop import clock, db, doctor, logs, upgrading
from workshop.app import create_app
from workshop.backup import making, swapping
from workshop.commands import data as data_commands
from workshop.commands import exporting, importing, plan
from workshop.config import Settings
from workshop.demo import run as demo_run
from workshop.errors import WorkshopError
from workshop.serving import Server
from workshop.shop import queries as shop_queries
from workshop.shop import setup
from workshop.shop.models import Branch
from workshop.staff import links, names
from workshop.staff import people as colleagues
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import RoleName


class InWords(click.Group):
    """Commands that say in words what is wrong with the installation they are called on."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; a trouble that the settings explain is said in words.

        Whatever it is, a restore that was cut off is finished before.
        """
        logs.configure()
        try:
            swapping.finish_cut_off()
            return super().invoke(ctx)
        except Exception as error:
            words = doctor.explain(error)
            if words is None:
                raise
            raise click.ClickException(words) from error


@click.group(cls=InWords)
@click.version_option(package_name="workshop", prog_name="workshop", message="%(prog)s %(version)s")
def main() -> None:
    """Workshop: service reception from booking to the follow-up call."""


for command in (plan.print_plan, importing.bring, exporting.export, *data_commands.COMMANDS):
    main.add_command(command)


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
            like = "write it like 2026-11-23T10:00"
            raise click.BadParameter(like, param_hint="--freeze") from error
        stopped = stopped if stopped.tzinfo else stopped.replace(tzinfo=ZoneInfo("Asia/Shanghai"))
    demo_run.run(port=port, speed=speed, stopped=stopped, reset=reset, data=data)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=1, show_default=True, help="More than one needs Redis.")
@click.option("--live", default=1, show_default=True, help="Processes of 1000 sockets each.")
def serve(host: str, port: int, workers: int, live: int) -> None:
    """Run it for real, with the database brought up to date first."""
    settings = Settings.from_env()
    if workers > 1 and settings.redis_url is None:
        raise click.UsageError("several workers need WORKSHOP_REDIS_URL, or screens miss changes")
    # Held as long as the process lives: nothing is restored meanwhile.
    with swapping.serving(settings):
        _in_child(lambda: _bring_ready(settings))
        Server(settings, host, port, workers, live).run()


def _bring_ready(settings: Settings) -> None:
    with create_app(settings).app_context():
        _upgrade(settings)
        if not setup.has_branch():
            click.echo("There is no branch yet, so nobody can sign in: workshop init", err=True)


def _in_child(work: Callable[[], None]) -> None:
    """Do it in a process of its own, and what migrations load goes when it ends.

    What it fails with, it says in words through the pipe.
    """
    heard, says = os.pipe()
    if child := os.fork():
        os.close(says)
        with os.fdopen(heard, encoding="utf-8") as words:
            said = words.read()
        if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            raise click.ClickException(said)
        return
    try:
        work()
        sys.stdout.flush()
        os._exit(0)
    except Exception as error:
        os.write(says, (doctor.explain(error) or traceback.format_exc()).encode())
    finally:
        os._exit(1)


_LANGUAGE = click.option(
    "--lang",
    type=click.Choice(staff.LOCALES),
    default=staff.LOCALES[0],
    show_default=True,
    help="What the person reads; everybody changes it in the page's head.",
)
_ADDRESS = click.option(
    "--url",
    envvar="WORKSHOP_ADDRESS",
    default="http://127.0.0.1:8000",
    show_default=True,
    help="Under which people reach it; the link begins so.",
)


@main.command()
@click.option("--branch", "--shop", help="Name of the workshop; asked for when it is not given.")
@click.option("--manager", help="Name of the first manager; asked for when it is not given.")
@click.option("--username", help="The manager's sign-in name  [default: made of the name]")
@_LANGUAGE
@click.option("--zone", default=setup.DEFAULT_ZONE, show_default=True, help="Time zone.")
@_ADDRESS
def init(
    branch: str | None, manager: str | None, username: str | None, lang: str, zone: str, url: str
) -> None:
    """Make the database, the first branch and its manager, who gets a one-time link.

    Called again it says what is there, and prints a new link for a manager who never signed in.
    """
    settings = Settings.from_env()
    with create_app(settings).app_context():
        _upgrade(settings)
        if setup.has_branch():
            _say_what_is_there(settings, url)
            return
        shop = branch or click.prompt("Name of the workshop")
        name = manager or click.prompt("Name of the first manager")
        try:
            made = setup.make_first_branch(shop, at=clock.now(), zone=zone)
            user = staff.create_user(
                username or names.suggest_username(name),
                name,
                [RoleName.SERVICE_MANAGER],
                made.id,
                at=clock.now(),
                locale=lang,
            )
            db.commit()
        except WorkshopError as error:
            raise click.ClickException(str(error)) from error
        click.echo(f"Made the shop “{made.name}” in {settings.data_dir}, zone {made.zone}.")
        _print_link(user, settings, url)
    click.echo("Start it, then open the link:\n  workshop serve")


def _say_what_is_there(settings: Settings, url: str) -> None:
    (shop, *others) = shop_queries.list_branches()
    people = staff.list_users(shop.id)
    more = f" and {len(others)} more" if others else ""
    click.echo(f"The shop “{shop.name}”{more} is there, with {_counted(len(people))}.")
    waiting = colleagues.list_never_here(shop.id)
    for user in waiting:
        colleagues.note_link(user, by=None, at=clock.now())
        db.commit()
        _print_link(user, settings, url)
    if not waiting:
        click.echo("Its managers have all signed in before, so nothing was changed.")
        click.echo("A new link for somebody: workshop user SIGN-IN-NAME --link")


def _counted(people: int) -> str:
    return "1 person" if people == 1 else f"{people} people"


def _zone_of(user: User) -> ZoneInfo:
    return ZoneInfo(db.session.get_one(Branch, user.branch_id).zone)


def _print_link(user: User, settings: Settings, url: str) -> None:
    until = links.valid_until(clock.now()).astimezone(_zone_of(user))
    click.echo(f"{user.display_name} (sign-in name {user.username}) signs in once with this link,")
    click.echo(f"valid until {until:%Y-%m-%d %H:%M}; a newer link ends it:")
    click.echo(f"  {url.rstrip('/')}/welcome/{links.make_token(user, settings.secret_key)}")


@main.command()
@click.argument("username")
@click.option("--name", help="Shown on pages; needed for somebody new.")
@click.option(
    "--role",
    "roles",
    multiple=True,
    type=click.Choice([role.value for role in RoleName]),
    help="Needed for somebody new; may be given several times.",
)
@click.option("--branch", default="main", show_default=True, help="Code of the branch.")
@click.option("--link", is_flag=True, help="A new link for somebody who is there already.")
@_LANGUAGE
@_ADDRESS
def user(
    username: str,
    name: str | None,
    roles: tuple[str, ...],
    branch: str,
    link: bool,
    lang: str,
    url: str,
) -> None:
    """Add a person with roles and print the one-time link, or a new link for a known one."""
    settings = Settings.from_env()
    with create_app(settings).app_context():
        upgrading.require_current()
        try:
            made = (
                _find_person(username)
                if link
                else _add_person(username, name, roles, setup.get_branch(branch), lang)
            )
            db.commit()
        except WorkshopError as error:
            raise click.ClickException(str(error)) from error
        _print_link(made, settings, url)


def _find_person(username: str) -> User:
    found = staff.find_user(username)
    if found is None:
        raise click.ClickException(f"nobody who works here has the sign-in name {username}")
    colleagues.note_link(found, by=None, at=clock.now())
    return found


def _add_person(
    username: str, name: str | None, roles: tuple[str, ...], place: Branch, lang: str
) -> User:
    if not name or not roles:
        raise click.UsageError(
            "somebody new needs --name and --role; for a new link of somebody known: --link"
        )
    chosen = [RoleName(role) for role in roles]
    made = staff.create_user(username, name, chosen, place.id, at=clock.now(), locale=lang)
    if RoleName.TECHNICIAN in chosen:
        setup.make_technician(made)
    return made


@main.command("upgrade")
def bring_up_to_date() -> None:
    """Bring the database to this release; a copy of a SQLite file is kept beside it."""
    settings = Settings.from_env()
    with create_app(settings).app_context():
        _upgrade(settings)
    click.echo(f"The database is that of Workshop {upgrading.version()} ({upgrading.head()}).")


def _upgrade(settings: Settings) -> None:
    making.require_no_lost_database(settings)
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
