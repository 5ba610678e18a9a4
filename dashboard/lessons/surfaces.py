"""The loss as a landscape over the numbers that are tuned: its height, its slope, and the angle of two slopes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.arrays import Floats
from pipeline.network.losses import LOSSES

Rows = NDArray[np.int64]
LossName = Literal["mse", "mae"]

_AT_ONCE: Final = 30_000
"""Points times rows: so many numbers stay in the processor's cache, and a matrix product of them on one core."""


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
        return cls(np.column_stack([features, np.ones(len(target))]), target, loss)

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

    def of_rows(self, rows: Rows) -> "Surface":
        """The surface of these `rows` alone, in their order."""
        return Surface(self.design[rows], self.target[rows], self.loss)

    def batch_gradient(self, point: Floats, rows: Rows | slice) -> Floats:
        """The gradient (numbers,) at `point` (numbers,) of the loss on some `rows` alone."""
        design = self.design[rows]
        gradient: Floats = LOSSES[self.loss].slope(design @ point - self.target[rows]) @ design / len(design)
        return gradient

    def grid(self, horizontal: Floats, vertical: Floats) -> Floats:
        """The loss (vertical, horizontal) over two numbers, one along each axis."""
        first, second = np.meshgrid(horizontal, vertical)
        heights: Floats = self.losses(np.column_stack([first.ravel(), second.ravel()])).reshape(first.shape)
        return heights

    def _errors(self, points: Floats) -> Floats:
        errors: Floats = points @ self.design.T - self.target
        return errors

    def _portions(self, points: Floats) -> Iterator[Floats]:
        """Cut `points` so that points times rows stay within the processor's cache."""
        size = max(1, _AT_ONCE // len(self.target))
        for start in range(0, max(len(points), 1), size):
            yield points[start : start + size]


def angles(some: Floats, others: Floats) -> Floats:
    """The angle (points,), from 0 to 180 degrees, between `some` (points, 2) and `others`; NaN where one is zero."""
    (x, y), (other_x, other_y) = _directions(some).T, _directions(others).T
    degrees: Floats = np.degrees(np.arctan2(np.abs(x * other_y - y * other_x), x * other_x + y * other_y))
    return degrees


def _directions(vectors: Floats) -> Floats:
    """Vectors of the same directions without very large or very small numbers; NaN for a vector that has none."""
    size = np.abs(vectors).max(axis=1, keepdims=True, initial=0.0)
    return vectors / np.where(size > 0, size, np.nan)
