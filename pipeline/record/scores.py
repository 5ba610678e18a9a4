"""How good a model is, and how good a linear model can be: losses, baseline, optimum, curvature."""

from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def six_digits(value: float) -> float | None:
    """Round to the six significant digits that are recorded; `None` for what is not finite, which JSON cannot say."""
    return float(f"{value:.6g}") if np.isfinite(value) else None


@dataclass(frozen=True)
class Scores:
    """Errors in the target's unit (`rmse`, `mae`), in its square (`mse`), and the share of variance explained."""

    mse: float
    rmse: float
    mae: float
    r2: float | None

    @classmethod
    def of(cls, actual: Floats, predicted: Floats) -> "Scores":
        """Compare actual and predicted targets, both (rows,). `r2` is `None` when every actual value is the same."""
        error = predicted - actual
        mse = float(np.mean(error**2))
        variance = float(np.var(actual))
        r2 = 1 - mse / variance if variance > 0 else None
        return cls(mse, float(np.sqrt(mse)), float(np.mean(np.abs(error))), r2)

    def recorded(self) -> dict[str, float | None]:
        """The scores with six significant digits."""
        return {name: None if value is None else six_digits(value) for name, value in asdict(self).items()}


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

    def predict(self, features: Floats) -> Floats:
        """Predict (rows,) from features (rows, features)."""
        return features @ self.weights + self.bias


@dataclass(frozen=True)
class Curvature:
    """The eigenvalues that bound a step: the loss is steepest along the largest, flattest along the smallest."""

    largest: float
    smallest: float

    @classmethod
    def of(cls, features: Floats) -> "Curvature":
        """Measure the Hessian of the mean squared error of a linear model with bias, 2/n X'X with X = [features, 1].

        It does not depend on the weights. Source: Goodfellow et al., Deep Learning, section 4.3.1.
        """
        design = np.column_stack([features, np.ones(len(features))])
        values = np.linalg.eigvalsh(2 / len(design) * design.T @ design)
        return cls(float(values[-1]), float(max(values[0], 0.0)))

    @property
    def largest_stable_learning_rate(self) -> float:
        """2 / lambda_max: beyond it full-batch gradient descent without momentum diverges."""
        return 2 / self.largest

    @property
    def condition_number(self) -> float:
        """lambda_max / lambda_min; infinite when columns are collinear."""
        return self.largest / self.smallest if self.smallest > 1e-14 * self.largest else float("inf")
