"""A run that has ended, recorded or tried on a page: it can be drawn, and others can go on from it."""

from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from dashboard.live.jobs import Job
from dashboard.live.plans import Branch, Plan
from dashboard.record.snapshot import Record
from dashboard.text.numbers import format_number
from pipeline.network.layers import Layer, Weights
from pipeline.record.schemas import Metrics
from pipeline.record.start import Start, position, updates_between


def name_of(record: Record) -> str:
    """What an address calls the recorded run: another record has another name."""
    return record.training.weights_sha256[:12]


@dataclass(frozen=True, eq=False)
class EndedRun:
    """A run, its name in an address, how it was trained, and the hash of its weights.

    `path` (kept, parameters) are its weights after the `updates` (kept,), or none with hidden layers.
    """

    name: str
    plan: Plan
    layers: tuple[Layer, ...]
    path: Weights | None
    updates: NDArray[np.int64]
    metrics: Metrics
    sha256: str

    @classmethod
    def of_recorded(cls, record: Record) -> Self:
        """The recorded run."""
        facts, run = record.training, record.run
        plan = Plan.of(facts.settings, record.data.settings, record, facts.start)
        path = run.weights if facts.settings.is_linear else None
        return cls(name_of(record), plan, run.layers, path, run.updates, record.metrics, facts.weights_sha256)

    @classmethod
    def of_job(cls, job: Job) -> Self | None:
        """A tried run; `None` while it has no result."""
        progress = job.poll()
        if (result := progress.result) is None:
            return None
        path = result.path if job.plan.train.is_linear else None
        plan = replace(job.plan, origin=result.start)
        digest = result.metrics.weights_sha256
        return cls(job.id, plan, progress.layers, path, result.updates, result.metrics, digest)

    @property
    def start(self) -> Start | None:
        """Where it began, if it is a branch of another."""
        return self.plan.origin if isinstance(self.plan.origin, Start) else None

    @property
    def _sizes(self) -> tuple[int, int]:
        return len(self.plan.data.split.train), self.plan.train.batch_size

    @property
    def first(self) -> int:
        """The update that it began after, counted from random weights."""
        return self.start.update if self.start else 0

    @property
    def last(self) -> int:
        """The last update after which its numbers are finite."""
        epochs = self.metrics.epochs_run - (self.metrics.status == "diverged")
        return self.first + updates_between(self.start, epochs, *self._sizes)

    def at(self, update: int) -> Branch:
        """The moment after an update."""
        now, last_two = self._weights(update), None
        before = now if update == self.first else self._weights(update - 1)
        if now is not None and before is not None:
            last_two = np.array([before, now], np.float64)
        return Branch(self.name, self.plan, update, self.sha256, last_two)

    def _weights(self, update: int) -> Weights | None:
        """The weights (parameters,) after an update, if they are kept."""
        place = int(np.searchsorted(self.updates, update - self.first))
        kept = self.path is not None and place < len(self.updates) and self.updates[place] == update - self.first
        return self.path[place] if kept and self.path is not None else None

    def describe(self, update: int) -> str:
        """Say where in the run an update is, and what the loss is after it."""
        rows, _ = self._sizes
        if update == self.first:
            same = "From where this branch began" if self.start else "From the same random weights"
            return f"{same}, and with the rows in the same order."
        epoch, used = position(update, self.start, *self._sizes)
        place = f"In epoch {epoch + 1:,}, after {used:,} of its {rows:,} rows" if used else f"After epoch {epoch:,}"
        text = f"{place}. A run from here is a branch: it goes on with these weights and the same order of the rows."
        if (weights := self._weights(update)) is not None:
            loss = self.plan.data.training_loss(self.layers, weights, self.plan.train.loss)
            text += f" The loss of all training rows is {format_number(loss, 4)} here."
        return text
