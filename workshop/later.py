"""Modules that are loaded with their first use, not with the program.

Each brings a library that is slow to load or large in memory, and most processes never touch it:
papers, workbooks, archives, migrations, initials, the strength of passwords. They are imported at
the head of a file like any other; what is in them is run when something is first asked of them.
Python's own LazyLoader lets a second thread see a module that is half run, and pages are threads.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import re
import sys
import threading
from collections.abc import Sequence
from types import ModuleType
from typing import Any, cast

LIBRARIES = frozenset(
    {
        *("flask_migrate", "holidays", "phonenumbers", "pypinyin", "pyzipper", "segno", "zxcvbn"),
        # Socket.IO asks for both kinds, also where no Redis is set.
        *("redis", "redis.asyncio"),
    }
)
"""Libraries that are imported whole, as `import segno`, and used inside functions only."""

OWN = re.compile(
    r"workshop\.((.+\.)?(pdf|\w+_pdf|printed|drawing)|upgrading|paper(\.\w+)?"
    r"|backup\.(making|whole)|health\.metrics_page|sheets\.(workbook_writing|worksheets|workbooks))"
)
"""Our own modules that name such a library's parts at their head."""

UNWANTED = frozenset({"rich"})
"""What a library would load to draw its log in colours, for 50 ms: it does without."""

# What the import itself asks every module for.
_OF_IMPORTS = frozenset(
    {
        *("__class__", "__dict__", "__doc__", "__file__", "__cached__", "__loader__"),
        *("__name__", "__package__", "__path__", "__spec__"),
    }
)
_free = threading.RLock()


def install() -> None:
    """From now on these are loaded late; called before anything else is imported."""
    if not any(isinstance(each, _Finder) for each in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder(importlib.abc.MetaPathFinder):
    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name in UNWANTED:
            raise ModuleNotFoundError(f"{name} is not used here", name=name)
        if name not in LIBRARIES and not OWN.fullmatch(name):
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = _Loader(spec.loader)
        return spec


class _Loader(importlib.abc.Loader):
    def __init__(self, loader: importlib.abc.Loader) -> None:
        self._loader = loader

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> ModuleType | None:
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Only note what is to be run; `__loader__` is the true one again."""
        spec = cast(importlib.machinery.ModuleSpec, module.__spec__)
        spec.loader = module.__loader__ = self._loader
        module.__class__ = _Later


class _Later(ModuleType):
    """A module that has not been run yet; the first to ask for something in it runs it."""

    def __getattribute__(self, name: str) -> Any:
        if name in _OF_IMPORTS:
            return ModuleType.__getattribute__(self, name)
        if f"{self.__name__}.{name}" in LIBRARIES:
            # A part that is loaded late itself: the import finds it.
            if name in self.__dict__:
                return self.__dict__[name]
            raise AttributeError(name)
        # Others wait until it is run to its end; who runs it reads what is there so far.
        with _free:
            if type(self) is _Later and not self.__dict__.get("__being_run__"):
                self.__dict__["__being_run__"] = True
                spec = cast(importlib.machinery.ModuleSpec, self.__spec__)
                try:
                    cast(importlib.abc.Loader, spec.loader).exec_module(self)
                finally:
                    del self.__dict__["__being_run__"]
                self.__class__ = ModuleType  # type: ignore[assignment]  # It has no more to hide.
        return ModuleType.__getattribute__(self, name)
