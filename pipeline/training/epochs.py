"""Epochs as a run keeps them: the weights after which updates, and whether all numbers are finite."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pipeline.arrays import Floats
from pipeline.params import Train
from pipeline.record.runs import Epoch
from pipeline.record.start import Start, kept_every

Path = tuple[NDArray[np.float32], NDArray[np.int64]]


@dataclass
class PathKeeper:
    """Counts the updates of a run, and keeps the weights after every `interval` of them and after each epoch.

    Without an interval only those after each epoch are kept.
    """

    interval: int | None
    updates: int = 0

    @classmethod
    def of(cls, settings: Train, start: Start | None, rows: int) -> "PathKeeper":
        """Keep the path of a run on so many training rows that begins at `start`, or with random weights."""
        return cls(kept_every(settings, start, rows) if settings.is_linear else None)

    def take(self, weights: NDArray[np.float32], updates: int, ends_epoch: bool = True) -> Path:
        """Count so many more updates; return the weights (kept, parameters) to keep, and the numbers of their updates.

        `weights` are those after each of these updates, or after the last one alone.
        """
        self.updates += updates
        numbers = np.arange(self.updates - len(weights), self.updates) + 1
        if self.interval == 1:
            return weights, numbers
        kept = numbers % self.interval == 0 if self.interval else np.zeros(len(numbers), np.bool_)
        kept[-1] |= ends_epoch
        return weights[kept], numbers[kept]


def first_epoch(number: int, losses: Sequence[float], weights: Floats) -> Epoch:
    """The epoch that is yielded first: nothing is trained, and these weights (parameters,) have these two losses."""
    training_loss, validation_loss = losses
    path = weights.astype(np.float32)[np.newaxis], np.zeros(1, np.int64)
    return epoch_of(number, training_loss, validation_loss, path)


def epoch_of(number: int, training_loss: Any, validation_loss: Any, path: Path, batch_losses: Any = ()) -> Epoch:
    """An epoch with its path; one in which a number is not finite keeps no weights."""
    weights, after = path
    losses = float(training_loss), float(validation_loss)
    if not (all(map(math.isfinite, losses)) and np.isfinite(weights).all()):
        weights, after = weights[:0], after[:0]
    return Epoch(number, *losses, weights, after, np.asarray(batch_losses, np.float64))


def sum_of_losses(before: float, batch_losses: Floats, batch_size: int, rows: int) -> float:
    """Add the losses (updates,) of the batches that `rows` rows make, each times its rows, to those `before`."""
    total = before
    for number, loss in enumerate(batch_losses):
        total += min(batch_size, rows - number * batch_size) * float(loss)
    return total
