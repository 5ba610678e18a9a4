"""The loss as a landscape over the numbers that are tuned: its height, its slope, and the angle of two slopes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.arrays import Floats
from pipeline.network.losses import LOSSES

RowNumbers = NDArray[np.int64]
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

    def batch_gradient(self, point: Floats, rows: RowNumbers) -> Floats:
        """The gradient (numbers,) at `point` (numbers,) of the loss on some `rows` alone."""
        design = self.design[rows]
        return LOSSES[self.loss].slope(design @ point - self.target[rows]) @ design / len(design)

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


def _directions(vectors: Floats) -> Floats:
    """Vectors of length 1 in the same directions, however large or small they were; NaN for one that has none."""
    size = np.abs(vectors).max(axis=1, keepdims=True, initial=0.0)
    scaled = vectors / np.where(size > 0, size, np.nan)
    directions: Floats = scaled / np.linalg.norm(scaled, axis=1, keepdims=True)
    return directions
