"""Worker processes on this machine: chunks are handed to whoever is free, and those of a killed worker to another."""

import os
import subprocess
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import wait
from types import TracebackType
from typing import Any, Final, Self

from pipeline.params import Train
from pipeline.processes import start
from pipeline.safety.errors import UserError
from pipeline.sweep.results import Outcome
from pipeline.tables.preparation import PreparedData

AHEAD: Final = 2
"""So many chunks a worker has, while many are left: it goes on with the next one while the first is written."""

MAX_LOSSES: Final = 3
"""A chunk that so many workers did not survive is given up."""


def cores() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Worker:
    """A process, and the chunks that it has."""

    def __init__(self, data: PreparedData, folder: str) -> None:
        command = [sys.executable, "-m", "pipeline.sweep.worker"]
        self.process, self.pipe = start(command, folder, stdout=subprocess.DEVNULL)
        self.chunks: deque[int] = deque()
        self.send(data)

    def send(self, message: Any) -> None:
        """Tell the process something. What does not reach it is noticed when its answer is awaited."""
        with suppress(OSError):
            self.pipe.send(message)

    def end(self) -> int:
        """End the process at once and return its exit status."""
        self.process.kill()
        self.pipe.close()
        return self.process.wait()


class Workers:
    """Worker processes for runs on the same rows. They start when they are needed, and end with the `with` block."""

    def __init__(self, data: PreparedData, count: int) -> None:
        self._data, self._count = data, count
        self._folder = tempfile.TemporaryDirectory(prefix="sweep-", ignore_cleanup_errors=True)
        self._workers: list[_Worker] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.end()
        self._folder.cleanup()

    def run(self, chunks: Mapping[int, Sequence[Train]]) -> Iterator[tuple[int, list[Outcome]]]:
        """Carry out chunks, and yield the number and the outcomes of each as they come. Raises `UserError`."""
        todo, losses = deque(chunks), Counter[int]()
        while len(self._workers) < min(self._count, len(chunks)):
            self._hire()
        left = len(chunks)
        while left:
            for worker in self._workers:
                while todo and len(worker.chunks) < (AHEAD if len(todo) > len(self._workers) else 1):
                    worker.chunks.append(todo.popleft())
                    worker.send(chunks[worker.chunks[-1]])
            for pipe in wait([worker.pipe for worker in self._workers]):
                worker = next(each for each in self._workers if each.pipe is pipe)
                try:
                    answer = worker.pipe.recv()
                except (EOFError, OSError):
                    todo.extendleft(reversed(worker.chunks))
                    losses.update(list(worker.chunks)[:1])
                    self._replace(worker, max(losses.values(), default=0))
                    continue
                if isinstance(answer, UserError):
                    raise answer
                left -= 1
                yield worker.chunks.popleft(), answer

    def _hire(self) -> None:
        try:
            self._workers.append(_Worker(self._data, self._folder.name))
        except OSError as error:
            raise UserError(f"no worker process can be started ({error.strerror}); close other programs") from None

    def _replace(self, worker: _Worker, losses: int) -> None:
        self._workers.remove(worker)
        status = worker.end()
        if losses >= MAX_LOSSES:
            how = f"was killed by signal {-status}, perhaps because memory ran short" if status < 0 else "ended"
            raise UserError(f"a worker process {how}, as {losses - 1} before it on the same runs; use fewer --workers")
        self._hire()
