"""The whole shop as one ZIP that anybody reads: a CSV of each table, every file, the papers.

For whoever leaves, and for an empty shop of the same release that takes it over.
"""

from __future__ import annotations

import csv
import io
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from importlib.metadata import version as version_of
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.migration import MigrationContext
from sqlalchemy import Column, Connection, Table
from sqlalchemy.pool import NullPool

from workshop import db
from workshop.backup import figures, tables
from workshop.backup.errors import BadArchive
from workshop.backup.figures import Figures
from workshop.config import Settings
from workshop.errors import N_

MANIFEST, DICTIONARY = "manifest.json", "dictionary.csv"
_KIND = "whole shop"
_PAPERS = "papers"
_LARGEST_CELL = 2**31 - 1
# What a spreadsheet would take for a formula, and the mark that keeps it from that.
_MARK = "\\"
_MARKED = ("\\", "=", "+", "-", "@", "\t", "\r")


@contextmanager
def reading(settings: Settings) -> Iterator[Connection]:
    """A connection that sees one moment of the shop."""
    engine = sa.create_engine(settings.database_url, poolclass=NullPool)
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    else:
        db.configure(engine)
    with db.reading(), engine.connect() as connection:
        yield connection


def write(
    connection: Connection, models: Any, path: Path, papers: Iterable[tuple[str, bytes]] = ()
) -> Figures:
    """Write everything that the connection's transaction sees; returns what was counted.

    `models` is the base class of the models, `papers` are names and PDFs for people to read: an
    empty shop that takes the file over prints its own. The file has its name only once it is whole.
    """
    part = path.with_name(f"{path.name}.part")
    counted = figures.read(connection)
    try:
        # Names, phones and the sign-in's hashes are in it: its owner alone reads it.
        with (
            open(part, "wb", opener=_for_owner) as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
        ):
            found = tables.list_tables(connection, models.metadata)
            for table in found:
                _write_table(archive, connection, table)
            archive.writestr(DICTIONARY, _dictionary(models, [each.name for each in found]))
            for name, data in papers:
                archive.writestr(f"{_PAPERS}/{name}", data)
            said = {"kind": _KIND, **_release(connection), "figures": counted.as_json()}
            archive.writestr(MANIFEST, json.dumps(said, ensure_ascii=False, indent=1))
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return counted


def _release(connection: Connection) -> dict[str, str | None]:
    revision = MigrationContext.configure(connection).get_current_revision()
    return {"version": version_of("workshop"), "revision": revision}


def _for_owner(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def read_manifest(path: Path) -> dict[str, Any]:
    """What the file says of itself; raises BadArchive for any other file."""
    try:
        with zipfile.ZipFile(path) as archive:
            said = json.loads(archive.read(MANIFEST))
        if said["kind"] != _KIND:
            raise ValueError
    except (OSError, zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise BadArchive(N_("The file is no whole shop of this program.")) from error
    return dict(said)


def bring(path: Path, target: Connection, models: Any) -> Figures:
    """Replace all rows of the target by those of the file; raises unless the figures are equal.

    The caller commits.
    """
    wanted = Figures(**read_manifest(path)["figures"])
    csv.field_size_limit(_LARGEST_CELL)
    with zipfile.ZipFile(path) as archive, tables.replacing(target, models.metadata) as found:
        for table in found:
            tables.write(target, table, _read_table(archive, table))
    different = wanted.differences(figures.read(target))
    if different:
        raise BadArchive(
            N_("Counted again, the backup differs: %(said)s"), said="; ".join(different[:3])
        )
    return wanted


# ---- Tables ----


def _write_table(archive: zipfile.ZipFile, connection: Connection, table: Table) -> None:
    """The rows, and then the files they name: a ZIP is written one member at a time."""
    with (
        archive.open(_name(table), "w", force_zip64=True) as raw,
        io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text,
    ):
        lines = csv.writer(text)
        lines.writerow(table.c.keys())
        for row in tables.read(connection, table):
            lines.writerow([_to_cell(table, column, row) for column in table.c])
    for column in table.c:
        if isinstance(column.type, sa.LargeBinary):
            for row in tables.read(connection, table):
                if row[column.name] is not None:
                    archive.writestr(_file_of(table, column, row), row[column.name])


def _read_table(archive: zipfile.ZipFile, table: Table) -> Iterator[dict[str, Any]]:
    try:
        raw = archive.open(_name(table))
    except KeyError as error:
        raise BadArchive(N_("%(name)s is missing in the file."), name=_name(table)) from error
    with raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as text:
        for line in csv.DictReader(text):
            yield {column.name: _from_cell(archive, column, line) for column in table.c}


def _name(table: Table) -> str:
    return f"tables/{table.name}.csv"


def _file_of(table: Table, column: Column[Any], row: dict[str, Any]) -> str:
    key = "-".join(str(row[each.name]) for each in table.primary_key.columns)
    kind = str(row.get("mime") or "").rpartition("/")[2] or "bin"
    return f"files/{table.name}/{key}-{column.name}.{kind}"


def _to_cell(table: Table, column: Column[Any], row: dict[str, Any]) -> str:
    value = row[column.name]
    if value is None:
        return ""
    if isinstance(value, bytes):
        return _file_of(table, column, row)
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if not isinstance(value, str):
        return str(value)
    is_marked = value.startswith(_MARKED) or (not value and column.nullable)
    return f"{_MARK}{value}" if is_marked else value


def _from_cell(archive: zipfile.ZipFile, column: Column[Any], line: dict[str, str]) -> Any:
    cell = line[column.name]
    kind = _python_type(column)
    if not cell and (column.nullable or kind is not str):
        return None
    if kind is bytes:
        return archive.read(cell)
    if kind is bool:
        return cell == "1"
    if kind in (datetime, date, time):
        return kind.fromisoformat(cell)
    if kind in (int, float, Decimal):
        return kind(cell)
    return cell.removeprefix(_MARK)


def _python_type(column: Column[Any]) -> Any:
    """What a value of the column is; our own types stand on one of the library's."""
    kind = column.type
    return (kind.impl_instance if isinstance(kind, sa.TypeDecorator) else kind).python_type


# ---- The dictionary ----


def _dictionary(models: Any, names: list[str]) -> bytes:
    """What each table is, and of each column its kind, its values and what it refers to."""
    text = io.StringIO(newline="")
    lines = csv.writer(text)
    lines.writerow(["table", "column", "type", "may be empty", "refers to", "meaning"])
    meanings = {
        mapper.local_table.name: " ".join((mapper.class_.__doc__ or "").split())
        for mapper in models.registry.mappers
        if not mapper.inherits
    }
    for name in names:
        table = models.metadata.tables[name]
        lines.writerow([name, "", "", "", "", meanings.get(name, "")])
        for column in table.c:
            refers = ", ".join(each.target_fullname for each in column.foreign_keys)
            empty = "yes" if column.nullable else "no"
            lines.writerow([name, column.name, *_kind(column), empty, refers, _values(column)])
    return text.getvalue().encode("utf-8-sig")


def _kind(column: Column[Any]) -> list[str]:
    if isinstance(column.type, sa.LargeBinary):
        return ["name of a file in this ZIP"]
    money = ", in fen (0.01 yuan)" if column.name.endswith("_fen") else ""
    return [
        f"{_python_type(column).__name__}{money}"
        if not isinstance(column.type, sa.JSON)
        else "JSON"
    ]


def _values(column: Column[Any]) -> str:
    return f"one of {', '.join(column.type.enums)}" if isinstance(column.type, sa.Enum) else ""
