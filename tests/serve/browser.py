"""A person at a browser without scripts, on the wire."""

from __future__ import annotations

import json
import re
from http.cookiejar import CookieJar
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

PATIENCE_SECONDS = 30
_TOKEN = re.compile(r'name="csrf[-_]token"[^>]*(?:value|content)="([^"]+)"')


class Browser:
    """Keeps cookies, follows redirects, and fills in the token of the last page it read.

    `same_as` is another window of the same person.
    """

    def __init__(self, address: str, same_as: Browser | None = None) -> None:
        self.address = address
        self.jar = CookieJar()
        for cookie in same_as.jar if same_as else ():
            self.jar.set_cookie(cookie)
        self._opener = build_opener(HTTPCookieProcessor(self.jar))
        self._token = ""

    @property
    def cookie(self) -> str:
        """All cookies as a header, for a socket of the same person."""
        return "; ".join(f"{each.name}={each.value}" for each in self.jar)

    def get(self, path: str) -> tuple[int, str]:
        """Status and text of a page."""
        return self._ask(Request(self.address + path, headers={"Accept": "text/html"}))

    def post(self, path: str, **values: str) -> tuple[int, str]:
        """Send a form; status and text of the page where it leads."""
        body = urlencode({"csrf_token": self._token, **values}).encode()
        request = Request(self.address + path, data=body, headers={"Accept": "text/html"})
        return self._ask(request)

    def post_json(self, path: str) -> Any:
        """Send nothing but the token; returns what is answered."""
        headers = {"Accept": "application/json", "X-CSRFToken": self._token}
        status, text = self._ask(Request(self.address + path, data=b"", headers=headers))
        assert status == 200, text
        return json.loads(text)

    def _ask(self, request: Request) -> tuple[int, str]:
        try:
            with self._opener.open(request, timeout=PATIENCE_SECONDS) as answer:
                status, text = answer.status, answer.read().decode()
        except HTTPError as error:
            status, text = error.code, error.read().decode()
        found = _TOKEN.search(text)
        self._token = found.group(1) if found else self._token
        return status, text
