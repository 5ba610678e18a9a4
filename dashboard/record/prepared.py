"""The table as the model sees it, of which only what is asked for is computed: a long table is in memory once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from dashboard.record.stand_ins import stand_ins
from pipeline.arrays import MAX_SAMPLE, Floats, sample_of
from pipeline.network.layers import Layer, Weights, is_linear, predict
from pipeline.network.limits import Limits, learning_rate_limits
from pipeline.network.linear import Moments
from pipeline.params import LossName, Normalize, Train
from pipeline.record.metrics import mean_loss
from pipeline.tables.encoding import Encoding
from pipeline.tables.kinds import numbers
from pipeline.tables.preparation import Normalized, Rows
from pipeline.tables.scaling import Scaling
from pipeline.tables.splits import Split

Places = NDArray[np.int64] | list[int] | slice

ALL: Final = slice(None)
_AT_ONCE: Final = 2**16
_IN_CACHE: Final = 512
_POOL: Final = 2**16
_POOL_PER_BATCH: Final = 32
_LARGE: Final = 2**13
_WORK: Final = 1e9
"""The multiplications that may go into the limit with batches: less than a second."""


@dataclass(frozen=True, eq=False)
class PreparedRows(Normalized):
    """What `PreparedData` holds, computed from the rows of the raw table that are used, `kept`, bit for bit.

    Two that have the same `token` hold the same.
    """

    settings: Normalize
    kept: pd.DataFrame
    split: Split
    encoding: Encoding
    scaling: Scaling
    token: str

    @cached_property
    def target(self) -> Floats:
        """The target (rows,) of every row."""
        return numbers(self.kept[self.target_name])

    def inputs(self, rows: Places = ALL) -> Floats:
        """The inputs of some rows (rows, inputs), before the scaling: for numbers, the features in raw units."""
        return self.encoding.apply(self.kept.iloc[rows])

    def features(self, rows: Places = ALL) -> Floats:
        """The normalized inputs of some rows (rows, inputs)."""
        return self.scaling.apply(self.inputs(rows))

    def column(self, name: str, rows: Places = ALL) -> Floats:
        """One of the inputs of some rows (rows,), before the scaling."""
        feature = self.encoding.features[self._feature_of[name]]
        return feature.apply(self.kept[feature.name].iloc[rows])[:, feature.inputs.index(name)]

    def has_value(self, name: str, rows: Places = ALL) -> NDArray[np.bool_]:
        """Whether the cell that an input comes from has a value in some rows (rows,), or is a gap."""
        feature = self.encoding.features[self._feature_of[name]]
        return self.kept[feature.name].iloc[rows].notna().to_numpy()

    @cached_property
    def _feature_of(self) -> dict[str, int]:
        """The place of the feature that each input comes from, by the input's name."""
        return {name: at for at, feature in enumerate(self.encoding.features) for name in feature.inputs}

    @cached_property
    def places(self) -> NDArray[np.int8]:
        """The part (rows,) that each row is in, as its place in `PARTS`."""
        return self.split.places()

    def part(self, name: str) -> Rows:
        """The rows of one part (train, validation or test), in the order in which they were drawn."""
        if name == "train":
            return self._train
        return self._rows(self.split.parts()[name])

    def whole(self, loss: LossName) -> Rows:
        """Rows with the loss of all training rows for every linear model: these rows, or for squared errors a few."""
        return self._stand_ins if loss == "mse" and len(self.split.train) > MAX_SAMPLE else self._train

    def measured(self, loss: LossName) -> Rows:
        """Rows to measure the loss of all training rows on, at many weights: as `whole`, or a sample of them."""
        if loss == "mse":
            return self.whole(loss)
        some = sample_of(len(self.split.train))
        return Rows(self._train.features[some], self._train.target[some])

    def training_loss(self, layers: Sequence[Layer], weights: Weights | Floats, loss: LossName) -> float:
        """The loss of all training rows with these weights; infinite where it is too large for a float."""
        rows = self.whole(loss) if is_linear(layers) else self.part("train")
        with np.errstate(over="ignore"):
            return mean_loss(loss, rows.target, predict(layers, weights, rows.features))

    def stable_rates(self, train: Train) -> Limits | None:
        """Up to which learning rates runs are stable: see `learning_rate_limits`.

        Of a long table so many rows are taken that their batches are like those of all, and the largest batches, which
        are curved nearly like all rows, are taken for smaller ones.
        """
        rows = self.split.train
        if len(rows) <= MAX_SAMPLE or not train.has_quadratic_loss:
            return learning_rate_limits(self._train.features, train)
        if train.batch_size >= len(rows):
            whole = self.whole("mse").features
            return learning_rate_limits(whole, train.model_copy(update={"batch_size": len(whole)}))
        some = train.model_copy(update={"batch_size": min(train.batch_size, _LARGE)})
        pool = self._rows(rows[sample_of(len(rows), max(_POOL, _POOL_PER_BATCH * some.batch_size))])
        full = self.stable_rates(train.model_copy(update={"batch_size": len(rows)}))
        found = learning_rate_limits(pool.features, some, _WORK)
        return Limits(full.full_batch, found.minibatch) if full and found else None

    @cached_property
    def every_row(self) -> Rows:
        """All rows of the table, or a few with the same means and the same covariance."""
        every = np.arange(len(self.kept))
        return self._rows(every) if len(every) <= MAX_SAMPLE else stand_ins(self._moments(every))

    @cached_property
    def _train(self) -> Rows:
        return self._rows(self.split.train)

    @cached_property
    def _stand_ins(self) -> Rows:
        return stand_ins(self._moments(self.split.train))

    def _rows(self, rows: NDArray[np.int64]) -> Rows:
        features = np.empty((len(rows), len(self.names)))
        for first in range(0, len(rows), _AT_ONCE):  # so that nothing but the result takes much memory
            some = slice(first, first + _AT_ONCE)
            features[some] = self.features(rows[some])
        return Rows(features, self.target[rows])

    def _moments(self, rows: NDArray[np.int64]) -> Moments:
        return Moments.of(self._blocks(rows))

    def _blocks(self, rows: NDArray[np.int64]) -> Iterator[tuple[Floats, Floats]]:
        for first in range(0, len(rows), _AT_ONCE):
            some = self._rows(rows[first : first + _AT_ONCE])
            for begin in range(0, len(some.target), _IN_CACHE):
                yield some.features[begin : begin + _IN_CACHE], some.target[begin : begin + _IN_CACHE]
