"""The linear model on the mean squared error in closed form: its optimum, its curvature, the stable learning rates."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

import numpy as np

from pipeline.arrays import Floats
from pipeline.params import Train


def design_matrix(features: Floats) -> Floats:
    """The features (rows, features) and a column of ones for the bias: (rows, features + 1)."""
    return np.column_stack([features, np.ones(len(features))])


def hessian(features: Floats) -> Floats:
    """The Hessian (features + 1, features + 1) of the mean squared error: 2/n X'X with X = [features, 1].

    It does not depend on the weights. Source: Goodfellow et al., Deep Learning, section 4.3.1.
    """
    design = design_matrix(features)
    second_derivatives: Floats = 2 / len(design) * design.T @ design
    return second_derivatives


def largest_stable_learning_rate(curvature: float, settings: Train) -> float:
    """The learning rate beyond which such descent on all rows diverges along a direction of this curvature.

    2 / curvature; with momentum m it is 1 + m times as large, with Nesterov's (1 + m) / (1 + 2 m).
    Source: Polyak (1964).
    """
    momentum = settings.momentum
    return 2 / curvature * ((1 + momentum) / (1 + 2 * momentum) if settings.nesterov else 1 + momentum)


@dataclass(frozen=True)
class Optimum:
    """The linear model with the least mean squared error on some rows: `weights` (features,) and `bias`."""

    weights: Floats
    bias: float

    @classmethod
    def of(cls, features: Floats, target: Floats) -> "Optimum":
        """Solve least squares for features (rows, features) and target (rows,).

        Collinear columns leave many solutions; the one with the smallest weights is taken.
        """
        return Moments.of([(features, target)]).optimum

    @property
    def parameters(self) -> Floats:
        """The weights, then the bias: (features + 1,)."""
        return np.append(self.weights, self.bias)

    def predict(self, features: Floats) -> Floats:
        """Predict (rows,) from features (rows, features)."""
        return features @ self.weights + self.bias

    def mse(self, features: Floats, target: Floats) -> float:
        """The mean squared error on features (rows, features) and target (rows,)."""
        return float(np.mean((self.predict(features) - target) ** 2))


@dataclass(frozen=True)
class Curvature:
    """The extreme eigenvalues of the Hessian: the loss is steepest along the largest, flattest along the smallest."""

    largest: float
    smallest: float

    @classmethod
    def of(cls, features: Floats) -> "Curvature":
        """Measure the curvature of the mean squared error of a linear model on features (rows, features)."""
        return cls._of(hessian(features))

    @classmethod
    def _of(cls, second_derivatives: Floats) -> "Curvature":
        values = np.linalg.eigvalsh(second_derivatives)
        return cls(float(values[-1]), float(max(values[0], 0.0)))

    @property
    def largest_stable_learning_rate(self) -> float:
        """2 / lambda_max: beyond it full-batch gradient descent without momentum diverges."""
        return 2 / self.largest

    def limit(self, settings: Train) -> float:
        """The largest learning rate at which descent on all rows is stable with the momentum of `settings`."""
        return largest_stable_learning_rate(self.largest, settings)

    @property
    def condition_number(self) -> float:
        """lambda_max / lambda_min; infinite when columns are collinear."""
        return self.largest / self.smallest if self.smallest > 1e-14 * self.largest else float("inf")


@dataclass(frozen=True)
class Moments:
    """All that least squares needs to know of some rows, whose number does not matter then.

    `triangle` (features + 2, features + 2) is R of the QR decomposition of [1, features, target] (rows, features + 2);
    of fewer rows it has fewer. To add rows, both R are decomposed, one below the other: Golub and Van Loan, Matrix
    Computations, section 5.3.
    """

    rows: int
    triangle: Floats

    @classmethod
    def of(cls, blocks: Iterable[tuple[Floats, Floats]]) -> "Moments":
        """Take blocks of features (rows, features) and target (rows,), one after the other."""
        return reduce(cls.__add__, (cls._of_block(features, target) for features, target in blocks))

    @classmethod
    def _of_block(cls, features: Floats, target: Floats) -> "Moments":
        table = np.column_stack([np.ones(len(target)), features, target])
        return cls(len(target), _triangle(table))

    def __add__(self, other: "Moments") -> "Moments":
        """Put the rows of both together."""
        return Moments(self.rows + other.rows, _triangle(np.vstack([self.triangle, other.triangle])))

    @property
    def mean(self) -> float:
        """The mean of the target."""
        return float(self.triangle[0, -1] / self.triangle[0, 0])

    @property
    def optimum(self) -> Optimum:
        """The linear model with the least mean squared error; see `Optimum.of`."""
        centred = self.triangle[1:, 1:].copy()  # without the part along the ones: each column minus its mean
        precision = 10 * np.finfo(np.float64).eps * max(math.sqrt(self.rows), len(centred))  # more than R loses
        sizes, spreads = (np.linalg.norm(table, axis=0) for table in (self.triangle[:, 1:], centred))
        centred[:, spreads <= precision * sizes] = 0  # a column that is constant but for rounding
        weights = np.asarray(np.linalg.lstsq(centred[:, :-1], centred[:, -1], rcond=precision)[0], np.float64)
        centre = self.triangle[0, 1:-1] / self.triangle[0, 0]
        return Optimum(weights, self.mean - float(centre @ weights))

    @property
    def least_mse(self) -> float:
        """The mean squared error of the optimum on these rows."""
        centred = self.triangle[1:, 1:]
        return float(np.sum((centred[:, -1] - centred[:, :-1] @ self.optimum.weights) ** 2) / self.rows)

    @property
    def curvature(self) -> Curvature:
        """The curvature of the mean squared error; see `Curvature.of`."""
        design = np.roll(self.triangle[:, :-1], -1, axis=1)  # the ones last, as in `design_matrix`
        return Curvature._of(2 / self.rows * design.T @ design)


def _triangle(table: Floats) -> Floats:
    triangle: Floats = np.asarray(np.linalg.qr(table, mode="r"))
    return triangle
