"""What a run is: its epochs, and what is kept of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.arrays import Floats
from pipeline.network.layers import Layer, is_linear
from pipeline.tables.names import counted

Status = Literal["completed", "stopped_early", "diverged"]


MAX_PATH: Final = 100_000
"""The most weights that are kept of a run."""


def path_interval(updates: int, epochs: int) -> int:
    """Every how many updates the weights are kept of a run that is to have so many, besides those after each epoch.

    All are kept where there are no more than `MAX_PATH`, the first weights included.
    """
    return 1 if updates < MAX_PATH else -(-updates // (MAX_PATH - 1 - epochs))


def ending(status: Status, epochs_run: int) -> str:
    """How a run ended, in words: `stopped early after 1 epoch`."""
    return f"{status.replace('_', ' ')} after {counted(epochs_run, 'epoch')}"


@dataclass(frozen=True)
class Epoch:
    """One pass over the training rows.

    `batch_losses` (updates,) are the mean losses of the batches, each measured just before its update, and
    `training_loss` is their mean, weighted by the rows of each batch, as Keras reports it; `validation_loss` is
    measured after the last update. `weights` (kept, parameters) are flat, in float32: for the linear model after every
    update, or after those that `path_interval` leaves, and after the last one for the others. `after` (kept,) are the
    numbers of these updates, counted from the first weights of the run. The first epoch, which is epoch 0 of a run from
    random weights, is the state before any update, with both losses measured there and no batches. An epoch that ended
    in a number that is not finite has no weights. One that was read from the disk in blocks has no `batch_losses`.
    """

    number: int
    training_loss: float
    validation_loss: float
    weights: NDArray[np.float32]
    after: NDArray[np.int64]
    batch_losses: Floats = field(default_factory=lambda: np.empty(0))

    def without_batches(self) -> Self:
        """The same epoch without its `batch_losses`, which take more memory than all else where batches are small."""
        return type(self)(self.number, self.training_loss, self.validation_loss, self.weights, self.after)

    @property
    def diverged(self) -> bool:
        """Whether a loss or a weight is no longer a finite number."""
        return len(self.weights) == 0


@dataclass(frozen=True)
class Run:
    """A finished run.

    `history` has a row per epoch (epoch, training_loss, validation_loss; not finite where it diverged). `weights`
    (kept, parameters) in float32 are the path from the initial weights to the result, `epochs` (kept,) the epoch of
    each, and `updates` (kept,) the update after which it holds, from 0 on: all updates of a linear model, or at most
    `MAX_PATH` of them, and the last of each epoch of the others. `layers` say how a row of `weights` is laid out.
    """

    status: Status
    history: pd.DataFrame
    epochs: NDArray[np.int32]
    updates: NDArray[np.int64]
    weights: NDArray[np.float32]
    layers: tuple[Layer, ...]

    @property
    def result(self) -> NDArray[np.float32]:
        """The weights (parameters,) that the run ended with: those of the last finite epoch."""
        last: NDArray[np.float32] = self.weights[-1]
        return last

    def after(self, epoch: int) -> NDArray[np.float32]:
        """The weights (parameters,) after an epoch, or where a branch that begins in it begins."""
        last: NDArray[np.float32] = self.weights[np.searchsorted(self.epochs, epoch, side="right") - 1]
        return last

    @property
    def last_epoch(self) -> int:
        """How many epochs led to `result`; one that diverged is none of them."""
        return int(self.epochs[-1])

    @property
    def is_linear(self) -> bool:
        """Whether the model is linear in its inputs, without hidden layers."""
        return is_linear(self.layers)

    @property
    def is_whole(self) -> bool:
        """Whether `weights` are those of every update."""
        return bool(np.array_equal(self.updates, np.arange(len(self.updates))))

    @property
    def epochs_run(self) -> int:
        """The number of the last epoch that was begun, a diverged one included."""
        return int(self.history["epoch"].iloc[-1])


def status_of(last: Epoch, planned: int) -> Status:
    """How a run of `planned` epochs ended, by its last one."""
    return "diverged" if last.diverged else "completed" if last.number == planned else "stopped_early"


def collect(epochs: Iterable[Epoch], layers: Sequence[Layer], planned: int) -> Run:
    """Exhaust an iterator of epochs and keep what is recorded; `planned` epochs make the run complete."""
    kept = [epoch.without_batches() for epoch in epochs]
    return Run(
        status=status_of(kept[-1], planned),
        history=pd.DataFrame(
            {
                "epoch": [epoch.number for epoch in kept],
                "training_loss": [epoch.training_loss for epoch in kept],
                "validation_loss": [epoch.validation_loss for epoch in kept],
            }
        ),
        epochs=np.repeat([epoch.number for epoch in kept], [len(epoch.weights) for epoch in kept]).astype(np.int32),
        updates=np.concatenate([epoch.after for epoch in kept]),
        weights=np.concatenate([epoch.weights for epoch in kept]),
        layers=tuple(layers),
    )
