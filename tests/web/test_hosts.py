"""The shop answers under its own names, and its links begin with the address that is set."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from tests.layers import ROOT
from workshop import doctor, web
from workshop.app import create_app
from workshop.config import BadSetting, Settings
from workshop.web import hosts

ADDRESS = "https://shop.example.com"


@pytest.mark.parametrize(
    "host",
    [
        *(
            "localhost",
            "LOCALHOST:8000",
            "127.0.0.1:5000",
            "192.168.1.5",
            "[::1]:8000",
            "[fe80::1]",
        ),
        *(socket.gethostname(), f"{socket.gethostname()}.local:8000", f"{socket.gethostname()}."),
    ],
)
def test_numbers_and_the_computers_own_names_are_answered(nowhere: Settings, host: str) -> None:
    client = create_app(nowhere).test_client()

    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "shop.example.com", "localhost.x:80", "[::1"]
)
@pytest.mark.parametrize("path", ["/healthz", "/sign-in", "/static/base.css", "/no-such-page"])
def test_a_foreign_name_is_refused_in_words(nowhere: Settings, host: str, path: str) -> None:
    client = create_app(nowhere).test_client()

    answer = client.get(path, headers={"Host": host, "Accept-Language": "en"})

    assert answer.status_code == 400
    assert "This is not an address of this shop" in answer.text
    assert "WORKSHOP_ADDRESS" in answer.text
    assert "evil" not in answer.text


def test_the_words_are_in_the_browsers_language(nowhere: Settings) -> None:
    client = create_app(nowhere).test_client()

    answer = client.get("/", headers={"Host": "evil.example", "Accept-Language": "zh-CN"})

    assert "这不是本店的访问地址" in answer.text


def test_what_a_proxy_says_counts_behind_one(nowhere: Settings) -> None:
    app = create_app(replace(nowhere, address=ADDRESS, behind_https=True))
    client = app.test_client()
    said = {"Host": "127.0.0.1", "X-Forwarded-Proto": "https"}

    ours = client.get("/healthz", headers=said | {"X-Forwarded-Host": "shop.example.com"})
    foreign = client.get("/healthz", headers=said | {"X-Forwarded-Host": "evil.example"})

    assert (ours.status_code, foreign.status_code) == (200, 400)


def test_links_begin_with_the_address_that_is_set(nowhere: Settings) -> None:
    app = create_app(replace(nowhere, address=ADDRESS))

    with app.test_request_context(base_url="http://192.168.1.5:8000"):
        assert web.full_address("staff.welcome", token="abc") == f"{ADDRESS}/welcome/abc"
        assert app.jinja_env.globals["full_address"] is hosts.full_address


def test_without_one_they_begin_with_that_of_the_page(nowhere: Settings) -> None:
    app: Flask = create_app(nowhere)

    with app.test_request_context(base_url="http://192.168.1.5:8000"):
        assert web.full_address("staff.welcome", token="a") == "http://192.168.1.5:8000/welcome/a"


def test_no_link_for_others_is_made_in_another_way() -> None:
    files = [*(ROOT / "workshop").rglob("*.py"), *(ROOT / "templates").rglob("*.html")]
    found = [
        str(each.relative_to(ROOT))
        for each in files
        if "_external=True" in each.read_text(encoding="utf-8")
    ]

    assert found == ["workshop/web/hosts.py"]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://Shop.example.com/", ADDRESS),
        ("http://192.168.1.5:8000", "http://192.168.1.5:8000"),
        ("", None),
    ],
)
def test_the_address_is_kept_without_a_slash(tmp_path: Path, typed: str, kept: str | None) -> None:
    env = {"WORKSHOP_DATA_DIR": str(tmp_path), "WORKSHOP_ADDRESS": typed}

    assert Settings.from_env(env).address == kept


@pytest.mark.parametrize(
    "typed",
    [
        *("shop.example.com", "ftp://x", "https://", "https://a/b", "https://u:p@a"),
        *("https://a?b=c", "https://[::1", "https://a:99999", "https://a:x"),
    ],
)
def test_half_an_address_is_refused_in_words(tmp_path: Path, typed: str) -> None:
    env = {"WORKSHOP_DATA_DIR": str(tmp_path), "WORKSHOP_ADDRESS": typed}

    with pytest.raises(BadSetting, match="write https://"):
        Settings.from_env(env)


@pytest.mark.parametrize(
    ("address", "behind_https", "is_fine", "words"),
    [
        (None, True, False, "set WORKSHOP_ADDRESS"),
        (ADDRESS, False, False, "WORKSHOP_HTTPS=1 belongs"),
        ("http://shop", True, False, "WORKSHOP_HTTPS=1 belongs"),
        (ADDRESS, True, True, f"links begin with {ADDRESS}"),
    ],
)
def test_the_doctor_says_what_does_not_fit(
    nowhere: Settings, address: str | None, behind_https: bool, is_fine: bool, words: str
) -> None:
    settings = replace(nowhere, address=address, behind_https=behind_https)

    (found,) = [
        each
        for each in doctor.examine(settings)
        if "ADDRESS" in each.words or "links" in each.words
    ]

    assert found.is_fine == is_fine
    assert words in found.words
