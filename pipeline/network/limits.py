"""Up to which learning rate SGD is stable, with all rows in every update and with batches."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from pipeline.arrays import Floats
from pipeline.network.linear import design_matrix, hessian, largest_stable_learning_rate
from pipeline.network.sgd import update
from pipeline.params import Train

_RATES: Final = 8
_REFINEMENTS: Final = 3
_RUNS: Final = 8
_UPDATES: Final = (40, 3_000)
_WORK: Final = 6e9
_NOTHING: Final = 1e-6
"""Collinear columns leave directions in which no distance ever changes, but for rounding."""


@dataclass(frozen=True)
class Limits:
    """The largest stable learning rates: `full_batch` with all rows in every update, `minibatch` with batches.

    The first is exact. The second is where the distance from the optimum stops shrinking in a typical run; it is
    measured on random orders of the rows, to about 3 %.
    """

    full_batch: float
    minibatch: float


def learning_rate_limits(features: Floats, settings: Train, work: float = _WORK) -> Limits | None:
    """Find the limits for the rows that are descended on, `features` (rows, features), and these settings.

    With hidden layers or absolute errors there is no formula, and the answer is None. The more `work`, in
    multiplications, the longer are the runs in which the second limit is measured.

    The Hessian of a batch varies around that of all rows, and a product of random matrices grows or shrinks at a
    rate of its own. Source: Furstenberg and Kesten, "Products of random matrices" (1960).
    """
    if not settings.has_quadratic_loss:
        return None
    curvature = hessian(features)
    whole = largest_stable_learning_rate(float(np.linalg.eigvalsh(curvature)[-1]), settings)
    if settings.batch_size >= len(features):
        return Limits(whole, whole)
    steepest = float(np.max(np.sum(features**2, axis=1))) + 1
    low, high = largest_stable_learning_rate(2 * steepest, settings) / 10, whole * 1.5
    for _ in range(_REFINEMENTS):
        rates = np.geomspace(low, high, _RATES)
        grows = np.flatnonzero(_growth(features, settings, rates, curvature, work) > _NOTHING)
        first = int(grows[0]) if len(grows) else _RATES - 1
        low, high = float(rates[max(first - 1, 0)]), float(rates[first])
    return Limits(whole, float(np.sqrt(low) * np.sqrt(high)))


def _growth(features: Floats, settings: Train, rates: Floats, curvature: Floats, work: float) -> Floats:
    """How fast the logarithm of the distance grows at each rate (rates,); infinite where it overflows.

    A row that the optimum predicts exactly moves no run away from it, so the targets are left out. The distances begin
    along the steep directions, which grow first.
    """
    design, generator = design_matrix(features), np.random.default_rng(0)
    count, size = design.shape
    batch = settings.batch_size
    updates = int(np.clip(work / (4 * len(rates) * _RUNS * batch * size), *_UPDATES))
    distances = generator.normal(size=(_RUNS, size)) @ (curvature / np.max(np.abs(curvature)))
    weights = np.repeat(distances[..., np.newaxis], len(rates), axis=-1)
    velocity, grown = np.zeros_like(weights), np.zeros(len(rates))
    done = 0
    with np.errstate(all="ignore"):
        while done < updates:
            orders = np.stack([generator.permutation(count)[: updates * batch] for _ in range(_RUNS)])
            for begin in range(0, orders.shape[1], batch):
                x = design[orders[:, begin : begin + batch]]
                gradient = 2 / x.shape[1] * (x.swapaxes(-1, -2) @ (x @ weights))
                weights, velocity = update(weights, velocity, gradient, rates, settings.momentum, settings.nesterov)
                length = np.sqrt(np.sum(weights**2 + velocity**2, axis=1, keepdims=True))
                weights, velocity = weights / length, velocity / length
                if done >= updates // 4:
                    grown += np.log(length).mean(axis=(0, 1))
                done += 1
    return np.where(np.isfinite(grown), grown, np.inf)
