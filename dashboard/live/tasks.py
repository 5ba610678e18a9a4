"""What a worker does for a visitor: known by its id, ended once, stopped when nobody looks at it."""

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Phase = Literal["warming", "running", "done", "stopped", "diverged", "failed"]


@dataclass(frozen=True, eq=False)
class TaskProgress:
    """A task at one moment; nothing in it changes any more. `message` says why it failed or was stopped."""

    phase: Phase
    message: str | None
    seconds: float

    @property
    def active(self) -> bool:
        """Whether there is more to come."""
        return self.phase in ("warming", "running")


class Task:
    """A command under way and what its worker says about it. Safe to use from any thread."""

    def __init__(self, send: Callable[[Mapping[str, Any]], None]) -> None:
        self.id = secrets.token_urlsafe(16)
        self.seen = time.monotonic()
        self.ended: float | None = None
        self._send = send
        self._lock = threading.Lock()
        self._phase: Phase = "warming"
        self._message: str | None = None
        self._seconds = 0.0

    def on_event(self, event: Mapping[str, Any]) -> None:
        """Take in what the worker said. Raises `KeyError`, `TypeError` or `ValueError` for what no worker says."""
        with self._lock:
            match event["event"]:
                case "stopped":
                    self._end("stopped")
                case "error" if event["command"] != "warm":
                    self._message = event["message"]
                    self._end("failed")
                case _:
                    self._take(event)

    def _take(self, event: Mapping[str, Any]) -> None:
        """Take in an event of this kind of task, with the lock held. Raises as `on_event` does."""
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
