"""How good a model is: its errors, as they are recorded."""

from typing import Self

from pydantic import ConfigDict, RootModel, model_validator
from pydantic_core import PydanticCustomError

from pipeline.arrays import Floats
from pipeline.record.metrics import METRICS
from pipeline.safety.schema import Figure


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
