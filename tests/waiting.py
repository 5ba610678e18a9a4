"""Wait for another thread or process, for a limited time."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from dashboard.live.jobs import Job, Progress
from dashboard.live.registry import Registry

PATIENCE = 180.0
"""In seconds: a worker gives way to all other processes, and a machine with tests may have many."""

Answer = TypeVar("Answer")


def until_answered(asking: Coroutine[Any, Any, Answer]) -> Answer:
    """Run a coroutine to its end in another thread, because a browser's test has a running loop in this one."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, asking).result()


def until(condition: Callable[[], object]) -> None:
    """Return when `condition` is true; fail if it stays false. Looking takes a fifth of the time at most."""
    deadline = time.monotonic() + PATIENCE
    began = time.monotonic()
    while not condition():
        now = time.monotonic()
        assert now < deadline, "the condition did not become true"
        time.sleep(max(0.01, 4 * (now - began)))  # what is waited for needs a processor too
        began = time.monotonic()


def until_epoch(job: Job, number: int) -> Progress:
    """Poll a job until it has reported epoch `number`."""
    until(lambda: len(job.poll().epochs) > number or not job.poll().active)
    return job.poll()


def until_ended(job: Job) -> Progress:
    """Poll a job until it has ended in any way."""
    until(lambda: not job.poll().active)
    return job.poll()


def is_ready(registry: Registry) -> bool:
    """Whether a worker is idle and ready, so that a job would start at once."""
    return any(worker.ready and worker.job is None for worker in registry._workers)
