"""What an administrator makes in the service's folder belongs to the service."""

from __future__ import annotations

import os
from pathlib import Path


def hand_over(path: Path) -> None:
    """Give a file that root has made to whom its folder belongs; others' are theirs already."""
    if os.name == "nt" or os.geteuid() != 0:
        return
    owner = path.parent.stat()
    os.chown(path, owner.st_uid, owner.st_gid)
