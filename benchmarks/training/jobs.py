"""The jobs that are timed, and how much faster than its peers the training loop is meant to do them."""

from dataclasses import dataclass
from typing import Final

from benchmarks.training.peers import JAX, NUMPY, OURS, SKLEARN, STOCK, TORCH, Peer
from benchmarks.training.report import Kind, Report
from benchmarks.training.tasks import BOSTON, Job

SMALL: Final = Job("linear", BOSTON, 40, 200)
SEEDS: Final = Job("linear", BOSTON, 40, 200, runs=64)
ONE_HIDDEN: Final = Job("one_hidden", BOSTON, 40, 200)
TWO_HIDDEN: Final = Job("two_hidden", BOSTON, 40, 200)
LARGE: Final = Job("linear", 500_000, 40, 5)
LARGE_BATCHES: Final = Job("linear", 500_000, 1_000, 5)
SINGLE_ROWS: Final = Job("linear", 500_000, 1, 1)
SIZES: Final = (SMALL, Job("linear", 5_000, 40, 20), Job("linear", 50_000, 40, 10), LARGE)
"""The jobs of the picture."""

JOBS: Final = (*SIZES, LARGE_BATCHES, SINGLE_ROWS, ONE_HIDDEN, TWO_HIDDEN, SEEDS)


@dataclass(frozen=True)
class Target:
    """How many times faster than a `peer` an epoch of a job is to be; `LEVEL` allows for what rounds differ by."""

    job: Job
    peer: Peer
    times: float
    kind: Kind = "later runs"

    def measured(self, report: Report) -> float | None:
        """How many times faster it is, or None where the peer was not there."""
        ours, theirs = (report.per_epoch(self.job, peer, self.kind) for peer in (OURS, self.peer))
        return theirs / ours if ours and theirs else None


@dataclass(frozen=True)
class Limit:
    """How many seconds a job may take."""

    job: Job
    seconds: float
    kind: Kind

    def measured(self, report: Report) -> float | None:
        """How many seconds it takes."""
        timing = report.timing(self.job, OURS, self.kind)
        return timing.median if timing else None


LEVEL: Final = 0.95
TARGETS: Final = (
    Target(SMALL, STOCK, 2_000),
    Target(SMALL, NUMPY, 2.5),
    Target(SMALL, JAX, 0.5),
    Target(SMALL, STOCK, 20, "first run"),
    Target(ONE_HIDDEN, NUMPY, 1.3),
    Target(ONE_HIDDEN, TORCH, 4),
    Target(TWO_HIDDEN, NUMPY, 1.3),
    Target(TWO_HIDDEN, TORCH, 4),
    Target(LARGE, NUMPY, 3),
    Target(LARGE, SKLEARN, 2),
    Target(LARGE, TORCH, 20),
    Target(LARGE, JAX, LEVEL),
    Target(LARGE_BATCHES, NUMPY, 2),
    Target(LARGE_BATCHES, SKLEARN, 3),
    Target(LARGE_BATCHES, JAX, 1.1),
    Target(SINGLE_ROWS, NUMPY, 1),
    Target(SINGLE_ROWS, TORCH, 1),
)
FIRST_RUN: Final = Limit(SMALL, 0.5, "first run")
