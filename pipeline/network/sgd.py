"""Stochastic gradient descent in numpy: how many updates an epoch has, and one update as Keras's SGD does it."""

import numpy as np

from pipeline.arrays import Floats


def updates_per_epoch(rows: int, batch_size: int) -> int:
    """How many batches an epoch over so many rows has; the last may be smaller."""
    return -(-rows // min(batch_size, rows))


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
