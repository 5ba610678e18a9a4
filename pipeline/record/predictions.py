"""What a run predicts for each row of its table: all of it as Parquet, and a sample that git and plots can take."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from pipeline.arrays import Floats, rounded, sample_of
from pipeline.network.layers import Layer, Weights, predict
from pipeline.tables.blocks import DataOnDisk, row_groups
from pipeline.tables.preparation import PreparedData
from pipeline.tables.splits import PARTS, ROWS_AT_ONCE

DIGITS: Final = 9
"""The significant digits of a prediction: more than float32 weights carry, fewer than differ between processors."""

SCHEMA: Final = {"row": pa.int64(), "part": pa.string(), "actual": pa.float64(), "predicted": pa.float64()}
"""The columns of predictions.parquet."""


@dataclass(frozen=True)
class Predictions:
    """The predictions of a run: `groups` are those of all rows, as the row groups of a file, and can be taken once.

    `sample` has row, part, actual, predicted and residual (actual - predicted) of at most 5,000 rows of the table,
    which are always the same: those of `sample_of`.
    """

    sample: pd.DataFrame
    groups: Iterable[pa.Table]

    @classmethod
    def of(cls, layers: Sequence[Layer], weights: Weights, data: PreparedData | DataOnDisk) -> Self:
        """Predict every row of a table with these weights (parameters,) of a model with these layers."""
        if isinstance(data, DataOnDisk):
            rows = sample_of(data.split.rows)
            chosen, places = data.take(rows)
            sample = table_of(rows, places, chosen.target, _predicted(layers, weights, chosen.features))
            return cls(with_residuals(sample), _streamed(layers, weights, data))
        return cls.of_table(predictions_of(layers, weights, data), data)

    @classmethod
    def of_table(cls, every: pd.DataFrame, data: PreparedData) -> Self:
        """Take what `predictions_of` has predicted for each row."""
        return cls(every.iloc[sample_of(len(every))], row_groups(_arrow(every[list(SCHEMA)]), data.rule))


def predictions_of(layers: Sequence[Layer], weights: Weights, data: PreparedData) -> pd.DataFrame:
    """Predict every row of a table in memory: row, part, actual, predicted, residual (actual - predicted)."""
    predicted = _predicted(layers, weights, data.features)
    return with_residuals(table_of(np.arange(len(data.target)), data.split.places(), data.target, predicted))


def by_part(every: pd.DataFrame, data: PreparedData) -> Callable[[str], Floats]:
    """What is predicted for the rows of a part (rows,), by its name, in the order of the part."""
    predicted, parts = every["predicted"].to_numpy(), data.split.parts()
    return lambda part: predicted[parts[part]]


def with_residuals(table: pd.DataFrame) -> pd.DataFrame:
    """Add the column `residual`, actual - predicted, to a table of predictions."""
    return table.assign(residual=rounded((table["actual"] - table["predicted"]).to_numpy(), DIGITS))


def _predicted(layers: Sequence[Layer], weights: Weights, features: Floats) -> Floats:
    return rounded(predict(layers, weights, features), DIGITS)


def table_of(rows: NDArray[np.int64], places: NDArray[np.int8], actual: Floats, predicted: Floats) -> pd.DataFrame:
    """Row, part, actual and predicted of some rows, each (rows,); the parts are `places` in `PARTS`."""
    names = np.array(PARTS, dtype=object)[places]
    return pd.DataFrame({"row": rows, "part": names, "actual": actual, "predicted": predicted})


def _streamed(layers: Sequence[Layer], weights: Weights, data: DataOnDisk) -> Iterator[pa.Table]:
    parts = [data.part(name) for name in PARTS]
    for block in range(data.split.blocks):
        places = data.split.places(block)
        for place, part in enumerate(parts):
            rows = part.block(block)
            numbers = block * ROWS_AT_ONCE + np.flatnonzero(places == place)
            table = table_of(numbers, places[places == place], rows.target, _predicted(layers, weights, rows.features))
            yield _arrow(table)


def _arrow(table: pd.DataFrame) -> pa.Table:
    schema = pa.schema(list(SCHEMA.items()))
    return pa.Table.from_pandas(table, schema, preserve_index=False, nthreads=1).replace_schema_metadata()
