"""Who asks for the file of the whole shop, and who takes it away."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from workshop.config import Settings
from workshop.errors import N_, NotFound, RuleBroken
from workshop.setup.leaving import state
from workshop.shop.models import Branch
from workshop.staff import audit
from workshop.staff.models import User


def ask(settings: Settings, branch: Branch, *, by: User, at: datetime) -> None:
    """Write down who asks; raises RuleBroken while another one is being written."""
    if state.is_running(settings):
        raise RuleBroken(N_("The file of the whole shop is being written now."))
    audit.write(by, "setup.pack_shop", branch, at)


def take_away(settings: Settings, branch: Branch, *, by: User, at: datetime) -> Path:
    """The file, and who takes it away written down; raises NotFound."""
    file = state.file_of(settings)
    if not file.is_file():
        raise NotFound(N_("There is no file of the whole shop yet."))
    audit.write(by, "setup.take_shop", branch, at)
    return file
