"""The loss as a landscape over the numbers that are tuned: its height, its slope, its lowest point."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.arrays import Floats
from pipeline.network.linear import Optimum, design_matrix
from pipeline.network.losses import LOSSES
from pipeline.params import LossName

RowNumbers = NDArray[np.int64]

_AT_ONCE: Final = 30_000
"""Points times rows: so many numbers stay in the processor's cache, and a matrix product of them on one core."""

_HALVINGS: Final = 200


@dataclass(frozen=True)
class Surface:
    """The mean loss of predicting `target` (rows,) by `design . point`, over all points (numbers,).

    `design` (rows, numbers) is a column of inputs for each number that can be tuned. A line has two: the feature,
    tuned by the kernel, and ones, tuned by the bias. Numbers too large for a float become infinite without a warning.
    """

    design: Floats
    target: Floats
    loss: LossName

    @classmethod
    def of(cls, features: Floats, target: Floats, loss: LossName) -> "Surface":
        """The surface of a linear model on features (rows,) or (rows, features); its last number is the bias."""
        return cls(design_matrix(features), target, loss)

    def losses(self, points: Floats) -> Floats:
        """The loss (points,) on all rows at each of `points` (points, numbers)."""
        with np.errstate(over="ignore", invalid="ignore"):
            parts = [LOSSES[self.loss].value(self._errors(some)).mean(axis=1) for some in self._portions(points)]
        return np.concatenate(parts)

    def gradients(self, points: Floats) -> Floats:
        """The gradient (points, numbers) of the loss on all rows at each of `points` (points, numbers)."""
        rows = len(self.target)
        with np.errstate(over="ignore", invalid="ignore"):
            parts = [
                LOSSES[self.loss].slope(self._errors(some)) @ self.design / rows for some in self._portions(points)
            ]
        return np.concatenate(parts)

    def batch_gradient(self, point: Floats, rows: RowNumbers) -> Floats:
        """The gradient (numbers,) at `point` (numbers,) of the loss on some `rows` alone."""
        design = self.design[rows]
        return LOSSES[self.loss].slope(design @ point - self.target[rows]) @ design / len(design)

    def row_gradients(self, point: Floats) -> Floats:
        """The gradients (rows, numbers) of each row's own loss at `point` (numbers,): its slope times its inputs."""
        return LOSSES[self.loss].slope(self.design @ point - self.target)[:, np.newaxis] * self.design

    def _errors(self, points: Floats) -> Floats:
        return points @ self.design.T - self.target

    def _portions(self, points: Floats) -> Iterator[Floats]:
        """Cut `points` so that points times rows stay within the processor's cache."""
        size = max(1, _AT_ONCE // len(self.target))
        for start in range(0, max(len(points), 1), size):
            yield points[start : start + size]


def angles(some: Floats, others: Floats) -> Floats:
    """The angle (vectors,), from 0 to 180 degrees, between `some` (vectors, numbers) and `others`; NaN where one is 0.

    Exact for small angles too, where the cosine says nothing. Source: Kahan, How Futile are Mindless Assessments of
    Roundoff (2006), section 12.
    """
    one, other = _directions(some), _directions(others)
    apart, together = (np.linalg.norm(vectors, axis=1) for vectors in (one - other, one + other))
    degrees: Floats = np.degrees(2 * np.arctan2(apart, together))
    return degrees


def lowest(x: Floats, y: Floats, loss: LossName) -> tuple[float, float]:
    """The kernel and bias with the least loss on x and y (rows,).

    Where many lines are equally good (one point, a constant feature), the one with kernel 0 is given.
    """
    if np.all(x == x[0]):
        return 0.0, float(y.mean() if loss == "mse" else np.median(y))
    if loss == "mse":
        best = Optimum.of(x[:, np.newaxis], y)
        return float(best.weights[0]), best.bias
    return _least_absolute(x, y)


def _directions(vectors: Floats) -> Floats:
    """Vectors of length 1 in the same directions, however large or small they were; NaN for one that has none."""
    size = np.abs(vectors).max(axis=1, keepdims=True, initial=0.0)
    scaled = vectors / np.where(size > 0, size, np.nan)
    directions: Floats = scaled / np.linalg.norm(scaled, axis=1, keepdims=True)
    return directions


def _least_absolute(x: Floats, y: Floats) -> tuple[float, float]:
    """The line with the least mean absolute error, where two x differ.

    For a given kernel the best bias is a median, so what is left is a convex function of the kernel. Its lowest place
    is a line through two rows, so that it cannot be steeper than `high`; halving finds it by the sign of the slope.
    """
    high = float(np.ptp(y) / np.diff(np.unique(x)).min())
    low = -high
    for _ in range(_HALVINGS):
        kernel = (low + high) / 2
        rest = y - kernel * x
        signs = np.sign(rest - np.median(rest))
        on_it = signs == 0
        if on_it.any():  # the rows on the line balance the others, for the bias is at its best
            signs[on_it] = -signs.sum() / on_it.sum()
        low, high = (kernel, high) if signs @ x > 0 else (low, kernel)
    return kernel, float(np.median(y - kernel * x))
