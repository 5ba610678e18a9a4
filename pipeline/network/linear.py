"""The linear model on the mean squared error in closed form: its optimum, its curvature, the stable learning rates."""

from dataclasses import dataclass

import numpy as np

from pipeline.arrays import Floats


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


def largest_stable_learning_rate(curvature: float, momentum: float = 0.0, nesterov: bool = False) -> float:
    """The learning rate beyond which descent on all rows diverges along a direction of this curvature.

    2 / curvature; with momentum m it is 1 + m times as large, with Nesterov's (1 + m) / (1 + 2 m).
    Source: Polyak (1964).
    """
    return 2 / curvature * ((1 + momentum) / (1 + 2 * momentum) if nesterov else 1 + momentum)


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
        centre, level = features.mean(axis=0), float(target.mean())
        weights = np.linalg.lstsq(features - centre, target - level, rcond=None)[0]
        return cls(weights, level - float(centre @ weights))

    @property
    def parameters(self) -> Floats:
        """The weights, then the bias: (features + 1,)."""
        return np.append(self.weights, self.bias)

    def predict(self, features: Floats) -> Floats:
        """Predict (rows,) from features (rows, features)."""
        return features @ self.weights + self.bias


@dataclass(frozen=True)
class Curvature:
    """The extreme eigenvalues of the Hessian: the loss is steepest along the largest, flattest along the smallest."""

    largest: float
    smallest: float

    @classmethod
    def of(cls, features: Floats) -> "Curvature":
        """Measure the curvature of the mean squared error of a linear model on features (rows, features)."""
        values = np.linalg.eigvalsh(hessian(features))
        return cls(float(values[-1]), float(max(values[0], 0.0)))

    @property
    def largest_stable_learning_rate(self) -> float:
        """2 / lambda_max: beyond it full-batch gradient descent without momentum diverges."""
        return largest_stable_learning_rate(self.largest)

    @property
    def condition_number(self) -> float:
        """lambda_max / lambda_min; infinite when columns are collinear."""
        return self.largest / self.smallest if self.smallest > 1e-14 * self.largest else float("inf")
