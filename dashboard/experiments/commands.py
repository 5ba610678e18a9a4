"""A DVC command as a page sees it: a process of its own that prints, can be stopped, and never outlives the server."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, TextIO, cast

from dashboard.read_only import refuse_if_read_only
from pipeline.safety.errors import UserError
from pipeline.safety.git import environment
from pipeline.safety.turns import take_turn

State = Literal["running", "succeeded", "failed", "stopped"]

GRACE_SECONDS: Final = 10.0
MAX_LINES: Final = 2_000

_UNTRUE: Final = "Experiment results have been applied to your workspace."
"""DVC says so of the private copy in which an experiment is recorded (see `dvc_worker.record`)."""

_SHARE: Final = re.compile(r"([\d,]+) of ([\d,]+) \w+")
_TURN: Final = ".dvc/tmp/dashboard.lock"


class Command:
    """An errand (see `experiments.dvc_worker`) under way in its own process and process group, without a shell.

    Any thread may look at it at any time, so keep it in `st.cache_resource` and every rerun and every session finds it
    again. Only one runs at a time in a project, whoever asks, in whichever server. When the server ends or is killed,
    the command ends too.
    """

    def __init__(self, root: Path, title: str, errand: Mapping[str, Any], grace: float = GRACE_SECONDS) -> None:
        """Start the errand; `title` says what is going on, as in "recording lr-0.05".

        `grace` are the seconds between being asked to stop and being killed. Raises `UserError` where another
        command is under way, where nothing can be written or no process be started, and on a read-only server.
        """
        refuse_if_read_only("run DVC")
        self.title = title
        self.began = datetime.now().astimezone()
        self._lines: list[str] = []
        self._stopped = False
        turn = take_turn(root, _TURN, title, self.began)
        try:
            # The errand inherits the lock on the turn, which thereby ends with it, however it ends.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "dashboard.experiments.dvc_worker"],
                cwd=root,
                env=environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,
                pass_fds=[turn],
            )
        except OSError as error:
            raise UserError(f"no process can be started for {title} ({error.strerror}); close other programs") from None
        finally:
            os.close(turn)
        self._stdin = cast(TextIO, self._process.stdin)
        with contextlib.suppress(OSError):  # it may have ended already
            self._stdin.write(json.dumps({**errand, "grace": grace}) + "\n")
            self._stdin.flush()
        self._end = threading.Thread(target=self._await_end, daemon=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._end.start()
        self._reader.start()

    @property
    def state(self) -> State:
        """Where it stands. Once it is no longer running, `lines` are complete and the next command may start."""
        if self._reader.is_alive():
            return "running"
        if self._process.returncode == 0:
            return "succeeded"
        return "stopped" if self._stopped else "failed"

    @property
    def lines(self) -> tuple[str, ...]:
        """What it has printed so far: the last `MAX_LINES` lines, as plain text."""
        return tuple(self._lines)

    @property
    def share(self) -> float | None:
        """How much of it is done, if its last line says so: `320 of 1,600 runs`."""
        said = _SHARE.fullmatch(self._lines[-1]) if self._lines else None
        done, whole = (int(number.replace(",", "")) for number in said.groups()) if said else (0, 0)
        return min(1.0, done / whole) if whole else None

    @property
    def problem(self) -> str | None:
        """Why it failed, in one sentence; `None` unless it did."""
        if self.state != "failed":
            return None
        lines = [line for line in self.lines if line]
        ours = [line for line in lines if line.startswith("error: ")]
        theirs = [line for line in lines if line.startswith("ERROR: ")]
        ended = f"error: {self.title} ended with status {self._process.returncode}, saying: {' '.join(lines[-2:])}"
        return [*ours[:1], *theirs[-1:], ended][0].partition(": ")[2]

    def stop(self) -> None:
        """Ask it to stop, as Ctrl-C would, and have it killed if it has not within its grace. Returns at once."""
        self._stopped = self._stopped or self.state == "running"
        self._end_input()

    def wait(self, seconds: float | None = None) -> State:
        """Wait for the end, at most so many seconds, and say where it stands."""
        self._reader.join(seconds)
        return self.state

    def _end_input(self) -> None:
        with contextlib.suppress(OSError):
            self._stdin.close()

    def _read(self) -> None:
        with cast(TextIO, self._process.stdout) as stdout:
            for line in stdout:
                if line.strip() != _UNTRUE and not self._stopped:  # then interrupted programs print tracebacks
                    self._lines.append(line.rstrip("\n"))
                    del self._lines[:-MAX_LINES]
        self._end.join()

    def _await_end(self) -> None:
        # What the errand leaves behind is killed before the errand is reaped: until then its id is no one else's.
        os.waitid(os.P_PID, self._process.pid, os.WEXITED | os.WNOWAIT)
        with contextlib.suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._end_input()
