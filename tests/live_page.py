"""A page of staff that hears from the server what happens."""

from __future__ import annotations

from playwright.sync_api import Page, WebSocket

_CONFIRMED = "40/staff"


def open_joined(page: Page, address: str) -> None:
    """Open a live page, and wait until the server has confirmed its namespace."""
    heard: list[str] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: heard.append(str(frame)))

    page.on("websocket", listen)
    with page.expect_websocket() as line:
        page.goto(address)
    # It may have been confirmed while the page was still loading.
    if not any(frame.startswith(_CONFIRMED) for frame in heard):
        line.value.wait_for_event("framereceived", lambda frame: str(frame).startswith(_CONFIRMED))
