"""The command `workshop import`: the same as the pages do, by the same service."""

from __future__ import annotations

from pathlib import Path

import click
from flask import Flask, current_app

from workshop import clock, db, moving, upgrading
from workshop.app import create_app
from workshop.config import Settings
from workshop.errors import WorkshopError
from workshop.setup.imports import background, listed, mapping, queries, saying, service
from workshop.setup.imports.models import ImportBatch
from workshop.setup.imports.rules import ImportState
from workshop.shop import setup
from workshop.shop.models import Branch
from workshop.staff import service as staff
from workshop.staff.models import User
from workshop.staff.permissions import Permission

S = ImportState
_KINDS = [kind.name for kind in listed.KINDS]
_STEP = 10_000


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--kind", type=click.Choice(_KINDS), help="What is in the file.")
@click.option("--all", "whole", is_flag=True, help="A whole shop, into an empty database.")
@click.option("--dry-run", is_flag=True, help="Only say what each row would do.")
@click.option("--yes", is_flag=True, help="Take over what can be taken, without asking.")
@click.option("--by", "username", help="Sign-in name  [default: the first manager]")
@click.option("--branch", default="main", show_default=True, help="Code of the branch.")
def bring(
    file: Path,
    kind: str | None,
    whole: bool,
    dry_run: bool,
    yes: bool,
    username: str | None,
    branch: str,
) -> None:
    """Bring in customers, vehicles or lists from a CSV or XLSX file.

    Doubtful rows are left; on the page of the import they can be decided, and all of it taken back.
    """
    if whole:
        brought = moving.import_whole(Settings.from_env(), file, at=clock.now())
        click.echo(
            f"{brought.all_rows} rows and {brought.files} pictures are there, counted again."
        )
        return
    if kind is None:
        raise click.UsageError("say what is in the file: --kind, or --all for a whole shop")
    with create_app(Settings.from_env()).app_context():
        upgrading.require_current()
        try:
            _bring(file, kind, username, branch, dry_run=dry_run, yes=yes)
        except WorkshopError as error:
            raise click.ClickException(str(error)) from error


def _bring(
    file: Path, kind: str, username: str | None, code: str, *, dry_run: bool, yes: bool
) -> None:
    branch = setup.get_branch(code)
    by = _importer(branch, username)
    batch = _take_in(branch, kind, file, by)
    _say_columns(batch)
    batch = _work(branch, batch, S.CHECKING, by)
    _say_rows(batch)
    count = queries.count_taken(batch)
    if dry_run:
        return
    if not count:
        raise click.ClickException("no row can be taken over")
    if not yes:
        click.confirm(f"Take {count} rows over?", abort=True)
    batch = _work(branch, batch, S.APPLYING, by)
    click.echo(f"{count} rows are taken over. To take them back: /setup/imports/{batch.id}")


def _importer(branch: Branch, username: str | None) -> User:
    if username is not None:
        found = staff.find_user(username)
        if found is None:
            raise click.ClickException(f"nobody who works here has the sign-in name {username}")
        return found
    for user in staff.list_users(branch.id):
        if user.may(Permission.IMPORT_DATA):
            return user
    raise click.ClickException("nobody here may import: name somebody with --by")


def _take_in(branch: Branch, kind: str, file: Path, by: User) -> ImportBatch:
    found = listed.get_kind(kind)
    batch = service.bring(branch, found, file.name, file.read_bytes(), by=by, at=clock.now())
    db.commit()
    return batch


def _say_columns(batch: ImportBatch) -> None:
    header = batch.found["header"]
    read = {key: header[place] for key, place in batch.mapping.items()}
    click.echo("Columns: " + ", ".join(f"{key} = {head}" for key, head in read.items()))
    if unread := mapping.unread(header, batch.mapping):
        click.echo("Not read: " + ", ".join(unread))


def _work(branch: Branch, batch: ImportBatch, state: ImportState, by: User) -> ImportBatch:
    """Do it here and now; raises when it did not come to its end."""
    runner = service.begin(batch, state, by=by, at=clock.now())
    batch_id = batch.id
    db.commit()
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    background.run(app, batch_id, runner, _say_progress)
    batch = queries.get_batch(branch, batch_id)
    if batch.failure:
        raise click.ClickException(str(saying.tell(batch.failure)))
    return batch


def _say_progress(done: int) -> None:
    if done and done % _STEP == 0:
        click.echo(f"  {done} rows …")


def _say_rows(batch: ImportBatch) -> None:
    counts = ", ".join(f"{each.value} {count}" for each, count in service.counts(batch).items())
    click.echo(f"Rows: {counts}")
    for row in queries.list_left(batch):
        said = row.said or {}
        told = [saying.tell(each) for each in said.get("notes", ())]
        asked = saying.tell_question(said["question"]) if "question" in said else []
        words = " ".join(str(each) for each in (*told, *asked))
        click.echo(f"  line {row.line}: {words}")
