"""Waiting for what another thread or process is about to do, with an end to patience."""

import asyncio
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from dashboard.live.registry import Job, Progress

PATIENCE = 60.0

Answer = TypeVar("Answer")


def until_answered(asking: Coroutine[Any, Any, Answer]) -> Answer:
    """Run a coroutine to its end, in a thread of its own: a browser's test keeps a loop at work in this one."""
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, asking).result()


def until(condition: Callable[[], object]) -> None:
    """Return when `condition` holds; fail when it does not come to hold."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "what was waited for did not happen"
        time.sleep(0.01)


def until_epoch(job: Job, number: int) -> Progress:
    """Poll a job until it has told of epoch `number`."""
    until(lambda: len(job.poll().epochs) > number or not job.poll().active)
    return job.poll()


def until_ended(job: Job) -> Progress:
    """Poll a job until it has ended, in whatever way."""
    until(lambda: not job.poll().active)
    return job.poll()
