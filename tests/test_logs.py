"""What stands in the log, and what never does."""

from __future__ import annotations

import contextlib
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from workshop import logs

JSON = {"WORKSHOP_LOG": "json"}


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    root = logging.getLogger()
    kept = root.level, root.handlers[:]
    yield
    structlog.reset_defaults()
    root.level, root.handlers[:] = kept


def say(capsys: pytest.CaptureFixture[str], **values: object) -> str:
    logs.configure(JSON)
    structlog.get_logger().error("said", **values)
    return capsys.readouterr().err


@pytest.mark.parametrize(
    ("values", "hidden"),
    [
        ({"url": "postgresql+psycopg://shop:open-sesame@db/shop"}, "open-sesame"),
        ({"path": "/t/AbCdEfGh12345678"}, "AbCdEfGh12345678"),
        ({"path": "/welcome/WzEsIjhmNDQ.aw2uQw.D_U75t"}, "WzEsIjhmNDQ"),
        ({"phone": "02112345678"}, "02112345678"),
        ({"words": "call 13812345678 back"}, "13812345678"),
        ({"words": "沪A·12W35 and 粤BD12345"}, "12W35"),
        ({"words": "粤BD12345"}, "D12345"),
        ({"display_name": "周敏"}, "周敏"),
        ({"token": 1234567}, "1234567"),
        ({"row": {"note": "redis://:word@host/0"}}, "word"),
    ],
)
def test_secrets_and_personal_data_are_hidden(
    capsys: pytest.CaptureFixture[str], values: dict[str, object], hidden: str
) -> None:
    line = say(capsys, **values)

    assert hidden not in line
    assert logs.HIDDEN in line


def test_a_traceback_has_no_values_of_variables_and_no_password(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure(JSON)
    customer = "Frau Müller"
    try:
        raise ValueError(f"postgresql://a:open-sesame@b/c, {len(customer)}")
    except ValueError:
        structlog.get_logger().exception("failed")
    said = capsys.readouterr().err

    assert "ValueError" in json.loads(said)["exception"]
    assert "Müller" not in said
    assert "open-sesame" not in said


@pytest.mark.parametrize("as_json", [True, False])
def test_a_value_cannot_begin_a_line_of_its_own(
    capsys: pytest.CaptureFixture[str], as_json: bool
) -> None:
    logs.configure(JSON if as_json else {})
    structlog.get_logger().error("said\r\nlevel=info", path="/x\nlevel=info event=forged\x1b[2J")

    assert len(capsys.readouterr().err.splitlines()) == 1


def test_what_a_request_is_known_by_stands_on_each_of_its_lines(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure(JSON)
    with structlog.contextvars.bound_contextvars(request="ab12"):
        structlog.get_logger().error("said")

    assert json.loads(capsys.readouterr().err)["request"] == "ab12"


def test_a_fault_that_repeats_itself_is_said_once_a_minute_with_a_count() -> None:
    moment = [0.0]
    once = logs.Once(60.0, lambda: moment[0])
    line = {"event": "gone", "level": "error", "exception": "…\nOSError: gone"}
    said = []
    for at in (0.0, 1.0, 59.0, 61.0, 122.0):
        moment[0] = at
        with contextlib.suppress(structlog.DropEvent):
            said.append(once(None, "error", dict(line)).get("repeated"))

    assert said == [None, 2, None]
    assert once(None, "error", {"event": "another", "level": "error"})
    assert once(None, "info", {"event": "gone", "level": "info"})


def test_what_a_library_says_goes_through_the_same_hands(
    capsys: pytest.CaptureFixture[str],
) -> None:
    logs.configure(JSON)
    library = logging.getLogger("a.library")
    for _ in range(3):
        library.error("no answer from %s\nlevel=info", "redis://:open-sesame@host/0")
    library.info("chatter")
    said = capsys.readouterr().err

    assert "open-sesame" not in said
    (line,) = said.splitlines()
    assert json.loads(line)["logger"] == "a.library"
    assert json.loads(line)["level"] == "error"


def test_gunicorn_alone_logs_in_the_same_way() -> None:
    text = (Path(logs.__file__).parent.parent / "wsgi.py").read_text(encoding="utf-8")

    assert text.index("logs.configure()") < text.index("Settings.from_env()")
