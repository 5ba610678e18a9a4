"""What to train: a run, with its settings and table, or a sweep of many runs that differ in a few values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from dashboard.record.prepared import PreparedRows
from dashboard.record.snapshot import Record
from dashboard.record.source import Source
from pipeline.arrays import Floats
from pipeline.network.sgd import updates_per_epoch
from pipeline.params import Normalize, Train
from pipeline.record.start import RunKind, Start, obstacle, position
from pipeline.safety.errors import UserError
from pipeline.safety.files import sha256
from pipeline.sweep.chunks import estimated_seconds
from pipeline.tables.splits import check_batch_size

MAX_BATCH_LOSSES: Final = 100_000
MAX_SECONDS: Final = 60.0
"""How long a sweep may take, by the estimate of `max_runs`."""


@dataclass(frozen=True, eq=False)
class Plan:
    """A run to train: the settings of two sections, where the raw table lies, and the `data` that they make of it.

    It begins with random weights, or goes on from the `origin`: a moment of another run, which is known or is to be
    computed. `shape` are the sizes that determine, together with the settings, which program is compiled. A worker gets
    a plan without the data, which may be large, and reads them itself; see `read_prepared`.
    """

    train: Train
    normalize: Normalize
    source: Source
    shape: Mapping[str, int]
    data: PreparedRows
    origin: "Origin" = None

    @classmethod
    def of(cls, train: Train, normalize: Normalize, record: Record, origin: "Origin" = None) -> Self:
        """Prepare the raw table of a record as the stage normalize does.

        Raises `UserError` for what that stage would refuse, for a batch larger than the training rows, and for a
        branch that cannot go on from its origin.
        """
        data = record.prepared(normalize)
        check_batch_size(train.batch_size, len(data.split.train))
        split = data.split
        shape = {"rows": len(split.train), "validation_rows": len(split.validation), "features": len(data.names)}
        plan = cls(train, normalize, record.source, shape, data, origin)
        if origin and (problem := obstacle(origin.kind, origin.epoch, plan.kind, train.epochs)):
            raise UserError(f"this branch cannot go on: {problem}; choose that again, or begin with random weights")
        return plan

    def __getstate__(self) -> dict[str, Any]:
        """Leave the data behind, on the way to a worker."""
        return {**vars(self), "data": None}

    @property
    def kind(self) -> RunKind:
        """What a branch of it has in common with it."""
        return RunKind.of(self.train, self.data.target_name, self.data.names, self.data.split.train)

    @property
    def updates_per_epoch(self) -> int:
        """How many batches an epoch has; the last may be smaller."""
        return updates_per_epoch(self.shape["rows"], self.train.batch_size)

    @property
    def epochs_in_detail(self) -> range:
        """The epochs of which a worker reports the loss of every batch: all, or every so many, or none if too large."""
        every = 1 + self.train.epochs * self.updates_per_epoch // MAX_BATCH_LOSSES
        return range(1, 1 + self.train.epochs if every <= self.train.epochs else 1, every)


@dataclass(frozen=True, eq=False)
class Branch:
    """The moment after `update` updates of a run that was trained as `parent` says.

    `parent_sha256` is the hash of its weights, `name` is what pages call the run. `last_two` (2, parameters) are its
    weights before that update and after it, to forecast with, where they are known.
    """

    name: str
    parent: Plan
    update: int
    parent_sha256: str
    last_two: Floats | None = None

    @property
    def position(self) -> tuple[int, int]:
        """How many epochs are complete then, and how many rows of the next are done."""
        start = self.parent.origin if isinstance(self.parent.origin, Start) else None
        return position(self.update, start, self.parent.shape["rows"], self.parent.train.batch_size)

    @property
    def epoch(self) -> int:
        """How many epochs are complete then."""
        return self.position[0]

    @property
    def kind(self) -> RunKind:
        """What a branch has in common with the run."""
        return self.parent.kind


Origin = Start | Branch | None
"""Where a run begins: at a known moment of another run, at one that is to be computed, or with random weights."""


@dataclass(frozen=True)
class Variation:
    """What varies from run to run: the seed of weights and batches, the seed of the split, and the learning rate."""

    seed: int
    split_seed: int
    learning_rate: float


@dataclass(frozen=True, eq=False)
class SweepPlan:
    """Runs to train one after another; `plan` holds what they share."""

    plan: Plan
    variations: Sequence[Variation]

    @property
    def key(self) -> str:
        """The same for every plan of these runs."""
        plan = self.plan
        origin = plan.origin and (plan.origin.update, plan.origin.parent_sha256)
        settings = (plan.train, plan.normalize, plan.source.raw_sha256, list(self.variations), origin)
        return sha256(repr(settings).encode())


def max_runs(plan: Plan) -> int:
    """The largest number of such runs in a sweep: as many as are estimated to take a minute, and at least one."""
    seconds = estimated_seconds(plan.train, plan.shape["rows"], plan.shape["features"])
    return max(1, int(MAX_SECONDS / seconds))
