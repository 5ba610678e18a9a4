"""A worker process as seen by its server: events are passed on, and its end is put into words."""

import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Final

from dashboard.live.jobs import Task
from pipeline.processes import start

WORKER: Final = (sys.executable, "-m", "dashboard.live.worker")


class Worker:
    """A process, and two threads: for its events and for its commands.

    The process stays in the server's process group, so that what a terminal or a supervisor sends to the group
    (Ctrl-C, a hang-up, a kill) reaches both. Where it does not, the worker sees the end of its input and exits.
    """

    def __init__(
        self,
        command: Sequence[str],
        root: Path,
        heard: Callable[["Worker", Mapping[str, Any]], None],
        ended: Callable[["Worker", str], None],
    ) -> None:
        """Start the process; `heard` and `ended` are called in another thread. Raises `OSError` where it cannot be."""
        self.job: Task | None = None
        self.ready = False
        self.last_heard = time.monotonic()
        self.verdict: str | None = None
        self._heard, self._ended = heard, ended
        self._folder = tempfile.TemporaryDirectory(prefix="worker-", ignore_cleanup_errors=True)
        self._notes = Path(self._folder.name, "notes")
        try:
            with self._notes.open("wb") as notes:
                self.process, self._pipe = start(command, self._folder.name, cwd=root, stdout=notes, stderr=notes)
        except OSError:
            self._folder.cleanup()
            raise
        self._commands: SimpleQueue[Mapping[str, Any]] = SimpleQueue()
        self._writer = threading.Thread(target=self._write, daemon=True)
        self._writer.start()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def send(self, message: Mapping[str, Any]) -> None:
        """Tell the process something, without waiting until it listens. Does nothing when the process is gone."""
        self._commands.put(message)

    def kill(self, verdict: str) -> None:
        """End the process at once; `verdict` is the reason, such as `was silent for 60 seconds`."""
        self.verdict = self.verdict or verdict
        self.process.kill()

    def join(self) -> None:
        """Wait until the process is gone and its end is reported."""
        self._reader.join()

    def _write(self) -> None:
        with suppress(OSError):
            while command := self._commands.get():
                self._pipe.send(command)

    def _read(self) -> None:
        try:
            with suppress(EOFError, OSError):
                while True:
                    event = self._pipe.recv()
                    self.last_heard = time.monotonic()
                    self._heard(self, event)
        except Exception:  # a worker that sends what nobody understands is of no use
            self.kill("sent an invalid event")
        finally:
            status = self.process.wait()
            self._commands.put({})
            self._writer.join()  # nothing reads any more, so that a command under way is given up
            self._pipe.close()
            self._ended(self, self._exit_message(status))
            self._folder.cleanup()

    def _exit_message(self, status: int) -> str:
        """Say in one sentence how the process ended, and what to do."""
        killed = f"was killed by signal {-status}, perhaps because memory ran short"
        what = self.verdict or (killed if status < 0 else "ended unexpectedly")
        cure = "try again" if self.ready else "run `make setup`, then try again"
        return f"the training process {what}{self._last_words()}; {cure}"

    def _last_words(self) -> str:
        with suppress(OSError, IndexError):
            return f" ({self._notes.read_text(errors='replace').strip().splitlines()[-1].strip()[:200]})"
        return ""
