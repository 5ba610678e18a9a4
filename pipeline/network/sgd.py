"""Stochastic gradient descent in numpy: an update as Keras's SGD does it, and how an epoch's updates are counted."""

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.arrays import Floats, rounded
from pipeline.params import Schedule, Train

_DIGITS: Final = 6
"""Of a learning rate that a schedule gives: the last digits of a cosine differ between processors."""


def updates_per_epoch(rows: int, batch_size: int) -> int:
    """How many batches an epoch over so many rows has; the last may be smaller."""
    return -(-rows // min(batch_size, rows))


def row_orders(rows: int, seed: int, skip: int = 0) -> Iterator[NDArray[np.int64]]:
    """The order (rows,) in which SGD takes the rows in epoch `skip` + 1, `skip` + 2, ... for this seed."""
    generator = np.random.default_rng(seed)
    for _ in range(skip):
        generator.permutation(rows)
    while True:
        yield generator.permutation(rows)


def learning_rates(settings: Train, epochs: NDArray[np.int64]) -> Floats:
    """The learning rate (epochs,) in each of these epochs, of which 1 is the first, by the schedule of `settings`.

    Before epoch e, t = e - 1 epochs are done, and `decay_epochs` is d. inverse_time: 1 / (1 + t / d) of the learning
    rate, which is Robbins and Monro's 1/t (1951) once t is large; step: 1/2 to the power of t / d, rounded down;
    cosine: (1 + cos(pi t / epochs)) / 2, Loshchilov and Hutter (2017), equation 5, without restarts. Rates that are
    not constant have six significant digits.
    """
    done, half = np.asarray(epochs, np.float64) - 1, settings.decay_epochs
    if settings.schedule == "constant":
        return np.full(len(done), settings.learning_rate)
    shares: dict[Schedule, Floats] = {
        "inverse_time": 1 / (1 + done / half),
        "step": 0.5 ** np.floor(done / half),
        "cosine": (1 + np.cos(np.pi * done / settings.epochs)) / 2,
    }
    return rounded(settings.learning_rate * shares[settings.schedule], _DIGITS)


def running_average(batch_losses: Floats, batch_size: int, rows: int) -> Floats:
    """Average the losses (updates,) of an epoch up to and including each batch, weighted by the rows of the batches.

    This is what Keras's `fit` prints while the epoch runs.
    """
    seen = np.minimum(batch_size * np.arange(1, len(batch_losses) + 1), rows)
    average: Floats = np.cumsum(np.diff(seen, prepend=0) * batch_losses) / seen
    return average


def update(
    weights: Floats, velocity: Floats, gradient: Floats, learning_rate: float | Floats, momentum: float, nesterov: bool
) -> tuple[Floats, Floats]:
    """Take one step and return the new weights and the new velocity, each shaped as `weights`.

    Several learning rates at once are an array that broadcasts against the weights.

    velocity = momentum * velocity - learning_rate * gradient; weights += velocity, or with Nesterov's look-ahead
    momentum * velocity - learning_rate * gradient. Source: Sutskever et al. (2013), as in keras.optimizers.SGD.
    """
    momentum = float(np.float32(momentum))  # Keras rounds it so, whatever the weights' precision
    step = learning_rate * gradient
    velocity = momentum * velocity - step
    return weights + (momentum * velocity - step if nesterov else velocity), velocity
