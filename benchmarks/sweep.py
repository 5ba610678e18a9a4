"""How long 1,600 runs of the linear model take once the workers are warm, one or two: `python -m benchmarks.sweep`."""

import time
from statistics import median
from typing import Final

import psutil

from pipeline import params
from pipeline.record.store import Store
from pipeline.sweep.chunks import cut
from pipeline.sweep.grid import Grid
from pipeline.sweep.workers import Workers
from pipeline.tables.names import counted

ROUNDS: Final = 3
VARIED: Final = ("train.learning_rate=0.001..0.1:log:16", "train.seed=0..99")


def main() -> None:
    """Print the seconds on the clock, and those that the workers computed, for one worker and for two in turns."""
    data = Store().read_normalized()
    grid = Grid.of(params.load().train, VARIED)
    places = cut(grid, data.sizes["train"], len(data.names))
    chunks = {number: [grid.settings(run) for run in runs] for number, runs in enumerate(places)}
    found: dict[int, list[tuple[float, float]]] = {1: [], 2: []}
    with Workers(data, 1) as one, Workers(data, 2) as two:
        for _ in range(1 + ROUNDS):  # the first round warms
            for count, workers in ((1, one), (2, two)):
                began, before = time.perf_counter(), _computed()
                for _ in workers.run(chunks):
                    pass
                found[count].append((time.perf_counter() - began, _computed() - before))
    for count, rounds in found.items():
        clock, computed = (median(times) for times in zip(*rounds[1:], strict=True))
        print(f"{grid.count:,} runs, {counted(count, 'worker')}: {clock:.2f} s; all workers computed {computed:.2f} s")


def _computed() -> float:
    """The seconds that all worker processes have computed."""
    return sum(sum(child.cpu_times()[:2]) for child in psutil.Process().children())


if __name__ == "__main__":
    main()
