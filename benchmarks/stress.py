"""Kill the pipeline at many moments, then cut every file to every length: `python -m benchmarks.stress`.

Count what recovers, and what is reported.
"""

import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from signal import Signals
from typing import Final

from benchmarks.lengths import every_length
from tests.faults.kills import (
    SIGNALS,
    STAGES,
    TARGETS,
    Kill,
    Target,
    kill_at_random,
    kill_repro,
    left_behind,
    sample,
    unsettle,
    watched,
)
from tests.projects import Project, clone

ROUNDS: Final = int(os.environ.get("STRESS", "60"))
SEED: Final = int(os.environ.get("STRESS_SEED", str(time.time_ns() % 2**32)))

Round = tuple[str, str, Callable[[Project, Path], None]]
"""A round: its name in the table, its full name, and what it does to a project, with an empty folder for its use."""


@dataclass
class Figures:
    """The number of rounds and of recoveries, by kind of round."""

    rounds: Counter[str] = field(default_factory=Counter)
    recovered: Counter[str] = field(default_factory=Counter)
    mended: int = 0
    broken: list[str] = field(default_factory=list)

    def show(self) -> None:
        """Print them."""
        print(f"\n{'':34}{'rounds':>8}{'recovered':>11}")
        for kind, count in sorted(self.rounds.items()):
            print(f"{kind:34}{count:>8}{self.recovered[kind]:>11}")
        print(f"{'all':34}{self.rounds.total():>8}{self.recovered.total():>11}")
        print(f"files of DVC that were cut short, and repaired by the check before the run: {self.mended}")
        print("\n".join(self.broken) or "nothing was lost, mixed up or left behind")


def recorded(root: Path) -> tuple[Project, float]:
    """A project with a recorded run, and the seconds that `dvc repro` of all stages takes."""
    project = clone(root)
    project.repro()
    unsettle(project, *STAGES)
    began = time.perf_counter()
    project.repro()
    return project, time.perf_counter() - began


def kills_at_held_moments(count: int) -> Iterator[Round]:
    """Kills of the matrix; each occurs once before any is repeated."""
    for kill in sample(count, SEED):

        def strike(project: Project, folder: Path, kill: Kill = kill) -> None:
            unsettle(project, kill.who)
            kill_repro(project, kill, folder)

        yield f"{kill.who}, {kill.signal.name} to {kill.target}", str(kill), strike


def kills_at_random_moments(count: int, seconds: float) -> Iterator[Round]:
    """Kills of `dvc repro` of all stages, at random moments."""
    generator = random.Random(SEED)  # noqa: S311  nothing secret
    for _ in range(count):
        after, kind, target = generator.uniform(0, seconds), generator.choice(SIGNALS), generator.choice(TARGETS)

        def strike(
            project: Project, _: Path, after: float = after, kind: Signals = kind, target: Target = target
        ) -> None:
            unsettle(project, *STAGES)
            kill_at_random(project, after, kind, target)

        yield f"at random, {kind.name} to {target}", f"after {after:.3f} s: {kind.name} to {target}", strike


def play(rounds: Iterator[Round], base: Project, folder: Path, figures: Figures) -> None:
    """Run every round on a copy of `base`; keep a copy that the next command does not repair."""
    expected, weights = base.results(), base.store.read_metrics().weights_sha256
    for number, (kind, name, strike) in enumerate(rounds, 1):
        project = base.copy(folder / f"{kind.split(',')[0]}-{number}".replace(" ", "-"))
        figures.rounds[kind] += 1
        try:
            with watched(project) as seen:
                strike(project, folder / "moments")
                figures.mended += "cut short" in project.stage("params").stdout
                project.repro()
            check(project.results() == expected, "the results are not those of an undisturbed run")
            check(left_behind(project) == [], f"left behind: {left_behind(project)}")
            check(seen == {weights}, f"a reader saw {seen}")
        except Exception as problem:  # any failure is noted, and the next round follows
            figures.broken.append(f"NOT RECOVERED {name}, in {project.root}: {problem}")
            print(figures.broken[-1], flush=True)
            continue
        figures.recovered[kind] += 1
        shutil.rmtree(project.root)
        print(f"{figures.rounds.total():4} recovered from {name}", flush=True)


def cut_short(base: Project) -> list[str]:
    """Cut every file of a project to every length, print how many lengths there were, and return what went wrong."""
    tried, wrong = Counter[str](), list[str]()
    for part in every_length(base.root):
        tried[part.name] += part.tried
        wrong += part.wrong
    print(f"\n{'files cut short, to every length':42}{'lengths':>11}")
    print("\n".join(f"{name:42}{count:>11,}" for name, count in sorted(tried.items())))
    print(f"{'all':42}{tried.total():>11,}")
    print("\n".join(wrong) or "each was reported in a sentence", flush=True)
    return wrong


def check(holds: bool, otherwise: str) -> None:
    """Raise `AssertionError` with the reason, unless `holds`."""
    if not holds:
        raise AssertionError(otherwise)


def main() -> None:
    """Run half of the rounds at chosen moments and half at random ones; exit with status 1 if anything failed."""
    folder, figures = Path(tempfile.mkdtemp(prefix="stress-")), Figures()
    print(f"{ROUNDS} rounds, STRESS_SEED={SEED}, in {folder}", flush=True)
    base, seconds = recorded(folder / "project")
    with suppress(KeyboardInterrupt):  # the figures so far are shown
        play(kills_at_held_moments(ROUNDS - ROUNDS // 2), base, folder, figures)
        play(kills_at_random_moments(ROUNDS // 2, seconds), base, folder, figures)
    figures.show()
    if cut_short(base) + figures.broken:
        sys.exit(1)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
