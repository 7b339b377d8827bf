"""What nobody waits for: done in order, in a thread of its own, and a failure stops nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from workshop import doctor
from workshop.config import Settings
from workshop.sockets.aside import Aside
from workshop.sockets.gathering import MOST_BODY, Incoming
from workshop.sockets.lines import NOTE


def test_before_it_is_started_work_is_done_at_once_and_then_nobody_waits_for_it() -> None:
    aside, done, gate = Aside(), [], threading.Event()
    aside.do(lambda: done.append(0))
    assert done == [0]
    aside.start()
    # when: the first of these cannot go on
    aside.do(lambda: done.append(1 if gate.wait(10) else None))
    aside.do(lambda: done.append(1 // 0))
    finished = threading.Event()
    aside.do(lambda: done.append(2))
    aside.do(finished.set)
    # then
    assert done == [0]
    gate.set()
    assert finished.wait(10)
    assert done == [0, 1, 2]


@pytest.fixture
def incoming() -> Iterator[Incoming]:
    made = Incoming()
    yield made
    made.close()


def take(incoming: Incoming) -> bytes:
    read = incoming.open()
    return b"".join(iter(lambda: read(3), b""))


def test_a_request_is_whole_when_its_body_is(incoming: Incoming) -> None:
    for piece in (b"POST / HTTP/1.1\r\nContent-Le", b"ngth: 5\r\n", b"\r\n", b"12", b"34"):
        incoming.add(piece)
        assert not incoming.is_whole
    assert incoming.has_head
    incoming.add(b"5")
    assert incoming.is_whole
    assert not incoming.must_be_last
    assert take(incoming) == b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n12345"


def test_what_follows_a_request_is_not_read_as_a_part_of_it(incoming: Incoming) -> None:
    incoming.add(b"GET / HTTP/1.1\r\n\r\nGET /second")
    assert incoming.is_whole
    assert incoming.must_be_last
    assert take(incoming) == b"GET / HTTP/1.1\r\n\r\n"


def test_nothing_is_awaited_of_a_body_that_is_refused_anyway(incoming: Incoming) -> None:
    incoming.add(b"POST / HTTP/1.1\r\ncontent-length: %d\r\n\r\n12" % (MOST_BODY + 1))
    assert incoming.is_whole
    assert incoming.must_be_last


def test_a_head_without_an_end_goes_to_the_parser_which_refuses_it(incoming: Incoming) -> None:
    incoming.add(b"GET / HTTP/1.1\r\nX: " + b"a" * 2**17)
    assert incoming.is_whole


def test_a_body_of_unknown_length_is_known_by_its_head(incoming: Incoming) -> None:
    incoming.add(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")
    assert incoming.is_chunked


def test_the_doctor_says_that_some_screens_had_no_place(tmp_path: Path) -> None:
    settings = Settings.from_env({"WORKSHOP_DATA_DIR": str(tmp_path)})
    [finding] = [each for each in doctor.examine(settings) if "--live" in each.words]
    assert finding.is_fine
    (tmp_path / NOTE).write_text(json.dumps({"held": 1000}), encoding="ascii")
    [finding] = [each for each in doctor.examine(settings) if "--live" in each.words]
    assert not finding.is_fine
    assert "held 1000 open pages and screens" in finding.words
