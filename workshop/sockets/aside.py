"""Work that nobody waits for, done in its order beside the pages."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

import structlog

log = structlog.get_logger(__name__)


class Aside:
    """One thread that does what it is given, in order; before it is started, all is done at once.

    A command, a timer's test or a script has no need of the thread.
    """

    def __init__(self) -> None:
        self._work: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """From now on nobody waits. It ends with the process."""
        self._thread = threading.Thread(target=self._run, name="aside", daemon=True)
        self._thread.start()

    def do(self, work: Callable[[], None]) -> None:
        """Do it soon, after all that was given before."""
        if self._thread is None:
            work()
        else:
            self._work.put(work)

    def _run(self) -> None:
        while True:
            work = self._work.get()
            try:
                work()
            except Exception:
                log.exception("screens were not told")
