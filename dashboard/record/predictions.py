"""What the recorded model predicts: with the contribution of each feature, and the values that a slider has."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from dashboard.record.prepared import PreparedRows
from pipeline.arrays import Floats, rounded, sample_of, significant
from pipeline.network.layers import Layer, gradients, predict
from pipeline.record.runs import Run
from pipeline.tables.scaling import Scaling

_STOPS: Final = 64  # on the straight line between two rows: for layers of sigmoids next to nothing is left over
_ROWS_TO_RANK: Final = 200


@dataclass(frozen=True)
class Predictor:
    """A recorded model in numpy: it takes its inputs in raw units, here called features.

    `centre` (features,) is the mean of the training rows, normalized; `reach` (features,) is how far a prediction
    moves, in the target's unit, for a standard deviation of each feature.
    """

    layers: tuple[Layer, ...]
    weights: NDArray[np.float32]
    scaling: Scaling
    centre: Floats
    reach: Floats

    @classmethod
    def of(cls, run: Run, data: PreparedRows) -> Self:
        """Take the weights that `run` ended with, and the scaling and the training rows of `data`."""
        rows, train = data.whole("mse").features, data.split.train
        some = data.features(train[sample_of(len(train), _ROWS_TO_RANK)])
        slopes = np.abs(gradients(run.layers, run.result, some)).mean(axis=0)
        return cls(run.layers, run.result, data.scaling, rows.mean(axis=0), slopes * rows.std(axis=0))

    @property
    def mean_row(self) -> Floats:
        """The mean of the training rows (features,), in raw units."""
        return self.scaling.invert(self.centre)

    @property
    def start(self) -> float:
        """What the model predicts for the mean of the training rows."""
        return float(predict(self.layers, self.weights, self.centre[np.newaxis])[0])

    def predict(self, raw: Floats) -> Floats:
        """Predict the target (rows,) from raw features (rows, features)."""
        return predict(self.layers, self.weights, self.scaling.apply(raw))

    def predict_row(self, raw: Floats) -> float:
        """Predict the target of one raw row (features,)."""
        return float(self.predict(raw[np.newaxis])[0])

    def contributions(self, raw: Floats) -> Floats:
        """Split what is predicted for one raw row (features,) into `start` and a part of each feature (features,).

        Integrated gradients from the mean of the training rows: a feature's distance from its mean times the mean
        slope of the prediction along the straight line between the two rows. For a linear model that is weight times
        distance, exactly. What the sum over `_STOPS` points leaves over is shared out in proportion.
        Source: Sundararajan, Taly and Yan, Axiomatic Attribution for Deep Networks (2017), equation 1.
        """
        distance = self.scaling.apply(raw) - self.centre
        nodes, shares = np.polynomial.legendre.leggauss(_STOPS)
        line = self.centre + (nodes[:, np.newaxis] + 1) / 2 * distance
        parts = distance * (shares / 2 @ gradients(self.layers, self.weights, line))
        left = self.predict_row(raw) - self.start - parts.sum()
        sizes = np.abs(parts) if parts.any() else np.abs(distance)
        return parts + left * sizes / sizes.sum() if sizes.any() else parts


@dataclass(frozen=True)
class Span:
    """The values of a feature in the table, and the grid of a slider around them: `low`, `low + step`, ..., `high`."""

    smallest: float
    largest: float
    low: float
    high: float
    step: float

    @classmethod
    def of(cls, values: Floats) -> Self:
        """Measure a column (rows,): hundreds of round steps, and whole numbers where all values are whole."""
        smallest, largest = float(values.min()), float(values.max())
        size = 10.0 ** np.floor(np.log10((largest - smallest) / 100)) if largest > smallest else 1.0
        step = max(1.0, size) if np.all(values == np.round(values)) else size
        # 2.9 / 0.1 is a little less than 29: without the rounding the grid would begin one step too low.
        first, last = np.floor(round(smallest / step, 6)), np.ceil(round(largest / step, 6))
        low, high, step = rounded(np.array([first * step, last * step, step]), 12).tolist()
        return cls(smallest, largest, min(low, smallest), max(high, largest), step)

    def clamp(self, value: float) -> float:
        """The value a slider at `value` stands for: within the table's range, without the noise of the last digits."""
        return min(max(significant(value, 12), self.smallest), self.largest)

    def __contains__(self, value: float) -> bool:
        return self.smallest <= value <= self.largest
