"""Load the real dashboard with many visitors at once, then with many in sequence: `python -m benchmarks.load`."""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

import psutil
from websockets.exceptions import WebSocketException

from benchmarks.sessions import Answer, Session
from tests.browser.servers import Dashboard, dashboard
from tests.projects import clone

AT_ONCE: Final = 50
SECONDS: Final = 60
SESSIONS: Final = int(os.environ.get("LOAD_SESSIONS", "1000"))
MINUTES: Final = float(os.environ.get("LOAD_MINUTES", "10"))
TURNS_ON_A_PAGE: Final = 5
MEDIAN_ALLOWED: Final = 1.5
GROWTH_ALLOWED: Final = 1.1
FIRST: Final = "(first page)"


@dataclass
class Log:
    """The times and sizes of the answers of `pages`, and what went wrong."""

    pages: list[str]
    seconds: dict[str, list[float]] = field(default_factory=dict)
    size: int = 0
    troubles: list[str] = field(default_factory=list)
    lasted: float = 0.0
    worked: float = 0.0

    def add(self, page: str, answer: Answer) -> None:
        """Record the time, size and troubles of an answer, without its elements."""
        self.seconds.setdefault(page, []).append(answer.seconds)
        self.size += answer.size
        self.troubles += [f"{page or FIRST}: {trouble}" for trouble in answer.troubles]

    async def watched(self, doing: Awaitable[None]) -> None:
        """Wait for `doing`; record a lost connection or a missing answer as a trouble."""
        try:
            await doing
        except (OSError, TimeoutError, WebSocketException) as error:
            self.troubles.append(f"{type(error).__name__}: {error}")


@dataclass
class Gauge:
    """The server's memory in MB and its number of threads, read once a second."""

    process: psutil.Process
    memory: list[float] = field(default_factory=list)
    threads: list[int] = field(default_factory=list)

    async def read(self) -> None:
        """Read until cancelled."""
        while True:
            self.memory.append(self.process.memory_info().rss / 1e6)
            self.threads.append(self.process.num_threads())
            await asyncio.sleep(1)

    def worked(self) -> float:
        """The processor time of the server in seconds, without its workers."""
        used = self.process.cpu_times()
        return float(used.user + used.system)

    def third(self, number: int) -> float:
        """The median memory in a third of the time: 0, 1 or 2."""
        part = len(self.memory) // 3
        return statistics.median(self.memory[number * part : (number + 1) * part])


async def measured(
    running: Dashboard, pages: list[str], doing: Callable[[str, Log], Awaitable[None]]
) -> tuple[Log, Gauge]:
    """Do something with the dashboard, and measure its server meanwhile."""
    log, gauge = Log(pages), Gauge(running.process)
    began, worked = time.perf_counter(), gauge.worked()
    async with asyncio.TaskGroup() as group:
        reading = group.create_task(gauge.read())
        await doing(running.url, log)
        reading.cancel()
    log.lasted, log.worked = time.perf_counter() - began, gauge.worked() - worked
    return log, gauge


async def first_visit(url: str, log: Log) -> None:
    """Open every page once. The first visitor waits for imports and reads, so it is measured separately."""
    async with Session.open(url) as session:
        log.add("", await session.ask())
        log.pages += session.pages
        for page in session.pages[1:]:
            log.add(page, await session.ask(page))


async def at_once(url: str, log: Log) -> None:
    """Let every visitor rerun a page once a second, each a different page, while two runs train."""
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        trainers = [await stack.enter_async_context(Session.open(url)) for _ in range(2)]
        watching = [group.create_task(log.watched(train(trainer, log))) for trainer in trainers]
        visits = [group.create_task(log.watched(visit_for(url, number, log))) for number in range(AT_ONCE)]
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
        answer.widget("selectbox", "Slow down to watch"): {"string_value": "1 s an epoch"},
    }
    answer = await session.ask("train", pressed)
    while answer.fragments:
        fragment, interval = next(iter(answer.fragments.items()))
        await asyncio.sleep(interval)
        drawn = await session.ask_fragment("train", fragment)
        log.troubles += drawn.troubles


async def visit_for(url: str, number: int, log: Log) -> None:
    """Rerun a page once a second, or as soon as it has answered, and change the page after a few turns."""
    clock = asyncio.get_running_loop().time
    async with Session.open(url) as session:
        await asyncio.sleep(number / AT_ONCE)
        end = clock() + SECONDS
        for turn in count():
            began = clock()
            if began >= end:
                return
            page = log.pages[(number + turn // TURNS_ON_A_PAGE) % len(log.pages)]
            log.add(page, await session.ask(page))
            await asyncio.sleep(max(0.0, began + 1 - clock()))


async def in_sequence(url: str, log: Log) -> None:
    """Let visitors arrive at an even rate, open two pages and leave."""
    async with asyncio.TaskGroup() as group:
        for number in range(SESSIONS):
            group.create_task(log.watched(visit(url, number, log)))
            await asyncio.sleep(MINUTES * 60 / SESSIONS)


async def visit(url: str, number: int, log: Log) -> None:
    """Open a session, look at two pages, and leave."""
    async with Session.open(url) as session:
        for page in (log.pages[number % len(log.pages)], log.pages[(number * 7 + 3) % len(log.pages)]):
            log.add(page, await session.ask(page))


def print_times(log: Log) -> float:
    """Print how long the answers took, and return their median in seconds."""
    every = [each for values in log.seconds.values() for each in values]
    print(f"{'':28}{'answers':>10}{'median s':>10}{'95 % s':>10}{'most s':>10}")
    for page, values in {**log.seconds, "all pages": every}.items():
        if len(values) > 1:
            ninety_five = statistics.quantiles(values, n=20)[-1]
            name = page or FIRST
            print(
                f"{name:28}{len(values):>10}{statistics.median(values):>10.3f}{ninety_five:>10.3f}{max(values):>10.3f}"
            )
    print(
        f"{len(every) / log.lasted:.1f} answers and {log.size / log.lasted / 1e6:.1f} MB a second; the server worked "
        f"{1000 * log.worked / len(every):.0f} ms for an answer, {log.worked / log.lasted:.0%} of the time\n"
    )
    return statistics.median(every)


def print_memory(gauge: Gauge) -> float:
    """Print the server's memory and threads, and return the growth of memory from the middle third to the last."""
    growth = gauge.third(2) / gauge.third(1)
    print(
        f"memory of the server: {gauge.memory[0]:.0f} MB at the start, {max(gauge.memory):.0f} at most, "
        f"{gauge.memory[-1]:.0f} at the end;\nmedian of the thirds {gauge.third(0):.0f}, {gauge.third(1):.0f}, "
        f"{gauge.third(2):.0f}; threads {gauge.threads[0]} at the start, {max(gauge.threads)} at most, "
        f"{gauge.threads[-1]} at the end\n"
    )
    return growth


async def load(running: Dashboard) -> list[str]:
    """Measure, print, and return what went wrong."""
    log, _ = await measured(running, [], first_visit)
    wrong, pages = log.troubles, log.pages
    print(f"the first visitor: all {len(pages)} pages in {sum(map(sum, log.seconds.values())):.1f} seconds\n")

    print(f"{AT_ONCE} sessions at once, a page a second each, for {SECONDS} seconds, while two runs train")
    log, _ = await measured(running, pages, at_once)
    median = print_times(log)
    wrong += log.troubles
    if median > MEDIAN_ALLOWED:
        wrong.append(f"the median answer took {median:.2f} s, more than {MEDIAN_ALLOWED} s")

    print(f"{SESSIONS:,} sessions opened and closed in {MINUTES:g} minutes, two pages each")
    log, gauge = await measured(running, pages, in_sequence)
    print_times(log)
    growth = print_memory(gauge)
    wrong += log.troubles
    if growth > GROWTH_ALLOWED:
        wrong.append(f"memory kept growing: the last third used {growth:.2f} times as much as the middle third")
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
