"""Commands for all of a shop's data: back it up, bring it back."""

from __future__ import annotations

import os
import sys
from datetime import datetime
from pathlib import Path

import click

from workshop import clock, moving, restoring
from workshop.backup import keeping, making, swapping, verifying
from workshop.backup.figures import Figures
from workshop.backup.records import Record
from workshop.config import Settings
from workshop.restoring import Plan

_MEGABYTE = 2**20
# Neither a failure (1) nor a wrong call (2).
_NOT_AT_SECOND_PLACE = 3
_TELLING = ("branch", "user", "customer", "vehicle", "repair_order", "settlement", "attachment")
_HOW = {
    verifying.COUNTED: "opened again and counted",
    verifying.RESTORED: "restored into a scratch database and counted",
    verifying.LISTED: "listed, not restored: the database's role may make no scratch database",
}


@click.command("backup")
@click.option(
    "--to",
    type=click.Path(path_type=Path, exists=True, file_okay=False, writable=True),
    help="Into this folder, and not among the nightly ones.",
)
def backup(to: Path | None) -> None:
    """Back everything up into one file: data, pictures and the secret key, while it is running.

    Exit status 3: the backup is good and is here, but not at a second place.
    """
    settings, at = Settings.from_env(), clock.now()
    if to is not None:
        _tell(making.make_at(settings, to, at=at), to)
        return
    record = making.make(settings, at=at)
    _tell(record, settings.backup_dir)
    keeping.forget_old(settings)
    results = keeping.copy_to_places(settings, at=at)
    for place, result in results.items():
        said = str(result.fault or f"{place}: has {result.name}")
        click.echo(said if place in said else f"{place}: {said}", err=result.fault is not None)
    missed = [place for place, result in results.items() if result.fault is not None]
    if missed:
        click.echo(
            f"The backup is safe here, in {settings.backup_dir}, but not at {', '.join(missed)}.",
            err=True,
        )
        sys.exit(_NOT_AT_SECOND_PLACE)


def _tell(record: Record, folder: Path) -> None:
    size = max(1, record.bytes // _MEGABYTE)
    click.echo(f"{folder / record.name}: {size} MB, {record.rows} rows, {record.files} pictures.")
    click.echo(f"It was {_HOW[record.verified]}.")
    if not record.is_encrypted:
        click.echo("It is not encrypted, and the secret key is in it: keep it where nobody reads.")
    for each in record.warnings:
        click.echo(f"Warning: {each}", err=True)


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--no-copy", is_flag=True, help="Do not back up first what is there now.")
def restore(file: Path, yes: bool, no_copy: bool) -> None:
    """Put a backup in the place of what is there now: all of it or nothing."""
    settings = Settings.from_env()
    with swapping.alone(settings):
        plan = restoring.look(settings, file)
    _show(plan, settings)
    if not yes:
        click.confirm("Replace what is there now?", abort=True)
    saved = restoring.restore(plan, settings, at=clock.now(), copy_first=not no_copy)
    if saved is not None:
        click.echo(f"What was there is in {settings.backup_dir / saved.name}")
    click.echo("The backup is in its place.")
    if os.environ.get("WORKSHOP_SECRET_KEY"):
        click.echo(
            "WORKSHOP_SECRET_KEY is set, so the key of the backup is not used: second-factor codes "
            "work only if both are the same.",
            err=True,
        )


def _show(plan: Plan, settings: Settings) -> None:
    said = plan.manifest
    made = datetime.fromisoformat(said.made_at).astimezone()
    click.echo(f"{plan.file}: {', '.join(said.branches)}, {made:%Y-%m-%d %H:%M}")
    click.echo(f"Made by Workshop {said.version} at {said.revision}; every file in it is whole.")
    if plan.damage is not None:
        click.echo(f"What is there now is damaged ({plan.damage}); its file is put aside.")
    place = making.database_file(settings) or "the database of WORKSHOP_DATABASE_URL"
    click.echo(f"It replaces {place} and {settings.data_dir / 'secret.key'}:")
    now = plan.now or Figures()
    click.echo(f"  {'':<20}{'now':>10}{'after':>10}")
    rows = [(name, now.rows.get(name, 0), said.figures.rows.get(name, 0)) for name in _TELLING]
    for name, old, new in (*rows, ("all rows", now.all_rows, said.figures.all_rows)):
        click.echo(f"  {name.replace('_', ' '):<20}{old:>10}{new:>10}")


@click.command("move")
@click.option("--to", required=True, metavar="ADDRESS", help="postgresql://user:password@host/name")
def move(to: str) -> None:
    """Copy the shop into an empty database of the other engine, or of another server."""
    moved = moving.move(Settings.from_env(), to, at=clock.now())
    click.echo(f"{moved.all_rows} rows and {moved.files} pictures are there, counted again.")
    click.echo(
        "From now on set WORKSHOP_DATABASE_URL to that address; the old database stays as it was."
    )


COMMANDS = (backup, move, restore)
