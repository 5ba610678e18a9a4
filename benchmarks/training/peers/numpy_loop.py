"""A plain loop in NumPy, with the gradients by hand."""

import numpy as np

from benchmarks.training.tasks import Task, Trained
from pipeline.arrays import Floats
from pipeline.network.linear import design_matrix
from pipeline.network.sgd import row_orders


def train(task: Task) -> Trained:
    """Train the linear model, or a network of sigmoid layers."""
    return _linear(task) if len(task.layers) == 1 else _network(task)


def _linear(task: Task) -> Trained:
    features, unseen = design_matrix(task.train.features), design_matrix(task.validation.features)
    rate, size, weights = task.settings.learning_rate, task.settings.batch_size, task.weights
    orders = row_orders(len(features), task.settings.seed)
    training, validation, path = [], [], []
    for _ in range(task.settings.epochs):
        order = next(orders)
        shuffled, target, total = features[order], task.train.target[order], 0.0
        for start in range(0, len(order), size):
            x, y = shuffled[start : start + size], target[start : start + size]
            error = x @ weights - y
            total += float(error @ error)
            weights = weights - rate * (2 / len(y)) * (error @ x)
            path.append(weights)
        training.append(total / len(order))
        validation.append(float(np.mean((unseen @ weights - task.validation.target) ** 2)))
    return Trained(np.array(training), np.array(validation), np.array(path, np.float32))


def _network(task: Task) -> Trained:
    weights = [(kernel.copy(), bias.copy()) for kernel, bias in task.unpacked()]
    rate, size = task.settings.learning_rate, task.settings.batch_size
    orders = row_orders(len(task.train.target), task.settings.seed)
    training, validation, path = [], [], []
    for _ in range(task.settings.epochs):
        order = next(orders)
        shuffled, target, total = task.train.features[order], task.train.target[order], 0.0
        for start in range(0, len(order), size):
            x, y = shuffled[start : start + size], target[start : start + size]
            values = _forward(weights, x)
            error = values[-1][:, 0] - y
            total += float(error @ error)
            back = (2 / len(y) * error)[:, np.newaxis]
            for at in reversed(range(len(weights))):
                kernel, bias = weights[at]
                kernel_slope, bias_slope = values[at].T @ back, back.sum(axis=0)
                if at:
                    back = back @ kernel.T * values[at] * (1 - values[at])
                kernel -= rate * kernel_slope
                bias -= rate * bias_slope
        training.append(total / len(order))
        predicted = _forward(weights, task.validation.features)[-1][:, 0]
        validation.append(float(np.mean((predicted - task.validation.target) ** 2)))
        path.append(np.concatenate([array.ravel() for pair in weights for array in pair]))
    return Trained(np.array(training), np.array(validation), np.array(path, np.float32))


def _forward(weights: list[tuple[Floats, Floats]], x: Floats) -> list[Floats]:
    """The values of every layer, the input first."""
    values = [x]
    for at, (kernel, bias) in enumerate(weights, 1):
        sums = values[-1] @ kernel + bias
        values.append(1 / (1 + np.exp(-sums)) if at < len(weights) else sums)
    return values
