"""From the raw table to what a model sees: split, scaling fitted on the right rows, every row normalized."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.arrays import Floats
from pipeline.params import Normalize
from pipeline.safety.errors import UserError
from pipeline.tables import reading, splits
from pipeline.tables.scaling import Scaling
from pipeline.tables.splits import Split


@dataclass(frozen=True)
class Rows:
    """The normalized features of some rows (rows, features) and their targets (rows,), both float64."""

    features: Floats
    target: Floats


@dataclass(frozen=True)
class PreparedData:
    """The table as the model sees it: every row normalized, in the raw table's order, and which part it is in."""

    settings: Normalize
    features: Floats
    target: Floats
    split: Split
    scaling: Scaling

    @property
    def names(self) -> tuple[str, ...]:
        """The features' names, in the order of the columns of `features`."""
        return self.settings.features

    @property
    def target_name(self) -> str:
        """The name of the column that is predicted."""
        return self.settings.target

    def part(self, name: str) -> Rows:
        """The rows of one part (train, validation or test), in the order in which they were drawn."""
        rows = self.split.parts()[name]
        return Rows(self.features[rows], self.target[rows])


def prepare(table: pd.DataFrame, settings: Normalize, tfjs_test_rows: Sequence[int]) -> PreparedData:
    """Normalize a raw table (rows, columns) as `settings` say.

    `tfjs_test_rows` are the rows that the split tfjs keeps for the test. Raises `UserError` for a column that the
    table lacks, a part without rows, or a feature that is constant in the rows its scaling is fitted on.
    """
    reading.check_columns(list(table.columns), settings.target, settings.features)
    if settings.split == "tfjs" and len(table) <= max(tfjs_test_rows):
        raise UserError(
            f"normalize.split is tfjs, which needs row {max(tfjs_test_rows)}, but the table has {len(table)} rows: "
            "set split to random"
        )
    raw = table[list(settings.features)].to_numpy()
    test = tfjs_test_rows if settings.split == "tfjs" else settings.test_fraction
    split = splits.draw(len(raw), settings.validation_fraction, settings.seed, test)
    scaling = Scaling.none(len(settings.features))
    if settings.scaling == "z_score":
        rows = split.train if settings.statistics_from == "train_rows" else split.train_and_validation
        scaling = Scaling.fit(raw[rows], settings.features)
    return PreparedData(settings, scaling.apply(raw), table[settings.target].to_numpy(), split, scaling)
