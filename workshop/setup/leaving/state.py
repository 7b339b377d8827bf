"""How far the file of the whole shop is, kept beside it; a process that dies leaves no trace."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from workshop.config import Settings
from workshop.storage import locking

FILE, STATE, LOCK = "whole-shop.zip", "whole-shop.json", "whole-shop.lock"


@dataclass(frozen=True)
class Packed:
    """The newest try: when (ISO 8601) and by whom, with what it holds, or that it failed."""

    made_at: str
    by: str
    rows: int = 0
    files: int = 0
    bytes: int = 0
    has_failed: bool = False


def file_of(settings: Settings) -> Path:
    """Where the file lies."""
    return settings.backup_dir / FILE


def read(settings: Settings) -> Packed | None:
    """The newest try, None when nobody has ever asked."""
    try:
        said = json.loads((settings.backup_dir / STATE).read_text(encoding="utf-8"))
        return Packed(**said)
    except (OSError, ValueError, TypeError):
        return None


def write(settings: Settings, packed: Packed) -> None:
    """Keep how it went."""
    path = settings.backup_dir / STATE
    part = path.with_suffix(".part")
    part.write_text(json.dumps(asdict(packed), ensure_ascii=False), encoding="utf-8")
    part.replace(path)


def is_running(settings: Settings) -> bool:
    """Whether somebody's file is being written now."""
    return locking.is_held(settings.data_dir / LOCK)
