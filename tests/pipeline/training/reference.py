"""Stochastic gradient descent as one would write it on a blackboard: the plain loop that `descend` must equal."""

from collections.abc import Iterator, Sequence

import numpy as np

from pipeline.arrays import Floats
from pipeline.params import Train
from pipeline.tables.prepared import Rows


def reference(train: Rows, validation: Rows, settings: Train, weights: Sequence[Floats]) -> Iterator["State"]:
    """Yield the state before the first epoch and after each of `settings.epochs` epochs.

    `weights` are [kernel, bias, kernel, bias, ...] to begin with; every layer but the last has sigmoid units.
    """
    generator = np.random.default_rng(settings.seed)
    weights = [array.copy() for array in weights]
    velocities = [np.zeros_like(array) for array in weights]
    yield State(loss(weights, train, settings), loss(weights, validation, settings), [flat(weights)])
    for _ in range(settings.epochs):
        order = generator.permutation(len(train.target))
        losses, path = [], []
        for start in range(0, len(order), settings.batch_size):
            rows = order[start : start + settings.batch_size]
            batch = Rows(train.features[rows], train.target[rows])
            losses.append(loss(weights, batch, settings))
            for array, velocity, slope in zip(weights, velocities, gradient(weights, batch, settings), strict=True):
                step = settings.learning_rate * slope
                velocity *= settings.momentum
                velocity -= step
                array += settings.momentum * velocity - step if settings.nesterov else velocity
            path.append(flat(weights))
        sizes = [min(settings.batch_size, len(order) - start) for start in range(0, len(order), settings.batch_size)]
        yield State(np.average(losses, weights=sizes), loss(weights, validation, settings), path, losses)


class State:
    """Both losses of an epoch, the flat weights after each of its updates, the loss of each batch before its update."""

    def __init__(
        self, training_loss: float, validation_loss: float, path: list[Floats], batch_losses: Sequence[float] = ()
    ) -> None:
        self.training_loss, self.validation_loss, self.path = training_loss, validation_loss, np.array(path)
        self.batch_losses = np.array(batch_losses)


def forward(weights: Sequence[Floats], features: Floats) -> list[Floats]:
    """The values of every layer: [features, hidden, ..., output], each (rows, units)."""
    values = [features]
    for kernel, bias in zip(weights[::2], weights[1::2], strict=True):
        z = values[-1] @ kernel + bias
        values.append(z if kernel is weights[-2] else 1 / (1 + np.exp(-z)))
    return values


def loss(weights: Sequence[Floats], rows: Rows, settings: Train) -> float:
    """The mean squared or the mean absolute error."""
    error = forward(weights, rows.features)[-1][:, 0] - rows.target
    return float(np.mean(error**2 if settings.loss == "mse" else np.abs(error)))


def gradient(weights: Sequence[Floats], rows: Rows, settings: Train) -> list[Floats]:
    """The slope of the loss along every weight, by backpropagation."""
    *inputs, output = forward(weights, rows.features)
    error = output - rows.target[:, np.newaxis]
    delta = (2 * error if settings.loss == "mse" else np.sign(error)) / len(rows.target)
    slopes: list[Floats] = []
    for values, kernel in zip(reversed(inputs), reversed(weights[::2]), strict=True):
        slopes = [values.T @ delta, delta.sum(axis=0), *slopes]
        delta = (delta @ kernel.T) * values * (1 - values)
    return slopes


def flat(weights: Sequence[Floats]) -> Floats:
    """All weights in one row."""
    return np.concatenate([array.ravel() for array in weights])
