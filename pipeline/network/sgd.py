"""Stochastic gradient descent in numpy: an update as Keras's SGD does it, and how an epoch's updates are counted."""

import numpy as np

from pipeline.arrays import Floats


def updates_per_epoch(rows: int, batch_size: int) -> int:
    """How many batches an epoch over so many rows has; the last may be smaller."""
    return -(-rows // min(batch_size, rows))


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
