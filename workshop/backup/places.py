"""Second places for backups: a folder on another disk, or an S3-compatible store."""

from __future__ import annotations

import importlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import unquote, urlsplit

from workshop.backup import archive
from workshop.backup.errors import BackupFailed
from workshop.errors import N_, WorkshopError

_SCHEMES = {"s3": True, "s3+http": False}


class Place(Protocol):
    """Where copies of the archives are kept; `name` carries no secret."""

    @property
    def name(self) -> str:
        """How people know it."""
        ...

    def list_names(self) -> list[str]:
        """The names of the files there; raises BackupFailed when the place is not to be had."""

    def put(self, file: Path) -> None:
        """Copy an archive there; it has its name only once it is whole."""

    def remove(self, name: str) -> None:
        """Remove one file."""


def name_of(address: str) -> str:
    """How people know the place that a setting names; without its secret."""
    if urlsplit(address).scheme not in _SCHEMES:
        return address
    return address.rpartition("@")[2].rstrip("/")


def open_place(address: str) -> Place:
    """The place that a setting names."""
    if urlsplit(address).scheme in _SCHEMES:
        return _open_store(address)
    return Folder(Path(address))


@dataclass(frozen=True)
class Folder:
    """A folder, of a USB disk or a network store. It is never made: a disk that is not there
    would leave its copies on the very disk they are to be safe from.
    """

    path: Path

    @property
    def name(self) -> str:
        """How people know it."""
        return str(self.path)

    def list_names(self) -> list[str]:
        """The names of the files there."""
        with _in_words(self.name):
            if not self.path.is_dir():
                raise BackupFailed(N_("%(place)s is not there."), place=self.name)
            return [each.name for each in self.path.iterdir() if each.is_file()]

    def put(self, file: Path) -> None:
        """Copy the archive, and read it again from there."""
        part = self.path / f"{file.name}.part"
        with _in_words(self.name):
            try:
                with file.open("rb") as source, open(part, "wb", opener=_for_owner) as target:
                    shutil.copyfileobj(source, target, 2**20)
                    target.flush()
                    os.fsync(target.fileno())
                if archive.hash_of(part) != archive.hash_of(file):
                    raise BackupFailed(
                        N_("%(place)s does not give back what was written."), place=self.name
                    )
                os.replace(part, self.path / file.name)
            finally:
                part.unlink(missing_ok=True)

    def remove(self, name: str) -> None:
        """Remove one file."""
        with _in_words(self.name):
            (self.path / name).unlink(missing_ok=True)


@dataclass(frozen=True)
class Store:
    """A bucket of an S3-compatible store, and a folder in it; the client is minio's."""

    client: Any
    bucket: str
    prefix: str
    name: str

    def list_names(self) -> list[str]:
        """The names of the files there."""
        with _in_words(self.name):
            found = self.client.list_objects(self.bucket, prefix=self.prefix)
            return [each.object_name.removeprefix(self.prefix) for each in found]

    def put(self, file: Path) -> None:
        """Copy the archive; a store shows an object only once it is whole."""
        with _in_words(self.name):
            self.client.fput_object(self.bucket, self.prefix + file.name, str(file))
            kept = self.client.stat_object(self.bucket, self.prefix + file.name)
            if kept.size != file.stat().st_size:
                raise BackupFailed(
                    N_("%(place)s does not give back what was written."), place=self.name
                )

    def remove(self, name: str) -> None:
        """Remove one file."""
        with _in_words(self.name):
            self.client.remove_object(self.bucket, self.prefix + name)


def _open_store(address: str) -> Store:
    try:
        minio = importlib.import_module("minio")
    except ImportError as error:
        raise BackupFailed(
            N_("For a place that begins with s3:// install workshop with its extra [s3].")
        ) from error
    parts = urlsplit(address)
    bucket, _, inside = parts.path.strip("/").partition("/")
    if not (parts.hostname and bucket and parts.username and parts.password):
        raise BackupFailed(N_("Write the place as s3://KEY:SECRET@host/bucket/folder."))
    host = parts.hostname if parts.port is None else f"{parts.hostname}:{parts.port}"
    client = minio.Minio(
        host,
        access_key=unquote(parts.username),
        secret_key=unquote(parts.password),
        secure=_SCHEMES[parts.scheme],
    )
    return Store(client, bucket, f"{inside}/" if inside else "", name_of(address))


def _for_owner(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


@contextmanager
def _in_words(place: str) -> Iterator[None]:
    """Whatever a disk, a network or a library says becomes one sentence with the place's name."""
    try:
        yield
    except WorkshopError:
        raise
    # The store's library and the network below it have many kinds of failure; each is one here.
    except Exception as error:
        said = _said_by(error)[:200] or type(error).__name__
        raise BackupFailed(N_("%(place)s: %(said)s"), place=place, said=said) from error


def _said_by(error: Exception) -> str:
    """What went wrong, without the addresses and numbers that libraries put around it."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    code, message = getattr(error, "code", None), getattr(error, "message", None)
    if code and message:
        return f"{message} ({code})"
    # Below a store that was not reached lies what the network said.
    reason = getattr(error, "reason", None)
    return str(reason).rpartition(": ")[2] if reason else str(error)
