"""All that the page of the backups reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext

from workshop.backup import keeping, making, records, verifying
from workshop.backup.records import PlaceResult, Record, Said
from workshop.config import Settings
from workshop.errors import N_, Missing
from workshop.setup.backups import gates
from workshop.setup.leaving import state

_MEGABYTE, _KILOBYTE = 2**20, 2**10
_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_HOW = {
    verifying.COUNTED: N_("Opened again and counted"),
    verifying.RESTORED: N_("Restored into a scratch database and counted"),
    verifying.LISTED: N_("Listed, not restored"),
}


@dataclass(frozen=True)
class Row:
    """One backup, or a try that failed."""

    record: Record
    at: datetime

    @property
    def age(self) -> str:
        """How old it is, in the largest unit that fits."""
        age = self.at - self.record.made_at
        if age >= 2 * _DAY:
            return str(gettext("%(count)s days ago", count=age // _DAY))
        if age >= _HOUR:
            return str(gettext("%(count)s hours ago", count=age // _HOUR))
        return str(gettext("less than an hour ago"))

    @property
    def size(self) -> str:
        """How large the archive is."""
        return _size(self.record.bytes)

    @property
    def how(self) -> str:
        """By what it was looked at after it was made (msgid)."""
        return _HOW.get(self.record.verified, N_("Not looked at"))

    @property
    def warnings(self) -> list[str]:
        """What is odd about it."""
        return [_translate(each) for each in self.record.warnings]

    @property
    def fault(self) -> str | None:
        """Why there is none."""
        return _translate(self.record.fault) if self.record.fault else None


@dataclass(frozen=True)
class PlaceRow:
    """One second place, and how the last look at it ended."""

    name: str
    result: PlaceResult | None

    @property
    def made_at(self) -> datetime | None:
        """From when the newest backup there is."""
        name = self.result.name if self.result else None
        return records.moment_of(name) if name else None

    @property
    def fault(self) -> str | None:
        """Why it has not got the newest one."""
        fault = self.result.fault if self.result else None
        return _translate(fault) if fault else None


@dataclass(frozen=True)
class WholeShop:
    """The file of the whole shop, as it was written last."""

    packed: state.Packed | None
    is_running: bool
    is_there: bool

    @property
    def made_at(self) -> datetime | None:
        """When it was asked for."""
        return datetime.fromisoformat(self.packed.made_at) if self.packed else None

    @property
    def size(self) -> str:
        """How large it is."""
        return _size(self.packed.bytes) if self.packed else ""


class BackupsPage:
    """The backups with their age and how each was looked at, the places, and how to restore."""

    def __init__(self, settings: Settings, at: datetime) -> None:
        found = records.list_records(settings.backup_dir)
        self.rows = [Row(each, at) for each in found]
        self.folder = settings.backup_dir
        self.hour = f"{settings.backups.hour:02d}:00"
        self.is_encrypted = settings.backups.key is not None
        self.is_running = making.is_running(settings)
        self.missing: list[Missing] = [] if settings.demo else gates.missing_for(settings, at)
        results = records.read_places(settings.backup_dir)
        names = keeping.list_place_names(settings)
        self.places = [PlaceRow(name, results.get(name)) for name in names]
        good = records.find_last_good(found)
        self.whole = WholeShop(
            state.read(settings), state.is_running(settings), state.file_of(settings).is_file()
        )
        self.example = good.name if good else "workshop-….zip"


def _size(count: int) -> str:
    return f"{count / _MEGABYTE:.1f} MB" if count >= _MEGABYTE else f"{count // _KILOBYTE} KB"


def _translate(said: Said) -> str:
    return str(gettext(said.message, **said.values))
