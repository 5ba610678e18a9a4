"""What a worker is busy with for a visitor: known by its id, ended once, kept alive by whoever looks at it."""

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any, Literal

Phase = Literal["warming", "running", "done", "stopped", "diverged", "failed"]


class Task:
    """A command under way and what its worker tells of it. Safe to use from any thread."""

    def __init__(self, send: Callable[[Mapping[str, Any]], None]) -> None:
        self.id = secrets.token_urlsafe(16)
        self.seen = time.monotonic()
        self.ended: float | None = None
        self._send = send
        self._lock = threading.Lock()
        self._phase: Phase = "warming"
        self._message: str | None = None

    def on_event(self, event: Mapping[str, Any]) -> None:
        """Take in what the worker said. Raises `KeyError`, `TypeError` or `ValueError` for what no worker says."""
        raise NotImplementedError

    def stop(self, because: str | None = None) -> None:
        """Ask for an early end. Asking again, or too late, does nothing."""
        with self._lock:
            if self.ended is None:
                self._message = self._message or because
                self._send({"command": "stop"})

    def fail(self, message: str) -> None:
        """End the task for a reason that a person can read; a task that has ended stays as it is."""
        with self._lock:
            if self.ended is None:
                self._message = message
                self._end("failed")

    def _end(self, phase: Phase) -> None:
        self._phase = phase
        self.ended = time.monotonic()
