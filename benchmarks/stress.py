"""Kill the pipeline at many moments, then cut every file to every length: `python -m benchmarks.stress`.

Count what recovers, and what is reported.
"""

import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Final, NamedTuple

import pandas as pd

from benchmarks.lengths import Part, every_length
from tests.faults.kills import (
    EVERY_KILL,
    SIGNALS,
    STAGES,
    TARGETS,
    kill_at_random,
    kill_repro,
    left_behind,
    unsettle,
    watched,
)
from tests.projects import Project, clone

ROUNDS: Final = int(os.environ.get("STRESS", "60"))
SEED: Final = int(os.environ.get("STRESS_SEED", str(time.time_ns() % 2**32)))


class Round(NamedTuple):
    """A kind of kill, its full name, the stages that run, and how to kill them in a project."""

    kind: str
    name: str
    stages: tuple[str, ...]
    strike: Callable[[Project], None]


class Outcome(NamedTuple):
    """What came of a round: its kind, and the problem if the project did not recover."""

    kind: str
    problem: str | None


def recorded(root: Path) -> tuple[Project, float]:
    """A project with a recorded run, and the seconds that `dvc repro` of all stages takes."""
    project = clone(root)
    project.repro()
    unsettle(project, *STAGES)
    began = time.perf_counter()
    project.repro()
    return project, time.perf_counter() - began


def kills_at_held_moments(count: int, moments: Path) -> Iterator[Round]:
    """Kills of the matrix; each occurs once before any is repeated. `moments` is an empty folder."""
    order = random.Random(SEED).sample(EVERY_KILL, len(EVERY_KILL))  # noqa: S311  nothing secret
    for kill in islice(cycle(order), count):
        kind = f"{kill.who}, {kill.signal.name} to {kill.target}"
        yield Round(kind, str(kill), (kill.who,), partial(kill_repro, kill=kill, moments=moments))


def kills_at_random_moments(count: int, seconds: float) -> Iterator[Round]:
    """Kills of `dvc repro` of all stages, at random moments."""
    generator = random.Random(SEED)  # noqa: S311  nothing secret
    for _ in range(count):
        after, kind, target = generator.uniform(0, seconds), generator.choice(SIGNALS), generator.choice(TARGETS)
        name = f"{kind.name} to {target}"
        strike = partial(kill_at_random, seconds=after, kind=kind, target=target)
        yield Round(f"at random, {name}", f"after {after:.3f} s: {name}", STAGES, strike)


def play(rounds: Iterator[Round], base: Project, folder: Path) -> Iterator[Outcome]:
    """Run every round on a copy of `base`; keep a copy that the next command does not repair."""
    expected, weights = base.results(), base.store.read_metrics().weights_sha256
    for number, (kind, name, stages, strike) in enumerate(rounds, 1):
        project = base.copy(folder / f"{kind.split(',')[0]}-{number}".replace(" ", "-"))
        problem = None
        try:
            with watched(project) as seen:
                unsettle(project, *stages)
                strike(project)
                project.stage("params")  # repairs what DVC left incomplete
                project.repro()
            if project.results() != expected:
                problem = "the results are not those of an undisturbed run"
            elif left := left_behind(project):
                problem = f"left behind: {left}"
            elif seen != {weights}:
                problem = f"a reader saw {seen}"
        except Exception as error:  # any failure is noted, and the next round follows
            problem = str(error)
        if problem is None:
            shutil.rmtree(project.root)
            print(f"{number:4} recovered from {name}", flush=True)
        else:
            problem = f"NOT RECOVERED {name}, in {project.root}: {problem}"
            print(problem, flush=True)
        yield Outcome(kind, problem)


def show(outcomes: list[Outcome]) -> None:
    """Print how many rounds there were and how many recovered, by kind, and every problem."""
    table = pd.DataFrame(outcomes, columns=Outcome._fields)
    kinds = pd.concat([table.sort_values("kind"), table.assign(kind="all")]).groupby("kind", sort=False)
    counts = kinds["problem"].agg(rounds="size", recovered=lambda problems: problems.isna().sum())
    print(f"\n{counts.to_string()}")
    print("\n".join(table["problem"].dropna()) or "nothing was lost, mixed up or left behind")


def cut_short(base: Project) -> list[str]:
    """Cut every file of a project to every length, print how many lengths there were, and return what went wrong."""
    print("\ncutting every file to every length, whatever STRESS is; this takes minutes", flush=True)
    parts = pd.DataFrame(every_length(base.root), columns=Part._fields)
    print(f"files cut short, to each of {parts['tried'].sum():,} lengths")
    print(parts.groupby("name")["tried"].sum().to_string())
    wrong = [each for part in parts["wrong"] for each in part]
    print("\n".join(wrong) or "each was reported in a sentence", flush=True)
    return wrong


def main() -> None:
    """Run half of the rounds at chosen moments and half at random ones; exit with status 1 if anything failed."""
    folder = Path(tempfile.mkdtemp(prefix="stress-"))
    print(f"{ROUNDS} rounds, STRESS_SEED={SEED}, in {folder}", flush=True)
    base, seconds = recorded(folder / "project")
    outcomes: list[Outcome] = []
    with suppress(KeyboardInterrupt):  # the figures so far are shown
        outcomes.extend(play(kills_at_held_moments(ROUNDS - ROUNDS // 2, folder / "moments"), base, folder))
        outcomes.extend(play(kills_at_random_moments(ROUNDS // 2, seconds), base, folder))
    show(outcomes)
    if cut_short(base) or any(outcome.problem for outcome in outcomes):
        sys.exit(1)
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
