"""From the raw table to what a model sees: split, encoding and scaling fitted on the right rows, rows normalized."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.arrays import Floats
from pipeline.params import Normalize
from pipeline.safety.errors import UserError
from pipeline.tables import faults, reading, splits
from pipeline.tables.encoding import Encoding
from pipeline.tables.gaps import KeptRows
from pipeline.tables.kinds import feature_kinds, numbers
from pipeline.tables.scaling import Scaling
from pipeline.tables.splits import Split, SplitRule


@dataclass(frozen=True)
class Rows:
    """The normalized inputs of some rows (rows, features) and their targets (rows,), both float64."""

    features: Floats
    target: Floats


@dataclass(frozen=True)
class PreparedData:
    """The table as the model sees it: each row that is used, normalized, and which part it is in.

    The rows are those of the raw table that are not left out, in its order, and are counted without those. `encoding`
    says which columns of `features` (rows, inputs) come from which feature of the raw table.
    """

    settings: Normalize
    features: Floats
    target: Floats
    split: Split
    encoding: Encoding
    scaling: Scaling

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the model's inputs, in the order of the columns of `features`.

        For a table of numbers without gaps they are those of the features.
        """
        return self.encoding.names

    @property
    def target_name(self) -> str:
        """The name of the column that is predicted."""
        return self.settings.target

    @property
    def sizes(self) -> dict[str, int]:
        """How many rows each part has, by its name."""
        return self.split.sizes

    @property
    def rule(self) -> SplitRule | None:
        """The rule that split the rows, or `None` where they are listed."""
        now = self.settings
        fixed = now.split == "tfjs"
        return None if fixed else splits.rule_of(len(self.target), now.validation_fraction, now.seed, now.test_fraction)

    def part(self, name: str) -> Rows:
        """The rows of one part (train, validation or test), in the order in which they were drawn."""
        rows = self.split.parts()[name]
        return Rows(self.features[rows], self.target[rows])

    def blocks(self, name: str) -> Iterator[Rows]:
        """The rows of one part, as the one block that they are."""
        yield self.part(name)


def kept_rows(table: pd.DataFrame, settings: Normalize, place: Callable[[int], str] = faults.in_raw_table) -> KeptRows:
    """Choose the rows of a raw table (rows, columns) that are used; `place` says where a row (0-based) stands.

    Raises `UserError` for columns that are not there or cannot be used, and for gaps that `settings` refuse.
    """
    reading.check_columns(list(table.columns), settings.target, settings.features)
    feature_kinds(table, settings.target, settings.features, settings.categories, place)
    return KeptRows.of(table, settings.target, settings.features, settings.missing)


def prepare(
    table: pd.DataFrame,
    settings: Normalize,
    tfjs_test_rows: Sequence[int],
    place: Callable[[int], str] = faults.in_raw_table,
) -> PreparedData:
    """Normalize a raw table (rows, columns) as `settings` say.

    `tfjs_test_rows` are the rows that the split tfjs keeps for the test; `place` says where a row (0-based) stands, for
    what is wrong with it. Nothing is learned from the test rows. Raises `UserError` for a column that the table lacks
    or that cannot be used, for gaps that are refused, a part without rows, or a feature that is constant in the rows
    its scaling is fitted on.
    """
    rows = table.iloc[kept_rows(table, settings, place).rows]
    if settings.split == "tfjs" and len(rows) <= max(tfjs_test_rows):
        raise UserError(
            f"normalize.split is tfjs, which needs row {max(tfjs_test_rows)}, but the table has {len(rows)} rows: "
            "set split to random"
        )
    test = tfjs_test_rows if settings.split == "tfjs" else settings.test_fraction
    split = splits.draw(len(rows), settings.validation_fraction, settings.seed, test)
    measured = split.train if settings.statistics_from == "train_rows" else split.train_and_validation
    kinds = feature_kinds(table, settings.target, settings.features, settings.categories)
    encoding = Encoding.fit(rows.iloc[measured], kinds, settings.missing, settings.target)
    inputs = encoding.apply(rows)
    scaling = Scaling.none(len(encoding.names))
    if settings.scaling == "z_score":
        scaling = Scaling.fit(inputs[measured], encoding.names)
    target = numbers(rows[settings.target])
    return PreparedData(settings, scaling.apply(inputs), target, split, encoding, scaling)
