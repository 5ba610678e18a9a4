"""Load the real dashboard with many visitors at once, then with many in sequence: `python -m benchmarks.load`."""

import asyncio
import os
import sys
import tempfile
from collections.abc import Awaitable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
import psutil
from websockets.exceptions import WebSocketException

from benchmarks.sessions import Session
from tests.browser.servers import Dashboard, dashboard
from tests.projects import clone

AT_ONCE: Final = 50
SECONDS: Final = 60
SESSIONS: Final = int(os.environ.get("LOAD_SESSIONS", "1000"))
MINUTES: Final = float(os.environ.get("LOAD_MINUTES", "10"))
TURNS_ON_A_PAGE: Final = 5
MEDIAN_ALLOWED: Final = 1.5
GROWTH_ALLOWED: Final = 1.1


@dataclass
class Log:
    """The page and the seconds of every answer, and what went wrong."""

    answers: list[tuple[str, float]] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)

    async def ask(self, session: Session, page: str) -> None:
        """Ask for a page, and record the time and the troubles of the answer."""
        answer = await session.ask(page)
        self.answers.append((page or "(first page)", answer.seconds))
        self.troubles += [f"{page}: {trouble}" for trouble in answer.troubles]

    async def watched(self, doing: Awaitable[None]) -> None:
        """Wait for `doing`; record a lost connection or a missing answer as a trouble."""
        try:
            await doing
        except (OSError, TimeoutError, WebSocketException) as error:
            self.troubles.append(f"{type(error).__name__}: {error}")

    def times(self) -> pd.DataFrame:
        """How many answers each page gave, and their median, 95 % and longest time in seconds; all pages come last."""
        answers = pd.DataFrame(self.answers, columns=["page", "seconds"])
        by_page = pd.concat([answers, answers.assign(page="all pages")]).groupby("page", sort=False)["seconds"]
        return by_page.describe(percentiles=[0.5, 0.95])[["count", "50%", "95%", "max"]].astype({"count": int})


async def first_visit(url: str, log: Log) -> list[str]:
    """Open every page once, and return their paths. The first visitor waits for imports and reads."""
    async with Session.open(url) as session:
        await log.ask(session, "")
        for page in session.pages[1:]:
            await log.ask(session, page)
        return session.pages


async def at_once(url: str, pages: list[str], log: Log) -> None:
    """Let every visitor rerun a page once a second, each a different page, while two runs train."""
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        trainers = [await stack.enter_async_context(Session.open(url)) for _ in range(2)]
        watching = [group.create_task(log.watched(train(trainer, log))) for trainer in trainers]
        visits = [group.create_task(log.watched(visit_for(url, pages, number, log))) for number in range(AT_ONCE)]
        await asyncio.wait(visits)
        if early := sum(task.done() for task in watching):
            log.troubles.append(f"{early} of the 2 trainings ended before the visits did")
        for task in watching:
            task.cancel()


async def train(session: Session, log: Log) -> None:
    """Start a run of 200 seconds, and poll it as the page does."""
    answer = await session.ask("train")
    pressed: dict[str, dict[str, object]] = {
        answer.widget("button", "Train"): {"trigger_value": True},
        answer.widget("selectbox", "Speed"): {"string_value": "1 s an epoch"},
    }
    answer = await session.ask("train", pressed)
    while answer.fragments:
        fragment, interval = next(iter(answer.fragments.items()))
        await asyncio.sleep(interval)
        drawn = await session.ask("train", fragment=fragment)
        log.troubles += drawn.troubles


async def visit_for(url: str, pages: list[str], number: int, log: Log) -> None:
    """Rerun a page once a second, or as soon as it has answered, and change the page after a few turns."""
    clock = asyncio.get_running_loop().time
    async with Session.open(url) as session:
        await asyncio.sleep(number / AT_ONCE)
        end = clock() + SECONDS
        for turn in count():
            began = clock()
            if began >= end:
                return
            await log.ask(session, pages[(number + turn // TURNS_ON_A_PAGE) % len(pages)])
            await asyncio.sleep(max(0.0, began + 1 - clock()))


async def in_sequence(url: str, pages: list[str], log: Log) -> None:
    """Let visitors arrive at an even rate, open two pages and leave."""
    async with asyncio.TaskGroup() as group:
        for number in range(SESSIONS):
            group.create_task(log.watched(visit(url, pages, number, log)))
            await asyncio.sleep(MINUTES * 60 / SESSIONS)


async def visit(url: str, pages: list[str], number: int, log: Log) -> None:
    """Open a session, look at two pages, and leave."""
    async with Session.open(url) as session:
        for page in (pages[number % len(pages)], pages[(number * 7 + 3) % len(pages)]):
            await log.ask(session, page)


async def read_memory(process: psutil.Process, memory: list[float]) -> None:
    """Read the memory of a process, in MB, once a second until cancelled."""
    while True:
        memory.append(process.memory_info().rss / 1e6)
        await asyncio.sleep(1)


async def load(running: Dashboard) -> list[str]:
    """Measure, print, and return what went wrong."""
    log = Log()
    pages, wrong = await first_visit(running.url, log), log.troubles
    print(f"the first visitor: all {len(pages)} pages in {sum(seconds for _, seconds in log.answers):.1f} seconds\n")

    print(f"{AT_ONCE} sessions at once, a page a second each, for {SECONDS} seconds, while two runs train; seconds:")
    log = Log()
    await at_once(running.url, pages, log)
    times = log.times()
    print(f"{times.to_string(float_format='{:.3f}'.format)}\n")
    wrong += log.troubles
    if (median := times["50%"].iloc[-1]) > MEDIAN_ALLOWED:
        wrong.append(f"the median answer took {median:.2f} s, more than {MEDIAN_ALLOWED} s")

    print(f"{SESSIONS:,} sessions opened and closed in {MINUTES:g} minutes, two pages each; seconds:")
    log, memory = Log(), list[float]()
    reading = asyncio.create_task(read_memory(running.process, memory))
    await in_sequence(running.url, pages, log)
    reading.cancel()
    print(f"{log.times().to_string(float_format='{:.3f}'.format)}\n")
    wrong += log.troubles
    first, middle, last = (np.median(part) for part in np.array_split(memory, 3))
    print(
        f"memory of the server: {memory[0]:.0f} MB at the start, {max(memory):.0f} at most, {memory[-1]:.0f} at the "
        f"end; median of the thirds {first:.0f}, {middle:.0f}, {last:.0f}\n"
    )
    if last / middle > GROWTH_ALLOWED:
        wrong.append(f"memory kept growing: the last third used {last / middle:.2f} times as much as the middle third")
    return wrong


def main() -> None:
    """Start a dashboard on a recorded copy of the project and load it; exit with 1 when something went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        project = clone(Path(folder, "project"))
        project.repro()
        with dashboard(project) as running:
            wrong = asyncio.run(load(running))
            workers = running.process.children(recursive=True)
            running.process.terminate()
            left = psutil.wait_procs([running.process, *workers], timeout=20)[1]
    wrong += [f"still running after the end: {process}" for process in left]
    print("\n".join(sorted(set(wrong))) or f"no error; {len(workers)} worker processes ended with the server")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
