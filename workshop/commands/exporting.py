"""The command that writes a list into a file, for whoever runs the machine."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO, cast

import click
from flask import g
from flask_babel import force_locale, gettext
from werkzeug.datastructures import MultiDict

from workshop import clock, db, moving
from workshop.app import create_app
from workshop.config import Settings
from workshop.errors import WorkshopError
from workshop.listing import Asked, ListSheet
from workshop.setup.exports import export_page
from workshop.shop import queries as shop
from workshop.shop.models import Branch
from workshop.trail import service as trail
from workshop.web import lists


@click.command("export")
@click.argument("name", metavar="[LIST]", required=False)
@click.argument("filters", metavar="[FILTER=VALUE]...", nargs=-1)
@click.option("--to", "path", type=click.Path(path_type=Path), help="A file: .csv or .xlsx.")
@click.option(
    "--all",
    "whole",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.zip",
    help="The whole shop: a CSV of each table, all files, and the papers.",
)
@click.option("--branch", default="main", show_default=True, help="Code of the branch.")
@click.option("--lang", default="zh_CN", type=click.Choice(["zh_CN", "en"]), show_default=True)
def export(
    name: str | None,
    filters: tuple[str, ...],
    path: Path | None,
    whole: Path | None,
    branch: str,
    lang: str,
) -> None:
    """Write a list into a file, as its page filters it; without a LIST, name all lists.

    workshop export payments day=2026-11-01 last=2026-11-30 --to november.xlsx
    """
    if whole is not None:
        written = moving.export_whole(Settings.from_env(), whole, lang)
        click.echo(f"{written.all_rows} rows and {written.files} pictures in {whole}")
        return
    app = create_app(Settings.from_env())
    # Pages' own words and the shop's zone are asked of a request.
    with app.test_request_context(), force_locale(lang):
        if name is None:
            _say_all()
            return
        if path is None:
            raise click.UsageError("say where to: --to FILE")
        try:
            rows = _write(lists.get_sheet(name), _asked(branch, filters), path)
        except WorkshopError as error:
            raise click.ClickException(str(error)) from error
        db.commit()
    click.echo(f"{rows} rows in {path}")


def _say_all() -> None:
    for sheet in lists.list_sheets():
        click.echo(f"{sheet.name:22} {gettext(sheet.label)}")


def _asked(code: str, filters: tuple[str, ...]) -> Asked:
    args: MultiDict[str, str] = MultiDict()
    for each in filters:
        key, sign, value = each.partition("=")
        if not sign:
            raise click.UsageError(f"write a filter like day=2026-11-23, not {each!r}")
        args.add(key, value)
    found = _branch(code)
    g.branch, g.zone_name = found, found.zone
    return Asked(found, None, args, clock.now())


def _branch(code: str) -> Branch:
    for each in shop.list_branches():
        if each.code == code:
            return each
    raise click.ClickException(f"There is no branch {code}.")


def _write(sheet: ListSheet, asked: Asked, path: Path) -> int:
    kind = path.suffix.removeprefix(".")
    if kind not in export_page.TYPES:
        raise click.UsageError("the file's name ends with .csv or .xlsx")
    half = path.with_name(f"{path.name}.part")
    with half.open("wb") as file:
        rows = export_page.write(sheet, asked, kind, cast(BinaryIO, file))
    # Whoever sees the file sees the whole of it.
    half.replace(path)
    trail.note_export(sheet.label, kind, asked.filter, rows, by=None, at=asked.at)
    return rows
