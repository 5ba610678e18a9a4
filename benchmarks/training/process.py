"""The process of a peer: `python -m benchmarks.training.process MODULE` trains when it is told to; and how to tell it.

In, a line each: the folder of a task. Out, as JSON: `{}` when it is ready, then what came of each training.
"""

import gc
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from benchmarks.training.peers import Peer
from benchmarks.training.tasks import Task
from pipeline.record.store import ROOT


@dataclass(frozen=True)
class Answer:
    """What came of a training: its losses (epochs,), how many states of the weights it recorded, and the last one."""

    seconds: float
    training_loss: list[float] | None
    validation_loss: list[float]
    states: int
    weights: list[float]
    profile: dict[str, float] | None = None


class Process:
    """A running peer. It keeps what it has compiled, and the last task."""

    def __init__(self, peer: Peer, process: "subprocess.Popen[str]", notes: IO[str]) -> None:
        self.peer, self.process, self.notes = peer, process, notes
        self._hear()

    def train(self, folder: Path, profile: bool = False) -> Answer:
        """Train on the task in a folder. Raises `RuntimeError` with what the process said when it died."""
        with suppress(BrokenPipeError):
            print(json.dumps({"folder": str(folder), "profile": profile}), file=self.process.stdin, flush=True)
        return Answer(**json.loads(self._hear()))

    def _hear(self) -> str:
        line: str = cast("IO[str]", self.process.stdout).readline()
        if line:
            return line
        status = self.process.wait()
        self.notes.seek(0)
        raise RuntimeError(f"{self.peer.name} ended with {status}:\n{self.notes.read()[-2_000:]}")


@contextmanager
def running(peer: Peer) -> Iterator[Process]:
    """Start the process of a peer, which is then ready, and end it."""
    with (
        tempfile.TemporaryFile("w+") as notes,
        subprocess.Popen(
            peer.command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=notes, text=True
        ) as process,
    ):
        try:
            yield Process(peer, process, notes)
        finally:
            process.kill()


def main(module: str) -> None:
    """Serve until the input ends."""
    with os.fdopen(os.dup(1), "w") as answers:
        os.dup2(2, 1)  # what a library prints is no answer
        peer = importlib.import_module(module)
        print("{}", file=answers, flush=True)
        known, task = None, None
        for line in sys.stdin:
            told = json.loads(line)
            if task is None or told["folder"] != known:
                known, task = told["folder"], Task.read(Path(told["folder"]))
            gc.collect()
            began = time.perf_counter()
            trained = peer.train(task)
            seconds = time.perf_counter() - began
            answer = {
                "seconds": seconds,
                "training_loss": None if trained.training_loss is None else trained.training_loss.tolist(),
                "validation_loss": trained.validation_loss.tolist(),
                "states": len(trained.weights),
                "weights": trained.weights[-1].tolist(),
                "profile": peer.profile(task) if told["profile"] else None,
            }
            print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
