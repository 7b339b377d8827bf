"""The house rules that a program can check."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient

from tests.databases import Database
from tests.factories import make_user
from workshop import db, steps
from workshop.orders.flow import Step
from workshop.staff import access
from workshop.staff.models import User
from workshop.staff.permissions import PRESETS, Permission, RoleName

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "workshop").rglob("*.py"))
OWN = [path for path in SOURCES if "versions" not in path.parts]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CATALOGUES = ROOT / "workshop" / "translations"
_IN_SHORT = {"Accept": "application/json"}


def test_the_import_contracts_hold() -> None:
    command = [Path(sys.executable).parent / "lint-imports", "--no-cache"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout


@pytest.mark.parametrize("path", OWN, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_has_at_most_300_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def calls(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func)


def test_only_one_place_commits() -> None:
    found = {path.name for path in OWN for name in calls(path) if name.endswith("session.commit")}
    assert found == {"db.py"}


def test_there_is_one_clock() -> None:
    for path in OWN:
        if path.name != "clock.py":
            asked = {"datetime.now", "datetime.utcnow", "date.today", "time.time"} & set(
                calls(path)
            )
            assert not asked, f"{path} calls {asked}"


def test_only_move_to_writes_the_stage_of_an_order() -> None:
    pattern = re.compile(r"\border\.stage = ")
    assert not [path for path in OWN if pattern.search(path.read_text(encoding="utf-8"))]


def test_templates_carry_no_inline_script_style_or_handler() -> None:
    pattern = re.compile(r"\sstyle=|\son[a-z]+=\"|<script(?![^>]*\bsrc=)|<style|javascript:")
    for path in TEMPLATES:
        found = pattern.findall(path.read_text(encoding="utf-8"))
        assert not found, f"{path}: {found}"


def test_no_page_loads_anything_from_another_host() -> None:
    pattern = re.compile(r"(?:src|href|action)=\"(?:https?:)?//")
    for path in TEMPLATES:
        assert not pattern.search(path.read_text(encoding="utf-8")), path


def test_the_migrations_make_what_the_models_say(database: Database) -> None:
    with db.db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": False})
        difference = compare_metadata(context, db.Model.metadata)
    # Constraints that a dialect cannot express in the models are the guards' own.
    wanted = [each for each in difference if "ex_allocation" not in str(each)]
    assert not wanted


def endpoints(app: Flask) -> Iterator[str]:
    yield from sorted({rule.endpoint for rule in app.url_map.iter_rules()})


def test_every_url_declares_who_may_call_it(app: Flask) -> None:
    undeclared = [name for name in endpoints(app) if access.declared(name, app) is False]
    # Pages of the sign-in library that are not opened stay closed.
    assert all(name.startswith("security.") for name in undeclared), undeclared


@pytest.mark.parametrize("role", list(RoleName), ids=lambda role: role.value)
def test_a_role_reaches_only_the_urls_of_its_permissions(
    app: Flask, sign_in: Callable[[User], FlaskClient], role: RoleName
) -> None:
    # given
    browser = sign_in(make_user(role))
    for rule in app.url_map.iter_rules():
        wanted = access.declared(rule.endpoint, app)
        if not isinstance(wanted, frozenset) or wanted == frozenset(Permission):
            continue
        address = re.sub(r"<(int:)?[^>]+>", lambda m: "1" if m.group(1) else "x", rule.rule)
        method = "GET" if "GET" in (rule.methods or set()) else "POST"
        # when
        # As a program asks: a refusal told in a whole page takes ten times as long.
        with browser.open(address, method=method, headers=_IN_SHORT) as answer:
            status = answer.status_code
        # then
        if PRESETS[role] & wanted:
            assert status != 403, f"{role} is shut out of {method} {address}"
        else:
            assert status == 403, f"{role} got {status} at {method} {address}"


def test_a_stranger_is_sent_to_the_sign_in(app: Flask, client: FlaskClient) -> None:
    for rule in app.url_map.iter_rules():
        if isinstance(access.declared(rule.endpoint, app), frozenset):
            address = re.sub(r"<(int:)?[^>]+>", "1", rule.rule)
            method = "GET" if "GET" in (rule.methods or set()) else "POST"
            answer = client.open(address, method=method)
            assert answer.status_code == 302, address
            assert "/sign-in" in answer.headers["Location"], address


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> list[Message]:
    template = tmp_path_factory.mktemp("words") / "messages.pot"
    command = [Path(sys.executable).parent / "pybabel", "-q", "extract", "-F", "pyproject.toml"]
    options = ["-k", "N_", "-k", "lazy_gettext", "-o", str(template), "."]
    subprocess.run([*command, *options], cwd=ROOT, capture_output=True, check=True)
    with template.open("rb") as opened:
        found = [message for message in read_po(opened) if message.id]
    assert len(found) > 1000
    return found


@pytest.mark.parametrize("locale", ["zh_Hans_CN", "en"])
def test_every_visible_string_is_translated(messages: list[Message], locale: str) -> None:
    file = CATALOGUES / locale / "LC_MESSAGES" / "messages.po"
    with file.open("rb") as opened:
        catalogue = read_po(opened, locale=locale)
    missing = [m.id for m in messages if not (known := catalogue.get(m.id)) or not known.string]
    assert not missing


def test_a_translation_keeps_the_placeholders(messages: list[Message]) -> None:
    pattern = re.compile(r"%\((\w+)\)")
    with (CATALOGUES / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po").open("rb") as opened:
        catalogue = read_po(opened, locale="zh_Hans_CN")
    for message in messages:
        known = catalogue.get(message.id)
        if known is not None and known.string:
            wanted = set(pattern.findall(str(message.id)))
            assert set(pattern.findall(str(known.string))) == wanted, message.id


def test_msgids_are_english(messages: list[Message]) -> None:
    assert not [m.id for m in messages if re.search(r"[\u4e00-\u9fff]", str(m.id))]


def test_a_face_declares_the_permissions_that_open_its_pages(app: Flask) -> None:
    for face in app.extensions["workshop_faces"]:
        names = [name for name in endpoints(app) if name.startswith(f"{face.blueprint.name}.")]
        wanted = {each for each in (access.declared(name, app) for name in names) if each}
        rights = [each for each in wanted if each != frozenset(Permission)]
        assert face.permissions == frozenset().union(*rights), face.blueprint.name  # type: ignore[arg-type]
        assert all(entry.endpoint in app.view_functions for entry in face.menu)


def test_the_steps_are_all_here_and_in_their_order() -> None:
    folders = {path.parent.name for path in (ROOT / "workshop" / "steps").glob("*/__init__.py")}
    assert [face.blueprint.name for face in steps.faces().values()] == [each.value for each in Step]
    assert folders == {step.value for step in Step}
