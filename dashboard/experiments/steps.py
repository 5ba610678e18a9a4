"""The programs that an errand runs one after another, and how they are stopped."""

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Final

from pipeline.safety.errors import UserError

CHECK: Final = (sys.executable, "-m", "pipeline.params")
DVC: Final = (sys.executable, "-m", "dvc")

_stopped = threading.Event()


def step(*command: str, cwd: Path = Path(), problem: str | None = None) -> None:
    """Run a command; end this process with its status when it fails, as it does when it is stopped.

    With a `problem` the command is silent, and its failure raises a `UserError` of that text and the command's reason.
    """
    output = subprocess.PIPE if problem else None
    errors = subprocess.STDOUT if problem else None
    process = subprocess.Popen(
        command, cwd=cwd, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, encoding="utf-8", errors="replace"
    )
    if _stopped.is_set():  # the signal went to the group before this process was in it
        process.send_signal(signal.SIGINT)
    said = process.communicate()[0]
    if process.returncode != 0:
        if problem and not _stopped.is_set():
            raise UserError(f"{problem}: {_reason(said)}")
        sys.exit(abs(process.returncode))


def stop_at_end_of_input(grace: float) -> None:
    """Stop all that this errand runs when Ctrl-C comes, or the input ends, and kill it after `grace` seconds."""
    signal.signal(signal.SIGINT, lambda *_: _stopped.set())
    threading.Thread(target=_wait_for_the_end, args=[grace], daemon=True).start()


def _wait_for_the_end(grace: float) -> None:
    while os.read(0, 4096):
        pass
    os.killpg(0, signal.SIGINT)
    time.sleep(grace)
    os.killpg(0, signal.SIGKILL)


def _reason(said: str) -> str:
    """Why a stage or DVC failed, from what it printed, without DVC's own introductions."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    ours = [line.removeprefix("error: ") for line in lines if line.startswith("error: ")]
    theirs = [line.removeprefix("ERROR: ") for line in lines if line.startswith("ERROR: ")]
    reason = [*ours[:1], *theirs[-1:], *lines[-1:], "it gave no reason"][0]
    return reason.removeprefix("failed to push cache: ").removeprefix("unexpected error - ")
