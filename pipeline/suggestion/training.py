"""A batch size, a learning rate and a number of epochs with which a first run comes close to least squares."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from pipeline.arrays import Floats, round_numbers, sample_of
from pipeline.network.limits import Limits, learning_rate_limits
from pipeline.network.linear import Optimum, hessian
from pipeline.network.sgd import updates_per_epoch
from pipeline.params import Train
from pipeline.tables.preparation import Rows

_NOISE: Final = 0.005
"""The share of the least loss that the noise of the batches may add in the end."""

_UNFINISHED: Final = 0.0015
"""The share of the target's variance by which the loss may still fall, batches aside."""

_OF_LIMIT: Final = 1 / 3
"""So much of the largest stable learning rate: near it descent is stable, and no more than that."""

_BATCHES: Final = tuple(2**power for power in range(2, 13))
_RATES: Final = tuple(round_numbers(range(-12, 1), (1, 2, 5)))
_EPOCHS: Final = (50, 100, 200, 500, 1_000, 2_000)
_MAX_RECORDED: Final = 5_000_000
"""Weights that are written down, each after every update."""

_MAX_WORK: Final = 1.5e10
"""Multiplications that a processor does in about ten seconds."""

_MANY_ROWS: Final = 100_000
_SAMPLE: Final = 2**15
_LITTLE_WORK: Final = 5e8


@dataclass(frozen=True)
class Pace:
    """How to descend. `limit` is the largest stable learning rate, with all rows in an update or with these batches.

    `left` is the share of the target's variance by which the loss can still fall in the end, in theory.
    """

    batch_size: int
    learning_rate: float
    epochs: int
    limit: float
    left: float

    @classmethod
    def of(cls, rows: Rows, settings: Train) -> Self:
        """Choose for the training `rows`, on which `settings` descend with a linear model on the squared error.

        The stationary distribution of SGD near the optimum has the excess loss
        rate / batch size * (inputs + 1) * least loss, for normalized inputs; source: Mandt, Hoffman and Blei,
        "Stochastic Gradient Descent as Approximate Bayesian Inference" (2017), equation 13. Without that noise the
        distance along an eigenvector of the Hessian falls by the factor 1 - rate * eigenvalue with every update.
        """
        count, inputs = rows.features.shape
        values, directions = np.linalg.eigh(hessian(rows.features))
        distances = directions.T @ Optimum.of(rows.features, rows.target).parameters
        whole = 2 / float(values[-1])
        square = float(np.mean(np.sum(rows.features**2, axis=1))) + 1
        wanted = _OF_LIMIT * whole * square / _NOISE
        fitting = [size for size in _BATCHES if size <= max(count / 4, 1)] or [min(_BATCHES[0], count)]
        batch_size = next((size for size in fitting if size >= wanted), fitting[-1])
        limits = _limits(rows.features, settings.model_copy(update={"batch_size": batch_size}))
        limit = min(limits.full_batch, limits.minibatch) if limits else whole
        most = min(_OF_LIMIT * limit, _NOISE * batch_size / square)
        rate = max((each for each in _RATES if each <= most), default=_RATES[0])
        updates = updates_per_epoch(count, batch_size)

        def left(epochs: int) -> float:
            factors = (1 - rate * values) ** (2.0 * updates * epochs)
            return float(values * distances**2 / 2 @ factors) / (float(np.var(rows.target)) or 1.0)

        affordable = min(_MAX_RECORDED / (updates * (inputs + 1)), _MAX_WORK / (count * (inputs + 1) * 6))
        choices = [epochs for epochs in _EPOCHS if epochs <= affordable] or [max(1, int(affordable))]
        epochs = next((each for each in choices if left(each) <= _UNFINISHED), choices[-1])
        return cls(batch_size, rate, epochs, limit, left(epochs))


def _limits(features: Floats, settings: Train) -> Limits | None:
    """The limits of the learning rate; for many rows (rows, features) those of a sample, measured in shorter runs."""
    if len(features) <= _MANY_ROWS:
        return learning_rate_limits(features, settings)
    return learning_rate_limits(features[sample_of(len(features), _SAMPLE)], settings, _LITTLE_WORK)
