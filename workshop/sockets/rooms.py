"""Who may hear what, and the last word after which a socket is closed."""

from __future__ import annotations

from typing import Any

SCREEN = "/screen"
STAFF = "/staff"
NAMESPACES = (SCREEN, STAFF)
LAST_WORD = "revoked"
REFUSAL = "unpaired"
# Of each holder; measured with 1000.
MOST_SOCKETS = 1000
# A lounge, its desks and its phones may share one address.
MOST_OF_ONE_ADDRESS = 500
# Of one message between pages and holders.
LARGEST = 2**18


class Cutting:
    """Beside a manager of socketio: who is told the last word hears nothing any more."""

    server: Any

    def emit(self, event: str, data: Any, namespace: str, room: Any = None, **more: Any) -> None:
        """Say it in this process, and close the sockets that it was the last word for."""
        super().emit(event, data, namespace, room=room, **more)  # type: ignore[misc]
        self.cut(event, namespace, more.get("to") or room)

    def _handle_emit(self, message: dict[str, Any]) -> None:
        super()._handle_emit(message)  # type: ignore[misc]
        self.cut(message["event"], message["namespace"], message["room"])

    def cut(self, event: str, namespace: str, room: Any) -> None:
        """Close the sockets of the room if this was the last word."""
        if event == LAST_WORD:
            for sid, _ in list(self.get_participants(namespace, room)):  # type: ignore[attr-defined]
                self.server.disconnect(sid, namespace=namespace, ignore_queue=True)
