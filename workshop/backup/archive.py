"""The archive: one ZIP with the database, the other files of the data folder, and a manifest.

With a pass phrase its members are encrypted as 7-Zip and WinZip do it (AES-256), so that it opens
without this program. The manifest names every member with its hash.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pyzipper

from workshop.backup.errors import BadArchive
from workshop.backup.figures import Figures
from workshop.errors import N_

FORMAT = 1
MANIFEST = "manifest.json"
FILES = "files/"
SECRET_KEY = f"{FILES}secret.key"
DATABASES = {"sqlite": "database.sqlite", "postgresql": "database.pgdump"}
_CHUNK = 2**20
# A manifest names some hundred tables; what is larger is none of ours.
_LARGEST_MANIFEST = 2**24


@dataclass(frozen=True)
class Member:
    """One file of the archive."""

    bytes: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What an archive says of itself; `made_at` is ISO 8601, `engine` the database's kind."""

    made_at: str
    version: str
    revision: str
    schema: str
    engine: str
    branches: list[str]
    figures: Figures
    settings: dict[str, str] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def database(self) -> str:
        """The name of the member that is the database."""
        return DATABASES[self.engine]

    def as_json(self) -> str:
        """The text in the archive."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def write(
    path: Path, manifest: Manifest, members: Mapping[str, Path | bytes], key: str | None
) -> Manifest:
    """Write the archive, the manifest as its last member; returns the manifest with all members.

    The file is readable for its owner alone: without a key the secret key lies open in it.
    """
    with open(path, "wb", opener=_for_owner) as file:
        with _open(file, "w", key) as archive:
            written = {name: _put(archive, name, each) for name, each in members.items()}
            whole = Manifest(**{**vars(manifest), "members": written})
            archive.writestr(MANIFEST, whole.as_json())
        file.flush()
        os.fsync(file.fileno())
    return whole


def read_manifest(path: Path, key: str | None) -> Manifest:
    """What the archive says of itself; raises BadArchive in words."""
    with _reading(path, key) as archive:
        return _manifest_of(archive)


def check(path: Path, key: str | None) -> Manifest:
    """Read every member and compare it with its hash; raises BadArchive for any difference."""
    with _reading(path, key) as archive:
        manifest = _manifest_of(archive)
        there = {each for each in archive.namelist() if each != MANIFEST}
        if there != manifest.members.keys() or manifest.database not in there:
            raise BadArchive(N_("Files are missing from the archive, or are too many."))
        for name in sorted(there):
            _require_same(archive, name, manifest.members[name], None)
    return manifest


def extract(path: Path, key: str | None, name: str, target: Path) -> None:
    """Write one member to a file, readable for its owner alone, and compare it with its hash."""
    with _reading(path, key) as archive, open(target, "wb", opener=_for_owner) as file:
        _require_same(archive, name, _manifest_of(archive).members[name], file)
        file.flush()
        os.fsync(file.fileno())


def read_bytes(path: Path, key: str | None, name: str) -> bytes:
    """One small member."""
    with _reading(path, key) as archive:
        data: bytes = archive.read(name)
    return data


def hash_of(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _for_owner(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)


def _open(file: IO[bytes], mode: str, key: str | None) -> Any:
    way = {"encryption": pyzipper.WZ_AES} if key and mode == "w" else {}
    archive = pyzipper.AESZipFile(
        file, mode, compression=pyzipper.ZIP_DEFLATED, compresslevel=1, **way
    )
    if key:
        archive.setpassword(key.encode())
    return archive


def _put(archive: Any, name: str, content: Path | bytes) -> Member:
    counted, size = hashlib.sha256(), 0
    with archive.open(name, "w", force_zip64=True) as target:
        for chunk in _chunks(content):
            counted.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return Member(size, counted.hexdigest())


def _chunks(content: Path | bytes) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as source:
        while chunk := source.read(_CHUNK):
            yield chunk


@contextmanager
def _reading(path: Path, key: str | None) -> Iterator[Any]:
    """An opened archive; whatever is wrong with it is said in words."""
    try:
        with path.open("rb") as file, _open(file, "r", key) as archive:
            if any(each.flag_bits & 1 for each in archive.infolist()) and not key:
                raise BadArchive(
                    N_("The archive is encrypted: set WORKSHOP_BACKUP_KEY to its key.")
                )
            yield archive
    except FileNotFoundError as error:
        raise BadArchive(N_("There is no file %(file)s."), file=str(path)) from error
    except RuntimeError as error:
        raise BadArchive(N_("WORKSHOP_BACKUP_KEY is not the key of this archive.")) from error
    # The library raises NotImplementedError for a way to compress that it does not know.
    except (pyzipper.BadZipFile, zlib.error, EOFError, KeyError, NotImplementedError) as error:
        raise BadArchive(
            N_("The archive cannot be read to its end: %(said)s"), said=str(error)
        ) from error


def _manifest_of(archive: Any) -> Manifest:
    try:
        if archive.getinfo(MANIFEST).file_size > _LARGEST_MANIFEST:
            raise ValueError("too large")
        said = json.loads(archive.read(MANIFEST))
        if said["format"] > FORMAT:
            raise BadArchive(N_("A newer release made this archive: install that release first."))
        members = {name: Member(**each) for name, each in said["members"].items()}
        manifest = Manifest(**{**said, "members": members, "figures": Figures(**said["figures"])})
    except (KeyError, ValueError, TypeError) as error:
        raise BadArchive(N_("The file is no backup of this program.")) from error
    if manifest.engine not in DATABASES or any(map(_leads_out, members)):
        raise BadArchive(N_("The file is no backup of this program."))
    return manifest


def _leads_out(name: str) -> bool:
    """Whether a member would be written outside of the data folder."""
    path = PurePosixPath(name)
    return path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name


def _require_same(archive: Any, name: str, wanted: Member, copy: IO[bytes] | None) -> None:
    counted, size = hashlib.sha256(), 0
    with archive.open(name) as source:
        while chunk := source.read(_CHUNK):
            counted.update(chunk)
            size += len(chunk)
            # A member that grows past what it says would fill the disk.
            if size > wanted.bytes:
                break
            if copy is not None:
                copy.write(chunk)
    if (size, counted.hexdigest()) != (wanted.bytes, wanted.sha256):
        raise BadArchive(N_("%(name)s in the archive is not what was put there."), name=name)
