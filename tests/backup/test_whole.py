"""The whole shop as a ZIP of CSV files: read by anybody, and taken over by an empty shop."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from tests.backup import shops
from tests.backup.test_moving import OTHER, rows_of
from tests.factories import AT
from tests.releases import kept
from workshop import moving
from workshop.backup.errors import BadArchive
from workshop.backup.swapping import CannotRestore

HARD = ["=HYPERLINK(1)", "+86 138", "-", "@x", "\\"]
HARDER = ['他说"好"，\r\n再见', " ", "\\\\N"]


@pytest.mark.parametrize("across", [False, True], ids=["same engine", "other engine"])
@pytest.mark.parametrize("kind", shops.KINDS)
def test_an_exported_shop_goes_into_an_empty_one(kind: str, across: bool, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    target = OTHER[kind] if across else kind
    with (
        shops.filled(kind, tmp_path / "data") as old,
        kept.place_for(target, tmp_path / "new") as address,
    ):
        # given texts that a spreadsheet or a careless reader would change
        for number, text in enumerate(HARD, 1):
            shops.run(old, f"UPDATE customer SET name = '{text}' WHERE id = {number}")
        for number, text in enumerate(HARDER, 1):
            shops.run(old, f"UPDATE attachment SET caption = '{text}' WHERE id = {number}")
        shops.run(old, "UPDATE customer SET phone = '+8613800138000' WHERE id = 1")
        file = tmp_path / "shop.zip"
        moving.export_whole(old, file)
        # when
        new = replace(old, data_dir=tmp_path / "new", database_url=address)
        moving.import_whole(new, file, at=AT)
        # then
        assert shops.count(new) == shops.count(old)
        before, after = rows_of(old), rows_of(new)
        for name, rows in before.items():
            assert after[name] == rows, name
        with pytest.raises(CannotRestore, match="holds a shop already"):
            moving.import_whole(new, file, at=AT)


def test_anybody_reads_it(tmp_path: Path) -> None:
    with shops.filled("sqlite", tmp_path / "data") as shop:
        shops.run(shop, "UPDATE branch SET name = '=1+1'")
        moving.export_whole(shop, tmp_path / "shop.zip")
        counted = shops.count(shop)
    with zipfile.ZipFile(tmp_path / "shop.zip") as archive:
        names = set(archive.namelist())
        assert {f"tables/{name}.csv" for name in counted.rows} <= names
        papers = [name for name in names if name.startswith("papers/")]
        assert papers
        assert all(archive.read(name).startswith(b"%PDF") for name in papers)
        # A spreadsheet opens it as UTF-8, and computes nothing.
        branch = archive.read("tables/branch.csv")
        assert branch.startswith(b"\xef\xbb\xbf")
        assert "\\=1+1" in branch.decode()
        orders = list(
            csv.DictReader(io.StringIO(archive.read("tables/repair_order.csv").decode("utf-8-sig")))
        )
        assert len(orders) == counted.rows["repair_order"]
        for row in csv.DictReader(
            io.StringIO(archive.read("tables/attachment.csv").decode("utf-8-sig"))
        ):
            assert hashlib.sha256(archive.read(row["data"])).hexdigest() == row["sha256"]
        said = list(csv.DictReader(io.StringIO(archive.read("dictionary.csv").decode("utf-8-sig"))))
        table = next(each for each in said if each["table"] == "payment" and not each["column"])
        assert table["meaning"]
        fen = next(each for each in said if each["column"] == "amount_fen")
        assert "fen" in fen["type"]


def test_another_release_and_another_file_are_refused(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    with shops.filled("sqlite", tmp_path / "data") as shop:
        file = tmp_path / "shop.zip"
        moving.export_whole(shop, file)
        new = replace(shop, database_url=f"sqlite:///{tmp_path / 'new' / 'workshop.db'}")
        other = tmp_path / "other.zip"
        with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as changed:
            for name in old.namelist():
                data = old.read(name)
                if name == "manifest.json":
                    data = json.dumps({**json.loads(data), "revision": "0007"}).encode()
                changed.writestr(name, data)
        with pytest.raises(CannotRestore, match="take it over with the same release"):
            moving.import_whole(new, other, at=AT)
        other.write_bytes(b"PK")
        with pytest.raises(BadArchive, match="no whole shop"):
            moving.import_whole(new, other, at=AT)
        assert not (tmp_path / "new" / "workshop.db").exists()


def test_a_file_that_is_not_what_it_says_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    with shops.filled("sqlite", tmp_path / "data") as shop:
        file, less = tmp_path / "shop.zip", tmp_path / "less.zip"
        moving.export_whole(shop, file)
        with zipfile.ZipFile(file) as old, zipfile.ZipFile(less, "w") as changed:
            for name in old.namelist():
                data = old.read(name)
                if name == "tables/number_series.csv":
                    data = data.splitlines(keepends=True)[0]
                changed.writestr(name, data)
        new = replace(shop, database_url=f"sqlite:///{tmp_path / 'new' / 'workshop.db'}")
        with pytest.raises(BadArchive, match=r"number_series: \d+ → 0"):
            moving.import_whole(new, less, at=AT)
        assert not (tmp_path / "new" / "workshop.db").exists()
