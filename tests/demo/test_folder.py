"""The demo's folder: what is thrown away, what is not, and when its day is told again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from tests.factories import AT
from workshop import db
from workshop.cli import main
from workshop.db import session
from workshop.demo import folder, run, story
from workshop.demo.timeline import Plan
from workshop.orders.flow import Stage
from workshop.orders.models import RepairOrder

_DAY = timedelta(days=1)


def fill(place: Path, *names: str) -> None:
    for name in names:
        (place / name).write_text("x", encoding="ascii")


def names(place: Path) -> set[str]:
    return {path.name for path in place.iterdir()}


def test_reset_removes_what_the_program_put_there_and_nothing_else(tmp_path: Path) -> None:
    fill(tmp_path, "demo.db", "demo.db-wal", "demo.db-shm", "secret.key", "timers.lock")
    fill(tmp_path, "my notes.txt", "demo.db.bak")
    folder.empty(tmp_path)
    assert names(tmp_path) == {"my notes.txt", "demo.db.bak"}


def test_reset_refuses_the_folder_of_a_real_shop(tmp_path: Path) -> None:
    # given
    fill(tmp_path, "demo.db", "secret.key", "workshop.db")
    # when
    answer = CliRunner().invoke(main, ["demo", "--reset", "--data", str(tmp_path)])
    # then
    assert answer.exit_code == 1
    assert "the data of a real shop, workshop.db" in answer.output
    assert names(tmp_path) >= {"demo.db", "secret.key", "workshop.db"}


def test_without_a_choice_the_demo_keeps_away_from_the_real_shop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert folder.default() == tmp_path / "workshop-demo"


def test_two_demos_share_no_folder(tmp_path: Path) -> None:
    place = tmp_path / "a" / "b"
    with folder.hold(place):
        answer = CliRunner().invoke(main, ["demo", "--reset", "--data", str(place)])
    assert answer.exit_code == 1
    assert "another demo runs" in answer.output
    with folder.hold(place):
        assert names(place) == {"demo.lock"}


def test_a_taken_port_is_told_before_the_long_story(tmp_path: Path) -> None:
    with run.listen(0) as taken:
        port = str(taken.getsockname()[1])
        answer = CliRunner().invoke(main, ["demo", "--port", port, "--data", str(tmp_path)])
    assert answer.exit_code == 1
    assert f"port {port} is taken" in answer.output
    assert "demo.db" not in names(tmp_path)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a demo of one car, told on the day of `AT`."""

    def plans(_shop: Any, vehicles: list[Any], now: datetime) -> Iterator[Plan]:
        yield Plan(
            vehicle=vehicles[0],
            arrived_at=now - timedelta(minutes=10),
            concern="雨刮刮不干净",
            until=Stage.RECEPTION,
        )

    monkeypatch.setattr(story, "_plans", plans)
    with run.make_app(run.demo_settings(tmp_path)).app_context():
        run.prepare(tmp_path, AT)
        yield tmp_path
        db.session.remove()
        db.db.engine.dispose()


def mark() -> None:
    """Do something that is gone when the day is told again."""
    session.scalars(select(RepairOrder)).one().concern = "marked"
    db.commit()


def is_marked() -> bool:
    concern = session.scalars(select(RepairOrder.concern)).one()
    db.session.remove()
    return concern == "marked"


@pytest.mark.parametrize("later", [timedelta(0), timedelta(hours=2), -timedelta(minutes=1)])
def test_the_same_day_goes_on(
    place: Path, later: timedelta, capsys: pytest.CaptureFixture[str]
) -> None:
    mark()
    run.prepare(place, AT + later)
    assert is_marked()
    assert capsys.readouterr().out == "Looking at its database …\n"


@pytest.mark.parametrize("later", [_DAY, -_DAY, -timedelta(hours=1)])
def test_another_day_or_an_earlier_time_begins_again_and_says_so(
    place: Path, later: timedelta, capsys: pytest.CaptureFixture[str]
) -> None:
    # given
    mark()
    # when
    run.prepare(place, AT + later)
    # then
    assert not is_marked()
    assert "begins again" in capsys.readouterr().out
    arrived = session.scalar(select(func.max(RepairOrder.arrived_at)))
    assert arrived == AT + later - timedelta(minutes=6)


def test_a_running_clock_goes_on_where_the_day_was_left() -> None:
    """It may have run ahead of the real one, as long as it is the same day."""
    ahead = AT + timedelta(hours=3)
    assert story.goes_on(ahead, AT, None, run.ZONE)
    assert not story.goes_on(ahead, AT + _DAY, None, run.ZONE)
