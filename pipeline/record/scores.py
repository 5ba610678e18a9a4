"""How good a model is: its errors, as they are recorded."""

import math
from typing import Self

from pydantic import ConfigDict, RootModel, ValidationInfo, model_validator
from pydantic_core import PydanticCustomError

from pipeline.arrays import Floats
from pipeline.record.metrics import METRICS
from pipeline.safety.schema import MaybeFigure


class Scores(RootModel[dict[str, MaybeFigure]]):
    """A value for each entry of `METRICS`, by its key: `scores["mse"]`. NaN is one that is not defined or finite."""

    model_config = ConfigDict(frozen=True, strict=True)

    @model_validator(mode="after")
    def _one_for_each_metric(self, info: ValidationInfo) -> Self:
        for key in METRICS.keys() - self.root.keys():
            raise PydanticCustomError("missing", "a key is missing", {"keys": [key]})
        for key in self.root.keys() - METRICS.keys():
            raise PydanticCustomError("extra_forbidden", "a key is not known", {"keys": [key]})
        for key, value in self.root.items():
            if info.mode == "json" and math.isnan(value) and not METRICS[key].may_be_undefined:
                raise ValueError(f"{key} is null")
            if METRICS[key].better == "lower" and value < 0:
                raise ValueError(f"{key} is below 0")
        return self

    @classmethod
    def of(cls, actual: Floats, predicted: Floats) -> Self:
        """Measure predicted targets against actual ones, both (rows,)."""
        return cls({key: metric.formula(actual, predicted) for key, metric in METRICS.items()})

    def __getitem__(self, key: str) -> float:
        return self.root[key]
