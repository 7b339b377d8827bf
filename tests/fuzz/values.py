"""What a person, a broken program or an attacker may send instead of the right thing."""

from __future__ import annotations

import io
from collections.abc import Callable
from random import Random

TEXTS: tuple[str | bytes, ...] = (
    *(
        "",
        " ",
        "   ",
        "\u3000",
        "\u200b",
        "\x00",
        "a\x00b",
        "\r\n",
        "a\r\nSet-Cookie: x=1",
        "\n" * 40,
    ),
    *("0", "-1", "1e2", "1E400", "NaN", "Infinity", "-Infinity", "１２", "٣", "½", "1,5", "0.0001"),
    *("2147483647", "2147483648", "-2147483649", "9" * 19, "9" * 400, "9" * 5000, "1" + "0" * 12),
    *(
        "true",
        "null",
        "None",
        "on",
        "yes",
        "no",
        "[]",
        "{}",
        "__proto__",
        "%",
        "%s",
        "%(x)s",
        "{0}",
    ),
    *(
        "'",
        '"',
        "';--",
        "<script>",
        "{{ 7*7 }}",
        "../../etc/passwd",
        "\\\\host\\x",
        "//evil.example",
    ),
    *("https://evil.example/", "javascript:alert(1)", "/\\evil.example", "/a\r\nb", "/%0d%0aX: 1"),
    *("0001-01-01", "9999-12-31", "2026-02-30", "2026-11-23", "2026-11-23T10:00", "24:00", "25:61"),
    *("00:00", "23:59", "2026-W48", "0000-00-00", "2026-11-23T10:00+25:00", "20261123"),
    *("王", "𠮷龑", "😀" * 30, "é" * 200, "e\u0301", "\u202eabc", "\ufeff", "\ufffd", "\uffff"),
    *("a" * 300, "长" * 5000, "W" * 60, "x" * 70_000),
    *(b"\xff\xfe", b"\xed\xa0\x80", b"\xf0\x9f", b"\xc0\xaf"),
    *("data:image/png;base64,", "data:image/png;base64,AAAA", "data:image/png;base64,%%%"),
)
PATHS = (
    *(
        "0",
        "-1",
        "1",
        "2147483648",
        "9" * 30,
        "1e2",
        "x",
        "%00",
        "%0d%0a",
        "a%0d%0ab",
        "%ff",
        "%ed%a0%80",
    ),
    *(
        "..%2f..",
        "%2e%2e",
        "é",
        "王",
        "a" * 3000,
        "%F0%A0%AE%B7",
        "%20",
        "RO99999999-9999",
        "%25s",
        "'",
    ),
)
TYPES = (
    *("text/plain", "application/json", "application/xml", "multipart/form-data", "", "a\x01b"),
    *("application/x-www-form-urlencoded; charset=utf-16", "multipart/form-data; boundary=x"),
    *(
        "application/x-www-form-urlencoded; charset=none",
        "image/png",
        "multipart/form-data; boundary=",
    ),
)
HEADERS = (
    *(("Accept-Language", value) for value in ("", "xx", "zh;q=x", "*", "en;q=9" * 50, "\xff")),
    *(("Accept", value) for value in ("", "x", "application/json", "*/*;q=z", "text/html;q=")),
    *(("Range", value) for value in ("bytes=9-1", "bytes=-", "x")),
    *(("If-None-Match", "\xff"), ("If-Modified-Since", "x"), ("Content-Length", "x")),
    *(
        ("HX-Request", "true"),
        ("Cookie", "session=x; workshop_known=\xff"),
        ("Referer", "http://["),
    ),
    *(("Host", "evil.example"), ("X-Forwarded-For", "'"), ("Content-Encoding", "gzip")),
    *(("User-Agent", "\xff" * 900), ("Origin", "null"), ("Authorization", "Basic %%%")),
)
METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "BREW")
FILES: tuple[tuple[bytes, str], ...] = (
    (b"", "empty.png"),
    (b"\x89PNG\r\n\x1a\n" + b"\xff" * 99, "a.png"),
    (b"GIF89a" + b"\x00" * 40, "..\\..\\a.gif"),
    (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg"),
    (b"x" * 100, "长" * 90 + ".jpg"),
    (b"PK\x03\x04", 'a".zip'),
)

Value = str | bytes | tuple[io.BytesIO, str]


def text(dice: Random) -> str | bytes:
    """Some text that does not belong there."""
    return dice.choice(TEXTS)


def file(dice: Random) -> tuple[io.BytesIO, str]:
    """Some file that does not belong there."""
    data, name = dice.choice(FILES)
    return io.BytesIO(data), name


def _drop(fields: dict[str, list[Value]], name: str, _dice: Random) -> None:
    del fields[name]


def _double(fields: dict[str, list[Value]], name: str, dice: Random) -> None:
    fields[name] = [*fields[name], text(dice)]


def _replace(fields: dict[str, list[Value]], name: str, dice: Random) -> None:
    fields[name] = [text(dice)]


def _upload(fields: dict[str, list[Value]], name: str, dice: Random) -> None:
    fields[name] = [file(dice)]


def _swap(fields: dict[str, list[Value]], name: str, dice: Random) -> None:
    other = dice.choice(sorted(fields))
    fields[name], fields[other] = fields[other], fields[name]


def _add(fields: dict[str, list[Value]], name: str, dice: Random) -> None:
    fields[dice.choice((f"{name}x", "next", "back", "q", "page", "day", "\x00", "é", ""))] = [
        text(dice)
    ]


_WAYS: tuple[Callable[[dict[str, list[Value]], str, Random], None], ...] = (
    *(_replace, _replace, _replace, _replace, _replace, _drop, _double, _upload, _swap, _add),
)


def spoil(fields: dict[str, list[Value]], dice: Random) -> None:
    """Spoil one to three fields of a form."""
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        if not fields:
            fields["x"] = [text(dice)]
            return
        dice.choice(_WAYS)(fields, dice.choice(sorted(fields)), dice)
