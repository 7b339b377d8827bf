"""The nights of a shop: made when due, caught up, copied, and let go only after a good one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock
from zoneinfo import ZoneInfo

import pytest

from tests.backup import shops
from tests.factories import AT
from workshop.backup import keeping, making, places, records
from workshop.backup.errors import BackupFailed
from workshop.config import Backups, Settings
from workshop.setup.backups import gates

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = datetime(2026, 11, 23, 3, 0, tzinfo=SHANGHAI).astimezone(UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Settings]:
    (tmp_path / "usb").mkdir()
    with shops.filled("sqlite", tmp_path / "data", current=False) as settings:
        yield shops.with_backups(settings, Backups(copies=(str(tmp_path / "usb"),)))


def look(shop: Settings, at: datetime) -> list[str]:
    """The timer's turn; the names of what is there."""
    keeping.look_after(shop, at=at, zone=SHANGHAI)
    return sorted(path.name for path in shop.backup_dir.glob("*.zip"))


def told(shop: Settings, at: datetime) -> list[str]:
    """What the manager reads."""
    return [str(each) for each in gates.missing_for(shop, at)]


def test_one_a_night_and_a_missed_night_is_caught_up(shop: Settings) -> None:
    assert told(shop, NIGHT) == ["No backup was ever made."]
    first = look(shop, NIGHT)
    assert len(first) == 1
    assert look(shop, NIGHT + 20 * MINUTE) == first
    assert told(shop, NIGHT + timedelta(hours=26)) == []
    assert told(shop, NIGHT + timedelta(hours=27)) == ["The last good backup is 27 hours old."]
    # The computer was off for two nights and comes up at nine.
    assert len(look(shop, NIGHT + 2 * DAY + timedelta(hours=6))) == 2
    # and that evening's own night is made at its hour again
    assert len(look(shop, NIGHT + 3 * DAY)) == 3


def test_the_copy_is_at_the_second_place_and_is_let_go_by_the_same_rule(
    shop: Settings, tmp_path: Path
) -> None:
    for day in range(9):
        look(shop, NIGHT + day * DAY)
    here = {path.name for path in shop.backup_dir.glob("*.zip")}
    there = {path.name for path in (tmp_path / "usb").iterdir()}
    assert there == here
    assert 7 <= len(here) < 9
    newest = max(here)
    assert (tmp_path / "usb" / newest).read_bytes() == (shop.backup_dir / newest).read_bytes()


def test_a_place_that_is_gone_is_told_at_the_next_look_and_caught_up(
    shop: Settings, tmp_path: Path
) -> None:
    # given
    look(shop, NIGHT)
    (tmp_path / "usb").rename(tmp_path / "drawer")
    # when somebody has taken the disk away at noon
    look(shop, NIGHT + timedelta(hours=9))
    # then
    assert told(shop, NIGHT + timedelta(hours=9)) == [f"{tmp_path / 'usb'} is not there."]
    assert not (tmp_path / "usb").exists()
    # and the nights go on, and are brought there when it is back
    look(shop, NIGHT + DAY)
    (tmp_path / "drawer").rename(tmp_path / "usb")
    here = look(shop, NIGHT + DAY + 20 * MINUTE)
    assert told(shop, NIGHT + DAY + 20 * MINUTE) == []
    assert sorted(path.name for path in (tmp_path / "usb").iterdir()) == here


def test_a_full_place_is_told_and_keeps_its_old_ones(
    shop: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    look(shop, NIGHT)
    old = sorted((tmp_path / "usb").iterdir())

    def full(*_arguments: object) -> None:
        raise OSError(28, "No space left on device")

    # when
    monkeypatch.setattr(places.shutil, "copyfileobj", full)
    look(shop, NIGHT + DAY)
    # then
    said = f"{tmp_path / 'usb'}: No space left on device"
    assert told(shop, NIGHT + DAY) == [said]
    assert sorted((tmp_path / "usb").iterdir()) == old


def test_a_night_that_fails_lets_nothing_go_and_is_tried_again_within_the_hour(
    shop: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given nine nights of which the rule would let some go
    for day in range(7):
        look(shop, NIGHT + day * DAY)
    before = sorted(path.name for path in shop.backup_dir.glob("*.zip"))
    with monkeypatch.context() as broken:

        def full(*_arguments: object) -> None:
            raise OSError(28, "No space left on device")

        broken.setattr(making.archive, "write", full)
        # when
        at = NIGHT + 7 * DAY
        with pytest.raises(BackupFailed):
            look(shop, at)
        assert sorted(path.name for path in shop.backup_dir.glob("*.zip")) == before
        assert told(shop, at) == [
            "The last backup failed.",
            f"{shop.backup_dir}: No space left on device",
        ]
        assert look(shop, at + 10 * MINUTE) == before
        with pytest.raises(BackupFailed):
            look(shop, at + 55 * MINUTE)
    # then it goes well again
    after = look(shop, at + 110 * MINUTE)
    assert len(set(after) - set(before)) == 1
    assert told(shop, at + 110 * MINUTE) == []


def test_a_place_that_gives_back_something_else_is_told(
    shop: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = making.make(shop, at=AT)
    hash_of = places.archive.hash_of
    monkeypatch.setattr(
        places.archive,
        "hash_of",
        lambda path: "another" if path.parent.name == "usb" else hash_of(path),
    )
    place = places.open_place(str(tmp_path / "usb"))
    with pytest.raises(BackupFailed, match="does not give back what was written"):
        place.put(shop.backup_dir / made.name)
    assert os.listdir(tmp_path / "usb") == []


def test_a_record_that_cannot_be_read_is_passed_over(shop: Settings) -> None:
    made = making.make(shop, at=AT)
    (shop.backup_dir / "workshop-20200101T000000Z.json").write_text("{", encoding="ascii")
    (shop.backup_dir / records.PLACES).write_text("[]", encoding="ascii")
    assert records.list_records(shop.backup_dir) == [made]
    assert records.read_places(shop.backup_dir) == {}


# ---- A store that speaks S3 ----


@dataclass
class Bucket:
    """What the client of the store is asked, answered from memory."""

    kept: dict[str, bytes] = field(default_factory=dict)

    def list_objects(self, bucket: str, prefix: str) -> list[SimpleNamespace]:
        assert bucket == "shop"
        return [SimpleNamespace(object_name=name) for name in self.kept if name.startswith(prefix)]

    def fput_object(self, bucket: str, name: str, file: str) -> None:
        assert bucket == "shop"
        self.kept[name] = Path(file).read_bytes()

    def stat_object(self, bucket: str, name: str) -> SimpleNamespace:
        assert bucket == "shop"
        return SimpleNamespace(size=len(self.kept[name]))

    def remove_object(self, bucket: str, name: str) -> None:
        assert bucket == "shop"
        del self.kept[name]


def test_a_store_has_the_newest_by_the_same_rule(
    shop: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given
    asked: list[dict[str, object]] = []
    bucket = Bucket()
    client = SimpleNamespace(
        Minio=lambda host, **how: asked.append({"host": host, **how}) or bucket
    )
    monkeypatch.setattr(places.importlib, "import_module", lambda _name: client)
    address = "s3://KEY:a%2Fb@store.example:9000/shop/night"
    away = shops.with_backups(shop, Backups(copies=(address,)))
    # when
    for day in range(9):
        look(away, NIGHT + day * DAY)
    # then
    assert asked[0] == {
        "host": "store.example:9000",
        "access_key": "KEY",
        "secret_key": "a/b",
        "secure": True,
    }
    here = {f"night/{path.name}" for path in away.backup_dir.glob("*.zip")}
    assert set(bucket.kept) == here
    assert list(records.read_places(away.backup_dir)) == ["store.example:9000/shop/night"]
    assert told(away, NIGHT + 8 * DAY) == []


class _Refused(Exception):
    """As the client says it: with the numbers of the request, and more."""

    code, message = "NoSuchBucket", "The specified bucket does not exist"

    def __str__(self) -> str:
        return "S3 operation failed; code: NoSuchBucket, request_id: 4NKAghSn2hK9, host_id: 9Gj"


class _NotReached(Exception):
    reason = "HTTPConnection(host='store', port=9000): no connection: [Errno 111] Refused"


def test_what_a_store_refuses_is_said_shortly() -> None:
    for error, said in (
        (_Refused(), "a/b: The specified bucket does not exist (NoSuchBucket)"),
        (_NotReached(), "a/b: [Errno 111] Refused"),
    ):
        bucket = SimpleNamespace(list_objects=Mock(side_effect=error))
        with pytest.raises(BackupFailed) as refused:
            places.Store(bucket, "a", "b/", "a/b").list_names()
        assert str(refused.value) == said


@pytest.mark.parametrize("address", ["s3://store/shop", "s3://a:b@store", "s3+http://a@x/y"])
def test_a_store_without_key_or_bucket_is_told_how_to_write(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(places.importlib, "import_module", lambda _name: SimpleNamespace())
    with pytest.raises(BackupFailed, match="s3://KEY:SECRET@host/bucket/folder"):
        places.open_place(address)


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_name: str) -> None:
        raise ImportError

    monkeypatch.setattr(places.importlib, "import_module", missing)
    with pytest.raises(BackupFailed, match=r"extra \[s3\]"):
        places.open_place("s3://a:b@store/shop")
