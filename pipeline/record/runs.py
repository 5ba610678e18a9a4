"""What a run is: its epochs, and what is kept of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.arrays import Floats, rounded
from pipeline.network.layers import Layer, predict
from pipeline.tables.preparation import PreparedData

Status = Literal["completed", "stopped_early", "diverged"]

DIGITS: Final = 9
"""The significant digits of a prediction: more than float32 weights carry, fewer than differ between processors."""


def ending(status: Status, epochs_run: int) -> str:
    """How a run ended, in words: `stopped early after 1 epoch`."""
    return f"{status.replace('_', ' ')} after {epochs_run} epoch{'' if epochs_run == 1 else 's'}"


@dataclass(frozen=True)
class Epoch:
    """One pass over the training rows.

    `batch_losses` (updates,) are the mean losses of the batches, each measured just before its update, and
    `training_loss` is their mean, weighted by the rows of each batch, as Keras reports it; `validation_loss` is
    measured after the last update. `weights` (updates, parameters) are flat, in float32, after every update for the
    linear model and after the last one for the others. The first epoch, which is epoch 0 of a run from random weights,
    is the state before any update, with both losses measured there and no batches. An epoch that ended in a number that
    is not finite has no weights.
    """

    number: int
    training_loss: float
    validation_loss: float
    weights: NDArray[np.float32]
    batch_losses: Floats = field(default_factory=lambda: np.empty(0))

    def without_batches(self) -> Self:
        """The same epoch without its `batch_losses`, which take more memory than all else where batches are small."""
        return replace(self, batch_losses=self.batch_losses[:0].copy())

    @property
    def diverged(self) -> bool:
        """Whether a loss or a weight is no longer a finite number."""
        return len(self.weights) == 0


@dataclass(frozen=True)
class Run:
    """A finished run.

    `history` has a row per epoch (epoch, training_loss, validation_loss; not finite where it diverged). `weights`
    (updates, parameters) in float32 are the path from the initial weights to the result, `epochs` (updates,) the
    epoch of each. `layers` say how a row of `weights` is laid out.
    """

    status: Status
    history: pd.DataFrame
    epochs: NDArray[np.int32]
    weights: NDArray[np.float32]
    layers: tuple[Layer, ...]

    @property
    def result(self) -> NDArray[np.float32]:
        """The weights (parameters,) that the run ended with: those of the last finite epoch."""
        last: NDArray[np.float32] = self.weights[-1]
        return last

    @property
    def epochs_run(self) -> int:
        """The number of the last epoch that was begun, a diverged one included."""
        return int(self.history["epoch"].iloc[-1])

    def predictions(self, data: PreparedData) -> pd.DataFrame:
        """Predict every row of the table: row, part, actual, predicted, residual (actual - predicted)."""
        predicted = rounded(predict(self.layers, self.result, data.features), DIGITS)
        return pd.DataFrame(
            {
                "row": np.arange(len(data.target)),
                "part": data.split.part_of_each_row(),
                "actual": data.target,
                "predicted": predicted,
                "residual": rounded(data.target - predicted, DIGITS),
            }
        )


def collect(epochs: Iterable[Epoch], layers: Sequence[Layer], planned: int) -> Run:
    """Exhaust an iterator of epochs and keep what is recorded; `planned` epochs make the run complete."""
    kept = [epoch.without_batches() for epoch in epochs]
    last = kept[-1]
    return Run(
        status="diverged" if last.diverged else "completed" if last.number == planned else "stopped_early",
        history=pd.DataFrame(
            {
                "epoch": [epoch.number for epoch in kept],
                "training_loss": [epoch.training_loss for epoch in kept],
                "validation_loss": [epoch.validation_loss for epoch in kept],
            }
        ),
        epochs=np.repeat([epoch.number for epoch in kept], [len(epoch.weights) for epoch in kept]).astype(np.int32),
        weights=np.concatenate([epoch.weights for epoch in kept]),
        layers=tuple(layers),
    )
