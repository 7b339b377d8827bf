"""What became of each backup: a small file beside the archive, so that it outlives the database.

A restore brings an older database back, and it must not bring back an older list of backups. A try
that failed leaves such a file alone.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workshop.storage import ownership

KEPT_FAILURES = 10
_FORMAT = "%Y%m%dT%H%M%SZ"
_MADE, _FAILED = "workshop", "failed"
PLACES = "places.json"


@dataclass(frozen=True)
class Said:
    """A sentence with its values, to be translated where it is shown."""

    message: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.message % self.values if self.values else self.message


@dataclass(frozen=True)
class Record:
    """One backup, or a try of one; `verified` says how it was looked at, `fault` why it failed.

    `at` is ISO 8601 in UTC; `by` names a person, None where the timer or a command made it.
    """

    at: str
    by: str | None = None
    bytes: int = 0
    sha256: str = ""
    rows: int = 0
    files: int = 0
    version: str = ""
    revision: str = ""
    engine: str = ""
    is_encrypted: bool = False
    verified: str = ""
    warnings: list[Said] = field(default_factory=list)
    fault: Said | None = None

    @property
    def made_at(self) -> datetime:
        """When, aware."""
        return datetime.fromisoformat(self.at)

    @property
    def is_good(self) -> bool:
        """Whether there is an archive that was opened and counted."""
        return self.fault is None

    @property
    def name(self) -> str:
        """The name of the archive."""
        return archive_name(self.made_at)


@dataclass(frozen=True)
class PlaceResult:
    """How the last look at a second place ended; `name` is the newest archive there."""

    at: str
    name: str | None = None
    fault: Said | None = None


def archive_name(at: datetime) -> str:
    """The name of an archive by the moment when it was begun."""
    return f"{_MADE}-{at.astimezone(UTC).strftime(_FORMAT)}.zip"


def moment_of(name: str) -> datetime | None:
    """The moment that an archive's name tells; None for any other file."""
    try:
        return datetime.strptime(name, f"{_MADE}-{_FORMAT}.zip").replace(tzinfo=UTC)
    except ValueError:
        return None


def list_records(folder: Path) -> list[Record]:
    """All backups whose archive is still there and the last failures, newest first."""
    if not folder.is_dir():
        return []
    found = [_read(path) for path in folder.glob("*-*Z.json")]
    there = [each for each in found if each and (each.fault or (folder / each.name).is_file())]
    return sorted(there, key=lambda each: each.made_at, reverse=True)


def find_last_good(records: Iterable[Record]) -> Record | None:
    """The newest backup that was opened and counted."""
    return next((each for each in records if each.is_good), None)


def find_last_failure(records: Iterable[Record]) -> Record | None:
    """The newest try that failed."""
    return next((each for each in records if not each.is_good), None)


def keep(folder: Path, record: Record) -> None:
    """Lay the record beside its archive; of failures only the last are kept."""
    kind = _MADE if record.is_good else _FAILED
    time = record.made_at.astimezone(UTC).strftime(_FORMAT)
    write_json(folder / f"{kind}-{time}.json", asdict(record))
    failures = sorted(folder.glob(f"{_FAILED}-*.json"))
    for old in failures[:-KEPT_FAILURES]:
        old.unlink(missing_ok=True)


def forget(folder: Path, at: datetime) -> None:
    """Remove an archive, and its record after it."""
    archive = folder / archive_name(at)
    archive.unlink(missing_ok=True)
    archive.with_suffix(".json").unlink(missing_ok=True)


def read_places(folder: Path) -> dict[str, PlaceResult]:
    """How the last look at each second place ended, by its name."""
    try:
        found = json.loads((folder / PLACES).read_text(encoding="utf-8"))
        return {
            name: PlaceResult(**{**each, "fault": _said(each.get("fault"))})
            for name, each in found.items()
        }
    except (OSError, ValueError, TypeError, AttributeError):
        return {}


def keep_places(folder: Path, results: dict[str, PlaceResult]) -> None:
    """Keep how the look at the second places ended."""
    write_json(folder / PLACES, {name: asdict(each) for name, each in results.items()})


def write_json(path: Path, said: dict[str, Any]) -> None:
    """Write a small file whole or not at all."""
    part = path.with_name(f"{path.name}.part")
    with part.open("w", encoding="utf-8") as file:
        json.dump(said, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    ownership.hand_over(path)


def _read(path: Path) -> Record | None:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        warnings = [Said(**each) for each in said["warnings"]]
        return Record(**{**said, "warnings": warnings, "fault": _said(said["fault"])})
    except (OSError, ValueError, TypeError, KeyError):
        # Somebody's own file, or one that another release writes in another way.
        return None


def _said(found: dict[str, Any] | None) -> Said | None:
    return Said(**found) if found else None
