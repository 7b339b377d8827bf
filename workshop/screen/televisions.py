"""The televisions whose sockets hang on this process."""

from __future__ import annotations

import threading


class Televisions:
    """The sockets of televisions that hang on this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._devices: dict[str, int] = {}
        self._beating = False

    def add(self, sid: str, device_id: int) -> bool:
        """Remember a socket; True when the heart must start to beat."""
        with self._lock:
            self._devices[sid] = device_id
            starts, self._beating = not self._beating, True
            return starts

    def remove(self, sid: str) -> None:
        """Forget a socket."""
        with self._lock:
            self._devices.pop(sid, None)

    def device_of(self, sid: str) -> int | None:
        """The television of a socket."""
        with self._lock:
            return self._devices.get(sid)

    def sids(self) -> dict[str, int]:
        """All sockets with their televisions."""
        with self._lock:
            return dict(self._devices)

    def goes_on(self) -> bool:
        """Whether the heart must beat on; it stops with the last socket."""
        with self._lock:
            self._beating = bool(self._devices)
            return self._beating
