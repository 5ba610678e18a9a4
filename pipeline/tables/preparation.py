"""From the raw table to what a model sees: split, encoding and scaling fitted on the right rows, rows normalized."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
import pandas as pd

from pipeline.arrays import Floats
from pipeline.params import Normalize
from pipeline.safety.schema import RowNumbers
from pipeline.tables import faults, reading, splits
from pipeline.tables.encoding import Encoding
from pipeline.tables.gaps import Gaps
from pipeline.tables.kinds import FeatureKind, feature_kinds, kinds_of, numbers
from pipeline.tables.scaling import Scaling
from pipeline.tables.splits import ROWS_AT_ONCE, Split, SplitRule
from pipeline.tables.typed import Typed


@dataclass(frozen=True)
class Rows:
    """The normalized inputs of some rows (rows, features) and their targets (rows,), both float64."""

    features: Floats
    target: Floats


class Normalized:
    """What is the same however a normalized table is held."""

    settings: Normalize
    split: Split | SplitRule
    encoding: Encoding
    scaling: Scaling

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the model's inputs, in the order of their columns.

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


@dataclass(frozen=True)
class Fitted(Normalized):
    """How a table becomes what the model sees: how its rows are split, encoded and scaled."""

    settings: Normalize
    split: Split | SplitRule
    encoding: Encoding
    scaling: Scaling

    def apply(self, rows: pd.DataFrame) -> Rows:
        """Normalize rows of the raw table (rows, columns) that are used."""
        return Rows(self.scaling.apply(self.encoding.apply(rows)), numbers(rows[self.settings.target]))


@dataclass(frozen=True)
class PreparedData(Normalized):
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
    def rule(self) -> SplitRule | None:
        """The rule that split the rows, or `None` where they are listed."""
        return splits.rule_of(len(self.target), self.settings)

    def part(self, name: str) -> Rows:
        """The rows of one part (train, validation or test), in the order in which they were drawn."""
        rows = self.split.parts()[name]
        return Rows(self.features[rows], self.target[rows])

    def blocks(self, name: str) -> Iterator[Rows]:
        """The rows of one part, as the one block that they are."""
        yield self.part(name)


@dataclass(frozen=True, eq=False)
class UsedRows:
    """Those rows of a `raw` table (rows, columns) that are used, as numbers (0-based), and the `kinds` of its features.

    `left_out` says which rows are not used, if any.
    """

    raw: pd.DataFrame
    settings: Normalize
    rows: RowNumbers
    kinds: Mapping[str, FeatureKind]
    left_out: str

    @classmethod
    def of(cls, raw: pd.DataFrame, settings: Normalize) -> Self:
        """Choose the rows of a raw table.

        Raises `UserError` for columns that are not there or cannot be used, and for gaps that `settings` refuse.
        """
        target, features = settings.target, settings.features
        reading.check_columns(list(raw.columns), target, features)
        kinds = feature_kinds(kinds_of(raw), target, features, settings.categories, lambda: raw)
        gaps = Gaps(target, features, settings.missing, len(raw))
        kept = gaps.keep(raw)
        gaps.check()
        return cls(raw, settings, np.flatnonzero(kept), kinds, gaps.left_out)

    @cached_property
    def table(self) -> pd.DataFrame:
        """These rows, numbered from 0: the raw table itself where none is left out."""
        return self.raw if len(self.rows) == len(self.raw) else self.raw.iloc[self.rows].reset_index(drop=True)

    def prepare(self, tfjs_test_rows: Sequence[int]) -> PreparedData:
        """Normalize them as the settings say. Raises `UserError` as `prepare` does."""
        fitted = fit(lambda: _cut(self.table), len(self.rows), self.kinds, self.settings, tfjs_test_rows)
        data = fitted.apply(self.table)
        split, encoding, scaling = fitted.split.listed(), fitted.encoding, fitted.scaling
        return PreparedData(self.settings, data.features, data.target, split, encoding, scaling)


def prepare(table: pd.DataFrame, settings: Normalize, tfjs_test_rows: Sequence[int]) -> PreparedData:
    """Normalize a raw table (rows, columns) as `settings` say.

    `tfjs_test_rows` are the rows that the split tfjs keeps for the test. Nothing is learned from the test rows. Raises
    `UserError` for a column that the table lacks or that cannot be used, for gaps that are refused, a part without
    rows, or a feature that is constant in the rows its scaling is fitted on.
    """
    return UsedRows.of(table, settings).prepare(tfjs_test_rows)


def _cut(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    for first in range(0, len(rows), ROWS_AT_ONCE):
        yield rows.iloc[first : first + ROWS_AT_ONCE]


def fit(
    blocks: Callable[[], Iterable[pd.DataFrame]],
    count: int,
    kinds: Mapping[str, FeatureKind],
    settings: Normalize,
    tfjs_test_rows: Sequence[int],
) -> Fitted:
    """Split and measure the rows of a table that are used, `count` of them, as `prepare` does.

    `blocks` gives them anew whenever it is called, `ROWS_AT_ONCE` (rows, columns) at a time; `kinds` are those of the
    features.
    """
    split, last = splits.split_of(count, settings, tfjs_test_rows), len(settings.measured_parts)

    def measured() -> Iterator[pd.DataFrame]:
        for number, block in enumerate(blocks()):
            yield block.loc[split.places(number) < last]  # the first of `PARTS`

    encoding = Encoding.fit(measured(), kinds, settings.missing, settings.target)
    scaling = Scaling.none(len(encoding.names))
    if settings.scaling == "z_score":
        scaling = Scaling.fit_blocks(map(encoding.apply, measured()), encoding.names)
    return Fitted(settings, split, encoding, scaling)


@dataclass(frozen=True)
class PreparedFile:
    """A raw table that is normalized while it is read, block by block; `left_out` says which rows are not used."""

    fitted: Fitted
    left_out: str
    _blocks: Callable[[], Iterable[pd.DataFrame]]

    @classmethod
    def of(
        cls,
        columns: Typed,
        settings: Normalize,
        tfjs_test_rows: Sequence[int],
        place: Callable[[int], str] = faults.in_raw_table,
    ) -> Self:
        """Do what `prepare` does with a table that may be larger than the memory. Raises `UserError` as it does."""
        reading.check_columns(list(columns.kinds), settings.target, settings.features)
        used = columns.only([*settings.features, settings.target])
        kinds = feature_kinds(used.kinds, settings.target, settings.features, settings.categories, used.table, place)
        gaps = Gaps(settings.target, settings.features, settings.missing)
        if used.has_gaps:
            gaps.count(used.blocks(ROWS_AT_ONCE))
        else:
            gaps.rows = used.rows
        gaps.check()
        whole = gaps.whole if gaps.left_out else ()

        def blocks() -> Iterator[pd.DataFrame]:
            return used.blocks(ROWS_AT_ONCE, whole)

        return cls(fit(blocks, gaps.used, kinds, settings, tfjs_test_rows), gaps.left_out, blocks)

    def blocks(self) -> Iterator[Rows]:
        """The rows that are used, normalized, `ROWS_AT_ONCE` at a time."""
        return map(self.fitted.apply, self._blocks())
