"""What an installation may set from outside: environment variables named WORKSHOP_*."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

PACKAGE = Path(__file__).parent


def resource_folder(name: str) -> Path:
    """`templates` or `static`: beside the package in a checkout, inside it in a wheel."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def default_data_dir() -> Path:
    """The user's own folder for data, as the platform has it."""
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA", Path.home())) / "workshop"
    return Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share")) / "workshop"


@dataclass(frozen=True)
class Backups:
    """Where and when backups are made; `folder` None means `backups` in the data folder.

    `copies` are second places, a folder or an address s3://ACCESS:SECRET@host/bucket/folder each.
    With a `key` the archives are encrypted. `hour` is one of the shop's clock.
    """

    folder: Path | None = None
    hour: int = 3
    key: str | None = None
    copies: tuple[str, ...] = ()

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Backups:
        """Read WORKSHOP_BACKUP_DIR, _HOUR, _KEY, and _COPIES with a semicolon between two."""
        hour = env.get("WORKSHOP_BACKUP_HOUR") or "3"
        if not (hour.isascii() and hour.isdigit() and int(hour) < _HOURS):
            raise BadSetting("WORKSHOP_BACKUP_HOUR is an hour of the day: write 0 to 23")
        folder = env.get("WORKSHOP_BACKUP_DIR")
        places = (each.strip() for each in env.get("WORKSHOP_BACKUP_COPIES", "").split(";"))
        return cls(
            folder=Path(folder) if folder else None,
            hour=int(hour),
            key=env.get("WORKSHOP_BACKUP_KEY") or None,
            copies=tuple(each for each in places if each),
        )


_HOURS = 24


class BadSetting(Exception):
    """A setting that cannot be meant; the message says how to write it."""


@dataclass(frozen=True)
class Settings:
    """All settings of one installation; `data_dir` holds the database, keys and locks.

    Links for others begin with the `address`; without one, with that of the page that makes them.
    """

    data_dir: Path
    database_url: str
    redis_url: str | None
    secret_key: str
    behind_https: bool
    address: str | None = None
    metrics_token: str | None = None
    demo: bool = False
    testing: bool = False
    backups: Backups = field(default_factory=Backups)

    @property
    def backup_dir(self) -> Path:
        """The folder of the backups."""
        return self.backups.folder or self.data_dir / "backups"

    @classmethod
    def from_env(cls, env: Mapping[str, str] = os.environ, *, demo: bool = False) -> Settings:
        """Read the variables WORKSHOP_*; README lists them. Raises BadSetting."""
        data_dir = Path(env.get("WORKSHOP_DATA_DIR") or default_data_dir())
        data_dir.mkdir(parents=True, exist_ok=True)
        database = data_dir / ("demo.db" if demo else "workshop.db")
        _keep_to_owner(data_dir, database)
        return cls(
            data_dir=data_dir,
            database_url=with_driver(env.get("WORKSHOP_DATABASE_URL") or f"sqlite:///{database}"),
            redis_url=env.get("WORKSHOP_REDIS_URL") or None,
            secret_key=env.get("WORKSHOP_SECRET_KEY") or _kept_secret(data_dir / "secret.key"),
            behind_https=env.get("WORKSHOP_HTTPS", "") == "1",
            address=_address(env.get("WORKSHOP_ADDRESS") or None),
            metrics_token=env.get("WORKSHOP_METRICS_TOKEN") or None,
            demo=demo,
            backups=Backups.from_env(env),
        )


def _address(typed: str | None) -> str | None:
    if typed is None:
        return None
    wrong = BadSetting("WORKSHOP_ADDRESS begins all links: write https://workshop.example.com")
    try:
        parts = urlsplit(typed)
        is_whole = parts.scheme in ("http", "https") and parts.hostname and not parts.username
        more = parts.path.strip("/"), parts.query, parts.fragment, parts.port == 0
    except ValueError as error:
        raise wrong from error
    if not is_whole or any(more):
        raise wrong
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _keep_to_owner(folder: Path, database: Path) -> None:
    """The folder and the database are for their owner only; what comes later is from the start."""
    os.umask(0o077)
    for path, rights in ((folder, 0o700), (database, 0o600)):
        # Another's folder keeps the rights that its owner gave it.
        with contextlib.suppress(OSError):
            path.chmod(rights)


def with_driver(url: str) -> str:
    """The usual ways to write a PostgreSQL address mean the driver that comes with us."""
    scheme, mark, rest = url.partition("://")
    return f"postgresql+psycopg{mark}{rest}" if scheme in ("postgres", "postgresql") else url


def _kept_secret(path: Path) -> str:
    """Make the key once and keep it, so that a restart signs nobody out."""
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key
