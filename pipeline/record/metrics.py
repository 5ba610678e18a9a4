"""The metrics of a model on some rows: what each is called, how it is computed and recorded, and which is better."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, Literal, Self

import numpy as np
from pydantic import ConfigDict, RootModel, model_validator
from pydantic_core import PydanticCustomError

from pipeline.arrays import Floats
from pipeline.network.losses import LOSSES
from pipeline.safety.schema import Figure

Better = Literal["lower", "higher", ""]


@dataclass(frozen=True)
class Metric:
    """A number that compares actual and predicted targets, both (rows,); NaN where it is not defined."""

    name: str
    better: Better
    formula: Callable[[Floats, Floats], float]


def mean_loss(name: str, actual: Floats, predicted: Floats) -> float:
    """The mean of a loss over some rows, whose targets have the shape (rows,)."""
    return float(np.mean(LOSSES[name].value(predicted - actual)))


def _r2(actual: Floats, predicted: Floats) -> float:
    """1 - mse / variance: not defined for a target that never varies."""
    variance = float(np.var(actual))
    return 1 - mean_loss("mse", actual, predicted) / variance if variance > 0 else float("nan")


METRICS: Final = {
    "mse": Metric("MSE", "lower", partial(mean_loss, "mse")),
    "rmse": Metric("RMSE", "lower", lambda actual, predicted: mean_loss("mse", actual, predicted) ** 0.5),
    "mae": Metric("MAE", "lower", partial(mean_loss, "mae")),
    "r2": Metric("R²", "higher", _r2),
}
"""Every metric by its key in metrics.json. A new entry here is recorded, reported, compared and listed."""


class Scores(RootModel[dict[str, Figure]]):
    """A value for each entry of `METRICS`, by its key: `scores["mse"]`. NaN is one that is not defined or finite."""

    model_config = ConfigDict(frozen=True, strict=True)

    @model_validator(mode="after")
    def _one_for_each_metric(self) -> Self:
        if self.root.keys() != METRICS.keys():
            raise PydanticCustomError("missing", "the metrics are others")
        return self

    @classmethod
    def of(cls, actual: Floats, predicted: Floats) -> Self:
        """Measure predicted targets against actual ones, both (rows,)."""
        return cls({key: metric.formula(actual, predicted) for key, metric in METRICS.items()})

    def __getitem__(self, key: str) -> float:
        return self.root[key]


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
