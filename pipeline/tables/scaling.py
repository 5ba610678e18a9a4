"""The z-score: subtract the mean and divide by the standard deviation, so that every feature speaks as loud."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Self

import numpy as np
from pydantic import ConfigDict

from pipeline.arrays import Floats, rounded
from pipeline.safety.errors import UserError
from pipeline.safety.schema import STRICT, Numbers


@dataclass(frozen=True)
class Scaling:
    """One mean and one standard deviation per feature, in the feature's own unit; both have the shape (features,)."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    mean: Numbers
    deviation: Numbers

    @classmethod
    def fit(cls, raw: Floats, names: Sequence[str]) -> Self:
        """Measure `raw` (rows, features) as one block; see `fit_blocks`."""
        return cls.fit_blocks([raw], names)

    @classmethod
    def fit_blocks(cls, blocks: Iterable[Floats], names: Sequence[str]) -> Self:
        """Measure blocks (rows, features) with the population standard deviation (ddof 0), to twelve digits.

        A sum's last digits depend on the processor's vector width; twelve digits do not. Blocks are put together as in
        Chan, Golub and LeVeque, "Updating Formulae and a Pairwise Algorithm for Computing Sample Variances" (1979).
        Raises `UserError` naming a column that is constant, for it has no scale to divide by.
        """
        rows, mean, variance = 0, np.zeros(len(names)), np.zeros(len(names))
        lowest, highest = np.full(len(names), np.inf), np.full(len(names), -np.inf)
        for raw in filter(len, blocks):
            share = len(raw) / (rows + len(raw))
            distance = raw.mean(axis=0) - mean
            mean = mean + share * distance if rows else distance
            variance = (1 - share) * variance + share * raw.var(axis=0) + share * (1 - share) * distance**2
            lowest, highest = np.minimum(lowest, raw.min(axis=0)), np.maximum(highest, raw.max(axis=0))
            rows += len(raw)
        deviation = np.sqrt(variance)
        for name, spread, least, most in zip(names, deviation, lowest, highest, strict=True):
            if least == most or not spread > 0:
                raise UserError(
                    f"the column {name!r} is {least:g} in every training row and cannot be normalized: "
                    "take it out of normalize.features, or set normalize.scaling to none"
                )
        return cls(rounded(mean, 12), rounded(deviation, 12))

    @classmethod
    def none(cls, features: int) -> Self:
        """Leave every feature as it is: mean 0, deviation 1."""
        return cls(np.zeros(features), np.ones(features))

    @property
    def is_none(self) -> bool:
        """Whether this leaves every feature as it is."""
        return bool(np.all(self.mean == 0) and np.all(self.deviation == 1))

    def of(self, feature: int) -> tuple[float, float]:
        """The mean and the standard deviation of the feature number `feature`."""
        return float(self.mean[feature]), float(self.deviation[feature])

    def apply(self, raw: Floats) -> Floats:
        """Turn raw features (rows, features) into normalized ones."""
        return (raw - self.mean) / self.deviation

    def invert(self, scaled: Floats) -> Floats:
        """Turn normalized features (rows, features) back into raw ones."""
        return scaled * self.deviation + self.mean
