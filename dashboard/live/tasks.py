"""A task of a worker: it has an id, ends once, and is stopped when nobody polls it."""

import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Phase = Literal["warming", "running", "done", "stopped", "diverged", "failed"]


@dataclass(frozen=True, eq=False)
class TaskProgress:
    """A task at one moment; it never changes. `message` says why it failed or was stopped."""

    phase: Phase
    message: str | None
    seconds: float

    @property
    def active(self) -> bool:
        """Whether the task has not ended."""
        return self.phase in ("warming", "running")


class Task:
    """A running command and all that its worker reported. Safe to use from any thread."""

    send: Callable[[Mapping[str, Any]], None]
    """Tells the worker something; set when it takes the task."""

    def __init__(self) -> None:
        self.id = secrets.token_urlsafe(16)
        self.seen = time.monotonic()
        self.ended: float | None = None
        self._lock = threading.Lock()
        self._phase: Phase = "warming"
        self._message: str | None = None
        self._seconds = 0.0

    def on_event(self, event: Mapping[str, Any]) -> None:
        """Handle an event of the worker. Raises `KeyError`, `TypeError` or `ValueError` for an invalid one."""
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
        """Handle an event of this kind of task, with the lock held. Raises as `on_event` does."""
        raise NotImplementedError

    def stop(self, because: str | None = None) -> None:
        """Ask the worker to stop. Calling this again, or too late, does nothing."""
        with self._lock:
            if self.ended is None:
                self._message = self._message or because
                self.send({"command": "stop"})

    def fail(self, message: str) -> None:
        """End the task with a message for people. A task that has ended does not change."""
        with self._lock:
            if self.ended is None:
                self._message = message
                self._end("failed")

    def _end(self, phase: Phase) -> None:
        self._phase = phase
        self.ended = time.monotonic()
