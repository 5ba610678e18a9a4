"""One update of SGD on the linear model, row by row: from the rows that are drawn to the loss after the step."""

from dataclasses import dataclass
from itertools import islice
from typing import Final, Self

import numpy as np

from dashboard.lessons.stepper import path, steps
from dashboard.lessons.surfaces import RowNumbers, Surface
from pipeline.arrays import Floats
from pipeline.network.initial import initial_linear_weights
from pipeline.network.linear import design_matrix
from pipeline.network.losses import LOSSES
from pipeline.network.sgd import update, updates_per_epoch
from pipeline.params import Train
from pipeline.record.start import Start, position
from pipeline.tables.preparation import Rows

MAX_ROWS_TAKEN: Final = 10_000_000
"""How many rows the updates that a page follows take at most, all in all."""


@dataclass(frozen=True)
class Step:
    """One update, and all that leads to it. Weights are one per feature, then the bias: (parameters,).

    `rows` (batch,) are positions among the training rows; `features` (batch, features) and the arrays (batch,) follow
    them. `velocity` is what momentum carries over from the update before, `new_velocity` to the next; the schedule
    gives the `learning_rate`.
    """

    rows: RowNumbers
    features: Floats
    target: Floats
    predictions: Floats
    errors: Floats
    losses: Floats
    gradient: Floats
    learning_rate: float
    velocity: Floats
    new_velocity: Floats
    before: Floats
    after: Floats

    @property
    def loss(self) -> float:
        """The mean loss of the batch before the update."""
        return float(self.losses.mean())


@dataclass(frozen=True)
class Course:
    """A run of the linear model: the rows it descends on, its settings, and its weights (updates + 1, parameters).

    Row 0 of `weights` is where it begins: at random weights, or at the `start` of a branch. Row n is what update n of
    this run left. Updates count from 1, as do epochs and batches. `whole` are rows with the loss of all training rows,
    where it takes fewer to measure that.
    """

    train: Rows
    settings: Train
    weights: Floats
    start: Start | None = None
    whole: Rows | None = None

    @classmethod
    def walk(
        cls, train: Rows, settings: Train, updates: int, start: Start | None = None, whole: Rows | None = None
    ) -> Self:
        """Do `updates` updates from where `descend` begins; stop before the first that is not finite."""
        place = start.weights if start else initial_linear_weights(train.features.shape[1], settings.seed)
        surface = Surface.of(train.features, train.target, settings.loss)
        return cls(train, settings, path(surface, place, settings, updates, start)[0], start, whole)

    @property
    def surface(self) -> Surface:
        """The loss over all weights."""
        rows = self.whole or self.train
        return Surface.of(rows.features, rows.target, self.settings.loss)

    @property
    def updates(self) -> int:
        """How many updates are known."""
        return len(self.weights) - 1

    @property
    def batches_per_epoch(self) -> int:
        """How many updates an epoch has; the last batch may be smaller."""
        return updates_per_epoch(len(self.train.target), self.settings.batch_size)

    def place(self, update: int) -> tuple[int, int, int]:
        """The epoch and the batch of an update, and how many batches that epoch has."""
        start, size, rows = self.start, self.settings.batch_size, len(self.train.target)
        epoch, used = position(update - 1 + (start.update if start else 0), start, rows, size)
        if start and start.rows and epoch == start.epoch:  # an epoch that the parent began, perhaps in other batches
            before = -(-start.rows // size)
            return epoch + 1, before + update, before + start.updates_left(size)
        return epoch + 1, used // size + 1, self.batches_per_epoch

    def step(self, update: int) -> Step:
        """Look at one update, from 1 to `updates`.

        It begins at the weights that the update before left. Momentum is followed from far enough back that what came
        before no longer shows in 16 digits.
        """
        memory = self.settings.momentum
        back = 0 if memory == 0 else int(np.ceil(np.log(1e-17) / np.log(memory)))
        first = max(1, update - back)
        velocity = self.start.velocity if self.start and first == 1 else np.zeros_like(self.weights[0])
        drawn = steps(len(self.train.target), self.settings, self.start)
        for number, (rows, rate) in enumerate(islice(drawn, update), 1):
            if number >= first:
                step = self._take_step(rows, rate, self.weights[number - 1], velocity)
                velocity = step.new_velocity
        return step

    def row_gradients(self, weights: Floats, at: int) -> Floats:
        """The gradients (rows,) of each training row's own loss, by the weight number `at`, at `weights`."""
        rows = self.train
        slopes = LOSSES[self.settings.loss].slope(rows.features @ weights[:-1] + weights[-1] - rows.target)
        return slopes if at == len(weights) - 1 else slopes * rows.features[:, at]

    def losses(self, step: Step) -> Floats:
        """The mean loss (2, 2) before and after a step: in row 0 on its batch, in row 1 on all rows."""
        batch = Surface.of(step.features, step.target, self.settings.loss)
        both = np.array([step.before, step.after])
        return np.array([batch.losses(both), self.surface.losses(both)])

    def _take_step(self, rows: RowNumbers, rate: float, weights: Floats, velocity: Floats) -> Step:
        """One update of Keras's SGD on some rows, with momentum and Nesterov's form of it where they are set."""
        features, target, settings = self.train.features[rows], self.train.target[rows], self.settings
        predictions = design_matrix(features) @ weights
        errors = predictions - target
        losses = LOSSES[settings.loss].value(errors)
        gradient = Surface.of(features, target, settings.loss).row_gradients(weights).mean(axis=0)
        after, moved = update(weights, velocity, gradient, rate, settings.momentum, settings.nesterov)
        return Step(
            rows, features, target, predictions, errors, losses, gradient, rate, velocity, moved, weights, after
        )
