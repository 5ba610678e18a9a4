"""A worker process that receives lines directly, as from the server."""

import json
import queue
import subprocess
import tempfile
import threading
from collections.abc import Sequence
from types import TracebackType
from typing import Any, NoReturn, Self

from dashboard.live.plans import Plan
from dashboard.live.processes import WORKER
from pipeline.record.store import ROOT
from tests.waiting import PATIENCE


def job(plan: Plan, delay: object = 0.0, **changes: Any) -> dict[str, Any]:
    """The command to train a plan, with some of its keys changed."""
    return {"command": "train", "delay": delay, **plan.message(), **changes}


class WorkerTalk:
    """Sends messages to a real worker and reads its events, which must be JSON without NaN or Infinity."""

    def __init__(self, command: Sequence[str] = WORKER) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115  it lives as long as the process
        self.process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors
        )
        self._events: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self._events.put(line)

    def say(self, message: dict[str, Any] | bytes) -> None:
        """Send a message, or any bytes as a line."""
        assert self.process.stdin is not None
        line = message if isinstance(message, bytes) else json.dumps(message).encode()
        self.process.stdin.write(line + b"\n")
        self.process.stdin.flush()

    def on_event(self) -> dict[str, Any]:
        """Wait for the next event."""
        event: dict[str, Any] = json.loads(self._events.get(timeout=PATIENCE), parse_constant=_refuse)
        return event

    def hear_all(self) -> list[dict[str, Any]]:
        """Wait until the worker is idle again; return the events until then."""
        events = [self.on_event()]
        while events[-1]["event"] != "idle":
            events.append(self.on_event())
        return events[:-1]

    def hang_up(self) -> None:
        """End the worker's input."""
        assert self.process.stdin is not None
        self.process.stdin.close()

    def end(self) -> tuple[int, str]:
        """Wait for the worker's end; return its exit status and its standard error."""
        status = self.process.wait(PATIENCE)
        self._errors.seek(0)
        return status, self._errors.read().decode()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        self.hang_up()
        self._errors.close()


def _refuse(name: str) -> NoReturn:
    raise AssertionError(f"the worker said {name}, which is not JSON")
