"""The log: one line for each thing said, plain or as JSON, without secrets and people's data.

Tracebacks carry no values of variables; a line break in a value cannot begin a line of its own.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sys
import threading
import time
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

Line = MutableMapping[str, Any]

HIDDEN = "•••"
# What a key's name tells of its value.
_SECRET_KEYS = re.compile(
    r"password|secret|token|cookie|authorization|signature|phone|plate|vin$|customer|name$|address",
    re.IGNORECASE,
)
# What is secret wherever it stands: who opens a database, a link's token, phones, plates.
_SECRETS = (
    (re.compile(r"(\w+://[^:/\s@]*:)[^@\s]+(@)"), rf"\1{HIDDEN}\2"),
    (re.compile(r"(/(?:t|welcome)/)[\w.~-]{8,}"), rf"\1{HIDDEN}"),
    (re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"), HIDDEN),
    (re.compile(r"[\u4e00-\u9fff][A-Z]·?[A-Z0-9]{5,6}(?![A-Z0-9])"), HIDDEN),
)
_BREAKS = re.compile(r"[\r\n\x85\u2028\u2029\x1b\x00]")


def configure(env: Mapping[str, str] = os.environ) -> None:
    """Let every line go through here, those of libraries as well; JSON if WORKSHOP_LOG says so."""
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if env.get("WORKSHOP_LOG") == "json"
        else structlog.processors.KeyValueRenderer(
            key_order=["timestamp", "level", "event"], drop_missing=True
        )
    )
    begin: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    end: list[Processor] = [structlog.processors.format_exc_info, mask, Once(), last]
    structlog.configure(
        processors=[*begin, *end],
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
    _lead_libraries_here(begin, end)


def _lead_libraries_here(begin: list[Processor], end: list[Processor]) -> None:
    """Warnings of libraries come as plain records; they may hold what ours would hide."""
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler = _Dropping(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*begin, structlog.stdlib.add_logger_name],
            processors=[remove, *end],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)


class _Dropping(logging.StreamHandler[TextIO]):
    """Knows that a line may be dropped on its way."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print the record, unless it was dropped."""
        with contextlib.suppress(structlog.DropEvent):
            super().emit(record)


def mask(_logger: object, _method: str, line: Line) -> Line:
    """Hide what nobody who reads the log needs, and keep a line one line."""
    for key, value in line.items():
        if key != "event" and _SECRET_KEYS.search(key):
            line[key] = HIDDEN
        elif isinstance(value, str):
            line[key] = _plain(value, is_traceback=key == "exception")
        elif not isinstance(value, int | float | bool | None):
            line[key] = _plain(repr(value), is_traceback=False)
    return line


class Once:
    """A fault that repeats itself is said once a minute, with how often it was not said."""

    def __init__(self, seconds: float = 60.0, now: Callable[[], float] = time.monotonic) -> None:
        self._seconds, self._now = seconds, now
        self._said: dict[tuple[str, ...], tuple[float, int]] = {}
        self._alone = threading.Lock()

    def __call__(self, _logger: object, _method: str, line: Line) -> Line:
        """Drop the line, or let it pass with the count."""
        if line.get("level") not in ("error", "critical"):
            return line
        last_words = str(line.get("exception", "")).strip().rpartition("\n")[2]
        fault = (str(line.get("event")), str(line.get("fault", "")), last_words)
        with self._alone:
            at, unsaid = self._said.get(fault, (float("-inf"), 0))
            if self._now() - at < self._seconds:
                self._said[fault] = at, unsaid + 1
                raise structlog.DropEvent
            if len(self._said) > _MOST_FAULTS:
                self._said.clear()
            self._said[fault] = self._now(), 0
        return {**line, "repeated": unsaid} if unsaid else line


_MOST_FAULTS = 500


def _plain(text: str, *, is_traceback: bool) -> str:
    for secret, instead in _SECRETS:
        text = secret.sub(instead, text)
    return text if is_traceback else _BREAKS.sub(" ", text)
