"""What pages are made of: one style sheet a face, what the build made of a file, cut fonts."""

from __future__ import annotations

import gzip
import re
import tomllib
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.databases import Database
from tests.test_build import ROOT, hook
from workshop.web import assets

STATIC = ROOT / "static"
FACES = tomllib.loads((STATIC / "faces.toml").read_text(encoding="utf-8"))
faces = hook.load_faces()

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


def _own_classes(path: Path) -> set[str]:
    """The classes that stand alone at the head of a rule: what a page's own file defines."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
    heads = [head for rule in re.findall(r"([^{}@;]+)\{", text) for head in rule.split(",")]
    return {match[1] for head in heads if (match := re.match(r"\s*\.([\w-]+)", head))}


def test_every_style_sheet_belongs_to_a_face_and_pages_link_only_faces(database: Database) -> None:
    listed = {part for parts in FACES.values() for part in parts}
    there = {
        path.relative_to(STATIC).as_posix()
        for path in STATIC.rglob("*.css")
        if not {"vendor", "built"} & set(path.relative_to(STATIC).parts)
    }
    linked = {
        name
        for page in (ROOT / "templates").rglob("*.html")
        for name in re.findall(r'asset\(["\']([^"\']+\.css)', page.read_text(encoding="utf-8"))
    }

    assert listed == there
    assert linked == {f"{face}.css" for face in FACES}


@pytest.mark.parametrize("face", FACES)
def test_no_two_pages_of_a_face_define_the_same_class(face: str, database: Database) -> None:
    pages = [part for part in FACES[face] if "/" in part and not part.startswith("base/")]
    shared = {
        name for part in FACES[face] if part not in pages for name in _own_classes(STATIC / part)
    }
    seen: dict[str, str] = {}
    for part in pages:
        for name in _own_classes(STATIC / part) - shared:
            assert seen.setdefault(name, part) == part or name in MEANT, (name, part, seen[name])


# Two packages that show the same thing: the car's drawing, the strip over the board.
MEANT = {"car-side", "wt-strip"}


@pytest.mark.parametrize("face", FACES)
def test_a_face_is_served_whole_compressed_and_for_ever(
    face: str, client: FlaskClient, app: Flask, database: Database
) -> None:
    with app.test_request_context():
        address = assets.asset(f"{face}.css")

    plain = client.get(address)
    packed = client.get(address, headers={"Accept-Encoding": "gzip"})

    assert plain.mimetype == packed.mimetype == "text/css"
    assert "max-age=31536000, immutable" in packed.headers["Cache-Control"]
    assert gzip.decompress(packed.data) == plain.data
    for part in FACES[face]:
        for name in _own_classes(STATIC / part):
            assert f".{name}" in plain.text, (part, name)


def test_a_source_that_changed_since_the_build_is_served_itself(
    client: FlaskClient, app: Flask, tmp_path: Path, database: Database
) -> None:
    for face, parts in FACES.items():
        for part in parts:
            (tmp_path / part).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / part).write_text(f"/* {face} */ .x {{ color: red; }}", encoding="utf-8")
    (tmp_path / "faces.toml").write_bytes((STATIC / "faces.toml").read_bytes())
    (tmp_path / "base.js").write_text("// Said.\nstart();\n", encoding="utf-8")
    (tmp_path / "static").symlink_to(tmp_path)
    faces.put_together(tmp_path)
    app.static_folder = str(tmp_path)
    try:
        small = client.get("/static/base.js", headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(small.data) == b"start();\n"
        assets._fingerprint.cache_clear()
        (tmp_path / "base.js").write_text("go();\n", encoding="utf-8")
        with client.get("/static/base.js") as answer:
            assert answer.data == b"go();\n"
    finally:
        app.static_folder = str(STATIC)
        assets._fingerprint.cache_clear()


def test_a_font_is_cut_for_the_characters_in_its_address(
    client: FlaskClient, database: Database
) -> None:
    codes = f"{_base36(ord('国'))}.{_base36(ord('车') - ord('国'))}"

    found = client.get(f"/static/writing/{codes}.woff2?v=1")

    assert found.mimetype == "font/woff2"
    assert "immutable" in found.headers["Cache-Control"]
    assert found.data[:4] == b"wOF2"


@pytest.mark.parametrize("codes", ["", "-", "x.y!", "zzzzzz", ".".join(["1"] * 700), "1.-5"])
def test_an_address_of_no_characters_is_not_found(
    codes: str, client: FlaskClient, database: Database
) -> None:
    assert client.get(f"/static/writing/{codes}.woff2").status_code == 404


def _base36(number: int) -> str:
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return (_base36(number // 36) if number >= 36 else "") + digits[number % 36]


@pytest.mark.parametrize(
    ("text", "small"),
    [
        ("/* a */ .x { color: red; }\n", ".x{color:red}"),
        ('.x::after { content: ", {a} ;  b"; }', '.x::after{content:", {a} ;  b"}'),
        (
            ".a > .b , .c :is(th, td) { width: calc(1px + 2px) }",
            ".a > .b ,.c :is(th,td){width: calc(1px + 2px)}",
        ),
    ],
)
def test_a_style_sheet_becomes_smaller_and_says_the_same(
    text: str, small: str, database: Database
) -> None:
    assert re.sub(r"\s", "", faces.small_style(text)) == re.sub(r"\s", "", small)
    assert all(
        each in faces.small_style(text) for each in re.findall(r'"[^"]*"|calc\([^)]*\)', text)
    )


def test_a_script_loses_whole_line_comments_only(database: Database) -> None:
    text = '// A.\n  const url = "http://x"; // kept\n\n  go(url);\n'

    assert faces.small_script(text) == 'const url = "http://x"; // kept\ngo(url);\n'
    assert faces.small_script("const a = `\n  // said\n`;\n") == "const a = `\n  // said\n`;\n"
