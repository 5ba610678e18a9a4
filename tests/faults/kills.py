"""Kills of a command: of which stage, at which moment, by which signal, and which process gets it."""

import os
import shutil
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final, Literal

import psutil
from ruamel.yaml import YAML

from dashboard.record.reading import Records
from tests.dashboard.experiments.processes import processes_in
from tests.projects import Project
from tests.waiting import until

Target = Literal["dvc", "group", "stage", "errand"]

STAGES: Final = ("download", "normalize", "train", "evaluate")
MOMENTS: Final = ("import", "read", "compute", "drafts", "half", "end")
SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
TARGETS: Final[tuple[Target, ...]] = ("dvc", "group", "stage")

INSTRUMENT: Final = Path(__file__).parent / "instrument"


@dataclass(frozen=True)
class Kill:
    """The stage `who` stops at `moment`; then `signal` is sent to DVC alone, to its process group or to the stage.

    In a recording it may also go to the errand, the dashboard's process that started DVC and leads the group.
    """

    who: str
    moment: str
    signal: signal.Signals
    target: Target

    def __str__(self) -> str:
        return f"{self.who} at {self.moment}: {self.signal.name} to {self.target}"

    def send(self, stage: int) -> None:
        """Send the signal; `stage` is the process that has stopped."""
        if self.target == "group":
            os.killpg(os.getpgid(stage), self.signal)
        else:
            dvc = stage if self.who == "dvc" else psutil.Process(stage).ppid()
            os.kill({"stage": stage, "dvc": dvc, "errand": os.getpgid(stage)}[self.target], self.signal)
            if (
                self.who != "dvc" and self.target == "dvc" and self.signal != signal.SIGINT
            ):  # which DVC leaves to the stage
                until(lambda: psutil.Process(stage).ppid() != dvc)


EVERY_KILL: Final = [
    Kill(*kill) for kill in product(STAGES, MOMENTS, SIGNALS, TARGETS) if kill[:2] != ("evaluate", "half")
]
"""Every combination but one: `evaluate` writes one file, so there is no moment between two of its files."""


class Hold:
    """A moment at which a process stops until it may continue."""

    def __init__(self, folder: Path, who: str, moment: str) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self._folder = folder
        self.variables = {
            "PYTHONPATH": str(INSTRUMENT),
            "FAULTS_AT": f"{who} {moment}",
            "FAULTS_FOLDER": str(folder),
        }

    def reached(self, going_on: Callable[[], bool]) -> int:
        """Wait for the moment while the command is `going_on`; return the id of the process that has stopped."""
        reached = self._folder / "reached"
        until(lambda: reached.exists() or not going_on())
        assert reached.exists(), "the command ended before the moment came"
        return int(reached.read_text())

    def let_go(self) -> None:
        """Let the process continue, if it is still alive."""
        (self._folder / "go").touch()


def kill_repro(project: Project, kill: Kill, moments: Path) -> None:
    """Kill a `dvc repro` as `kill` says; return when none of its processes runs. `moments` is an empty folder."""
    hold = Hold(moments, kill.who, kill.moment)
    with project.started("-m", "dvc", "repro", session=True, variables=hold.variables) as dvc:
        kill.send(hold.reached(lambda: dvc.poll() is None))
        hold.let_go()
        dvc.wait(120)
        until(lambda: processes_in(project.root) == [])


def kill_at_random(project: Project, seconds: float, kind: signal.Signals, target: Target) -> None:
    """Start `dvc repro` and kill it after some seconds; if no stage runs at that moment, DVC is killed."""
    with project.started("-m", "dvc", "repro", session=True) as dvc:
        threading.Event().wait(seconds)
        if dvc.poll() is None:
            children = psutil.Process(dvc.pid).children()
            victim = children[0].pid if target == "stage" and children else dvc.pid
            try:
                os.killpg(dvc.pid, kind) if target == "group" else os.kill(victim, kind)
            except ProcessLookupError:  # the stage ended in that very moment
                dvc.send_signal(kind)
        dvc.wait(300)
        until(lambda: processes_in(project.root) == [])


def unsettle(project: Project, *stages: str) -> None:
    """Make the next `dvc repro` run these stages: remove their results, from DVC's cache too."""
    recorded = YAML(typ="safe").load(project.root / "dvc.lock")["stages"]
    cache = project.root / ".dvc" / "cache" / "files" / "md5"
    for stage in stages:
        for out in recorded[stage]["outs"]:
            (project.root / out["path"]).unlink(missing_ok=True)
            (cache / out["md5"][:2] / out["md5"][2:]).unlink(missing_ok=True)


def left_behind(project: Project) -> list[str]:
    """The drafts and processes that a killed command left."""
    drafts = list(project.root.rglob(".*.draft"))
    return [*map(str, drafts), *map(str, processes_in(project.root))]


@contextmanager
def watched(project: Project) -> Iterator[set[str]]:
    """Read the record repeatedly, as pages do, and collect the hashes of the weights of the runs seen."""
    seen: set[str] = set()
    records, ended = Records(project.root), threading.Event()

    def look() -> None:
        record = records.snapshot().record
        seen.add("none" if record is None else record.metrics.weights_sha256)

    def watch() -> None:
        while not ended.wait(0.01):
            look()

    look()
    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield seen
    finally:
        ended.set()
        watcher.join()
        look()
