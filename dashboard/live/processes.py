"""A worker process as seen by its server: events are passed on, and sending a command never blocks."""

import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, BinaryIO, Final

from dashboard.live.plans import encode
from dashboard.live.tasks import Task

WORKER: Final = (sys.executable, "-m", "dashboard.live.worker")


class Worker:
    """A process with two threads: one reads its events until it ends, one writes its commands, as a full pipe blocks.

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
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        with ExitStack() as belongings:
            # TensorFlow writes modules into the temporary folder, and leaves them there when it is killed.
            folder = belongings.enter_context(tempfile.TemporaryDirectory(prefix="worker-", ignore_cleanup_errors=True))
            self._notes = belongings.enter_context(tempfile.TemporaryFile())
            self.process = subprocess.Popen(
                command,
                cwd=root,
                env={**os.environ, "TMPDIR": folder, "SGD_WORKER_FOLDER": folder},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._notes,
            )
            self._belongings = belongings.pop_all()  # they live as long as the process
        self._reader = threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        self._writer = threading.Thread(target=self._write, args=(self.process.stdin,), daemon=True)
        self._reader.start()
        self._writer.start()

    def send(self, message: Mapping[str, Any]) -> None:
        """Tell the process something. Never waits, and does nothing when the process is gone."""
        self._outbox.put(encode(message))

    def kill(self, verdict: str) -> None:
        """End the process at once; `verdict` is the reason, such as `was silent for 60 seconds`."""
        self.verdict = self.verdict or verdict
        self.process.kill()

    def join(self) -> None:
        """Wait until the process is gone and its end is reported."""
        self._reader.join()
        self._writer.join()

    def _read(self, output: BinaryIO) -> None:
        with output:
            for line in output:
                self.last_heard = time.monotonic()
                try:
                    self._heard(self, json.loads(line))
                except Exception:  # whatever it is: a worker that sends invalid events is of no use
                    self.kill(f"sent an invalid line ({line[:60]!r})")
                    break
        status = self.process.wait()
        self._outbox.put(None)
        self._ended(self, self._exit_message(status))
        self._belongings.close()

    def _write(self, pipe: BinaryIO) -> None:
        with suppress(OSError), pipe:
            while (line := self._outbox.get()) is not None:
                pipe.write(line)
                pipe.flush()

    def _exit_message(self, status: int) -> str:
        """Say in one sentence how the process ended, and what to do."""
        killed = f"was killed by signal {-status}, perhaps because memory ran short"
        what = self.verdict or (killed if status < 0 else "ended unexpectedly")
        cure = "try again" if self.ready else "run `make setup`, then try again"
        return f"the training process {what}{self._last_words()}; {cure}"

    def _last_words(self) -> str:
        self._notes.seek(max(0, self._notes.seek(0, os.SEEK_END) - 4096))
        lines = self._notes.read().decode(errors="replace").strip().splitlines()
        return f" ({lines[-1].strip()[:200]})" if lines else ""
