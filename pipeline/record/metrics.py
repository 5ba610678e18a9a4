"""The metrics of a model on some rows: what each is called, how it is computed, and which direction is better."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from pipeline.arrays import Floats
from pipeline.network.losses import LOSSES

Better = Literal["lower", "higher", ""]


@dataclass(frozen=True)
class Metric:
    """A number that compares actual and predicted targets, both (rows,).

    `formula` gives NaN where the metric is not defined, which is recorded as `null` and allowed only where
    `may_be_undefined`.
    """

    name: str
    better: Better
    formula: Callable[[Floats, Floats], float]
    may_be_undefined: bool = False


def _mse(actual: Floats, predicted: Floats) -> float:
    return float(np.mean(LOSSES["mse"].value(predicted - actual)))


def _mae(actual: Floats, predicted: Floats) -> float:
    return float(np.mean(LOSSES["mae"].value(predicted - actual)))


def _r2(actual: Floats, predicted: Floats) -> float:
    """1 - mse / variance: not defined for a target that never varies."""
    variance = float(np.var(actual))
    return 1 - _mse(actual, predicted) / variance if variance > 0 else float("nan")


METRICS: Final = {
    "mse": Metric("MSE", "lower", _mse),
    "rmse": Metric("RMSE", "lower", lambda actual, predicted: float(np.sqrt(_mse(actual, predicted)))),
    "mae": Metric("MAE", "lower", _mae),
    "r2": Metric("R²", "higher", _r2, may_be_undefined=True),
}
"""Every metric by its key in metrics.json. A new entry here is recorded, reported, compared and listed."""

FROM_OPTIMUM: Final = "from least squares"
"""What `distance_to_optimum` is called: the training MSE, minus that of least squares on the same rows."""

COMPARED: Final[dict[str, tuple[str, Better]]] = {
    **{f"test {metric.name}": (f"test.{key}", metric.better) for key, metric in METRICS.items()},
    "validation MSE": ("validation.mse", METRICS["mse"].better),
    "training MSE": ("train.mse", METRICS["mse"].better),
    FROM_OPTIMUM: ("distance_to_optimum", "lower"),
    "epochs run": ("epochs_run", ""),
}
"""What a comparison of runs shows: a title, the flat name in metrics.json, and which direction is better."""
