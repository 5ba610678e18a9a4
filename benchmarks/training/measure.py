"""Interleaved rounds: every peer does a job once, then every peer once more, so that all see the same machine."""

import os
import platform
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Final

from tqdm import tqdm

from benchmarks.training.peers import OURS, PEERS, Peer
from benchmarks.training.process import Process, running
from benchmarks.training.report import Kind, Machine, Report, Timing
from benchmarks.training.tasks import Job, Task
from pipeline.arrays import significant

ROUNDS: Final = 9
FIRST_ROUNDS: Final = 3
PATIENCE: Final = 30.0
"""So many seconds a peer may take for all rounds of a job; if it takes more, it has fewer rounds, but at least one."""

SLOW: Final = 5.0
"""A run of so many seconds is not repeated for having compiled: that is a small part of it."""


def measure(jobs: Sequence[Job], first: Job, rounds: int = ROUNDS) -> Report:
    """Time later runs of all jobs, and the first run of one of them in new processes, with all peers that are there."""
    versions: dict[str, str] = {}
    absent, present = {}, []
    for peer in PEERS:
        try:
            versions |= peer.versions()
            present.append(peer)
        except LookupError as reason:
            absent[peer.name] = str(reason)
    with tempfile.TemporaryDirectory() as folder, tqdm(total=len(jobs) + 1, disable=None, leave=False) as bar:
        tasks = Tasks(Path(folder))
        bar.set_description("first runs")
        timings = list(first_runs(first, [peer for peer in present if peer.compiles], tasks, min(rounds, FIRST_ROUNDS)))
        bar.update()
        with ExitStack() as started:
            processes = {peer: started.enter_context(running(peer)) for peer in present}
            for job in jobs:
                bar.set_description(job.name)
                timings += later_runs(job, processes, tasks, rounds)
                bar.update()
            profiles = {
                job.name: processes[OURS].train(tasks.of(job, OURS), profile=True).profile or {} for job in jobs
            }
    return Report(
        date=datetime.now(UTC).date().isoformat(),
        machine=machine(),
        versions=versions,
        absent=absent,
        timings=timings,
        profiles=profiles,
    )


class Tasks:
    """The folders of the tasks, written when they are first asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def of(self, job: Job, peer: Peer) -> Path:
        """The folder with the task of a job for a peer, which may do fewer epochs."""
        epochs = peer.epochs(job)
        folder = self.folder / f"{job.name}, {epochs} epochs"
        if not folder.exists():
            folder.mkdir()
            Task.of(job, epochs).write(folder)
        return folder


def first_runs(job: Job, peers: Sequence[Peer], tasks: Tasks, rounds: int) -> Iterator[Timing]:
    """Time the first run in a new process, with its packages imported and the rows in memory; tracing and all."""
    seconds: dict[Peer, list[float]] = {peer: [] for peer in peers}
    for _ in range(rounds):
        for peer in peers:
            with running(peer) as process:
                seconds[peer].append(process.train(tasks.of(job, peer)).seconds)
    return timings(job, seconds, "first run")


def later_runs(job: Job, processes: Mapping[Peer, Process], tasks: Tasks, rounds: int) -> Iterator[Timing]:
    """Time runs in processes that have done the job before."""
    seconds: dict[Peer, list[float]] = {}
    planned: dict[Peer, int] = {}
    for peer, process in processes.items():
        if peer.epochs(job):
            once = process.train(tasks.of(job, peer)).seconds
            seconds[peer] = [once] if once > SLOW else []
            planned[peer] = max(1 - len(seconds[peer]), min(rounds, int(PATIENCE / once)))
    for number in range(rounds):
        for peer, process in processes.items():
            if number < planned.get(peer, 0):
                seconds[peer].append(process.train(tasks.of(job, peer)).seconds)
    return timings(job, seconds, "later runs")


def timings(job: Job, seconds: Mapping[Peer, Iterable[float]], kind: Kind) -> Iterator[Timing]:
    """Summarize the seconds of each peer, with four significant digits."""
    for peer, values in seconds.items():
        found = [significant(value, 4) for value in values]
        yield Timing(
            job=job.name,
            peer=peer.name,
            kind=kind,
            epochs=peer.epochs(job),
            rounds=len(found),
            median=median(found),
            least=min(found),
            most=max(found),
        )


def machine() -> Machine:
    """Describe this machine."""
    named = [line.split(":", 1)[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")]
    return Machine(
        processor=named[0] if named else platform.processor() or platform.machine(),
        cores=len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1,
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
    )


def _lines(path: str) -> list[str]:
    try:
        return Path(path).read_text().splitlines()
    except OSError:
        return []
