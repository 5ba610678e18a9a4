"""What to train: a run, with its settings and table, or a sweep of many runs that differ in a few values."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pandas as pd

from pipeline.network.layers import Layer, Weights, predict
from pipeline.network.sgd import updates_per_epoch
from pipeline.params import HIDDEN_UNITS, LossName, Normalize, Train
from pipeline.record.metrics import mean_loss
from pipeline.safety.files import sha256
from pipeline.tables.preparation import PreparedData, prepare
from pipeline.tables.splits import check_batch_size

MAX_BATCH_LOSSES: Final = 100_000
MAX_SECONDS: Final = 60.0
"""How long a sweep may take, by the estimate of `max_runs`."""


@dataclass(frozen=True, eq=False)
class Plan:
    """A run to train: the settings of two sections, the raw table, and the `data` that they prepare from it."""

    train: Train
    normalize: Normalize
    table: pd.DataFrame
    tfjs_test_rows: tuple[int, ...]
    data: PreparedData

    @classmethod
    def of(cls, train: Train, normalize: Normalize, table: pd.DataFrame, tfjs_test_rows: Sequence[int]) -> Self:
        """Prepare the raw `table` (rows, columns) as the stage normalize does.

        Raises `UserError` for what that stage would refuse, and for a batch larger than the training rows.
        """
        data = prepare(table, normalize, tfjs_test_rows)
        check_batch_size(train.batch_size, len(data.split.train))
        return cls(train, normalize, table[[*data.names, data.target_name]], tuple(tfjs_test_rows), data)

    @property
    def shape(self) -> dict[str, int]:
        """The sizes that determine, together with the settings, which program is compiled."""
        split = self.data.split
        return {"rows": len(split.train), "validation_rows": len(split.validation), "features": len(self.data.names)}

    @property
    def updates_per_epoch(self) -> int:
        """How many batches an epoch has; the last may be smaller."""
        return updates_per_epoch(len(self.data.split.train), self.train.batch_size)

    @property
    def epochs_in_detail(self) -> range:
        """The epochs of which a worker reports the loss of every batch: all, or every so many, or none if too large."""
        every = 1 + self.train.epochs * self.updates_per_epoch // MAX_BATCH_LOSSES
        return range(1, 1 + self.train.epochs if every <= self.train.epochs else 1, every)

    def training_loss(self, layers: Sequence[Layer], weights: Weights, loss: LossName) -> float:
        """The loss of all training rows with these weights; infinite where it is too large for a float."""
        rows = self.data.part("train")
        with np.errstate(over="ignore"):
            return mean_loss(loss, rows.target, predict(layers, weights, rows.features))


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
        settings = (plan.train, plan.normalize, list(plan.table), plan.tfjs_test_rows, list(self.variations))
        return sha256(repr(settings).encode() + plan.table.to_numpy().tobytes())


def max_runs(plan: Plan) -> int:
    """The largest number of such runs in a sweep: as many as are estimated to take a minute, and at least one.

    The estimate is made of times that an epoch, an update and a row take on a laptop's processor. Every model with
    hidden layers counts as one with two.
    """
    settings, rows, features = plan.train, plan.shape["rows"], plan.shape["features"]
    weights = features + 1 if settings.model == "linear" else HIDDEN_UNITS * (features + HIDDEN_UNITS + 2)
    seconds = settings.epochs * (25e-6 + plan.updates_per_epoch * 1e-6 + rows * (2e-8 + weights * 4e-10))
    return max(1, int(MAX_SECONDS / seconds))
