"""From the columns of a table to the inputs of a model: one for a number, several for a category, one for gaps."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import ClassVar, Final, Self

import numpy as np
import pandas as pd
from pydantic import ConfigDict

from pipeline.arrays import Floats, rounded
from pipeline.params import Missing
from pipeline.safety.errors import UserError
from pipeline.safety.schema import STRICT
from pipeline.tables.kinds import FeatureKind, RawColumn, numbers, texts
from pipeline.tables.names import distinct, listed

MAX_VALUES: Final = 50
"""Of one category."""

MAX_INPUTS: Final = 500


@dataclass(frozen=True)
class Feature:
    """How a feature becomes `inputs`, which are their names.

    A number is one input, as are yes or no (1 or 0) and a date (days since 1970-01-01). A category is one input, 1 or
    0, for each of its `values`; a value that is not among them is 0 in all. `fill` is what these inputs are in a row
    where the feature is missing, and `None` where it must not be. Where it `tells_gaps`, a last input is 1 in such a
    row and 0 elsewhere.
    """

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: str
    kind: FeatureKind
    values: tuple[str, ...]
    fill: float | None
    tells_gaps: bool
    inputs: tuple[str, ...]

    def __post_init__(self) -> None:
        """Raise `ValueError` unless there is a name for each input."""
        if len(self.inputs) != (len(self.values) if self.kind == "category" else 1) + self.tells_gaps:
            raise ValueError(f"the feature {self.name!r} has {len(self.inputs)} inputs")

    def apply(self, column: RawColumn) -> Floats:
        """Turn a column of any table (rows,) into inputs (rows, inputs); NaN where a cell must not be missing."""
        if self.kind == "category":
            places, different = pd.factorize(column)
            given = dict(zip(texts(pd.Series(different)), range(len(different)), strict=True))
            columns = [(places == given.get(value, len(different))).astype(np.float64) for value in self.values]
        else:
            columns = [numbers(column)]
        gaps = column.isna().to_numpy()
        filled = [np.where(gaps, np.nan if self.fill is None else self.fill, inputs) for inputs in columns]
        return np.column_stack([*filled, gaps.astype(np.float64)] if self.tells_gaps else filled)


@dataclass(frozen=True)
class Encoding:
    """How the features of a table become the inputs of a model, in order."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    features: tuple[Feature, ...]

    @classmethod
    def fit(
        cls, blocks: Iterable[pd.DataFrame], kinds: Mapping[str, FeatureKind], missing: Missing, target: str
    ) -> Self:
        """Learn the values of categories, the means and which features have gaps from blocks of rows of a table.

        `kinds` are those of the features, in order; no input is named as the `target`. Raises `UserError` for features
        that are missing in all these rows, for a category with one value, and for too many values or inputs.
        """
        looks = {name: _Look(kind == "category") for name, kind in kinds.items()}
        if missing == "mean" or "category" in kinds.values():  # otherwise there is nothing to learn
            for block in blocks:
                for name, look in looks.items():
                    look.add(block[name])
            if empty := [name for name, look in looks.items() if not look.cells]:
                raise UserError(
                    f"no training row has a value in {listed(empty)}: take what is empty out of normalize.features"
                )
        taken, features = {*kinds, target}, []
        for name, kind in kinds.items():
            feature = _fit(name, looks[name], kind, missing, taken)
            features.append(feature)
            taken |= {*feature.inputs}
        _check_limits(features)
        return cls(tuple(features))

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all inputs, no two of which are the same."""
        return tuple(name for feature in self.features for name in feature.inputs)

    @property
    def places(self) -> dict[str, slice]:
        """Where the inputs of each feature are among all, by its name."""
        ends = accumulate((len(feature.inputs) for feature in self.features), initial=0)
        return {feature.name: slice(*ends) for feature, ends in zip(self.features, pairwise(ends), strict=True)}

    @property
    def kinds(self) -> dict[str, FeatureKind]:
        """The kind of each feature, by its name."""
        return {feature.name: feature.kind for feature in self.features}

    @property
    def is_plain(self) -> bool:
        """Whether each feature is a number that must not be missing, and so is an input as it is."""
        return all(feature.kind == "number" and feature.fill is None for feature in self.features)

    def totals(self, parts: Floats) -> Floats:
        """Add up the parts of all inputs (inputs,) to those of the features (features,)."""
        return np.array([parts[place].sum() for place in self.places.values()])

    def apply(self, table: pd.DataFrame) -> Floats:
        """Turn the features of any table (rows, columns) into inputs (rows, inputs).

        Of a feature that is missing where the training rows allow no gap, each input is NaN.
        """
        return np.column_stack([feature.apply(table[feature.name]) for feature in self.features])


@dataclass
class _Look:
    """What is learned of a column, block by block: its different `values`, or the `mean` of its `cells`."""

    is_category: bool
    cells: int = 0
    has_gaps: bool = False
    mean: float = 0.0
    values: RawColumn | None = None

    def add(self, column: RawColumn) -> None:
        """Look at some more cells (rows,)."""
        filled = column.dropna()
        self.has_gaps = self.has_gaps or len(filled) < len(column)
        self.cells += len(filled)
        if self.is_category:
            new = filled.drop_duplicates()
            self.values = new if self.values is None else pd.concat([self.values, new]).drop_duplicates()
        elif len(filled):
            self.mean += (float(np.mean(numbers(filled))) - self.mean) * (len(filled) / self.cells)


def _fit(name: str, look: _Look, kind: FeatureKind, missing: Missing, taken: Collection[str]) -> Feature:
    tells_gaps = missing == "mean" and look.has_gaps
    values: tuple[str, ...] = ()
    inputs, fill = [name], 0.0
    if look.values is not None:
        values = tuple(dict.fromkeys(text for text in texts(look.values.sort_values()) if text is not None))
        inputs = []
    else:
        fill = float(rounded(np.array([look.mean]), 12)[0])
    derived = [f"{name}={value}" for value in values]
    for new in [*derived, f"{name} is missing"] if tells_gaps else derived:
        inputs.append(distinct(new, {*taken, *inputs}, "input"))
    return Feature(name, kind, values, fill if missing == "mean" else None, tells_gaps, tuple(inputs))


def _check_limits(features: Sequence[Feature]) -> None:
    """Raise `UserError` for a category with one value or too many, and for too many inputs."""
    categories = [feature for feature in features if feature.kind == "category"]
    for feature in categories:
        if len(feature.inputs) == 1:
            raise UserError(
                f"the column {feature.name!r} is {feature.values[0]!r} in every training row and tells nothing: "
                "take it out of normalize.features"
            )
    large = [f"{each.name!r} has {len(each.values):,}" for each in categories if len(each.values) > MAX_VALUES]
    if large:
        raise UserError(
            f"too many values for a category: {', '.join(large)} in the training rows, and at most {MAX_VALUES} are "
            "handled: take it out of normalize.features, or join its rare values in the table"
        )
    inputs = sum(len(feature.inputs) for feature in features)
    if inputs > MAX_INPUTS:
        most = max(features, key=lambda feature: len(feature.inputs))
        raise UserError(
            f"the features make {inputs:,} inputs of the model, and at most {MAX_INPUTS} are handled: take some out of "
            f"normalize.features; {most.name!r} makes {len(most.inputs)}"
        )
