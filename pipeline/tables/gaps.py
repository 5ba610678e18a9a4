"""Gaps: which rows of a table are used, and what is said of the others."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.params import Missing
from pipeline.safety.errors import UserError
from pipeline.tables.names import listed


@dataclass
class Gaps:
    """The gaps in the `target` and the `features` of so many `rows`, counted by the names of those that have any.

    A row is used that has a target and, for `missing` drop_rows, all features. `no_target` and `no_feature` rows are
    not; `beside` are the features with gaps in the latter.
    """

    target: str
    features: tuple[str, ...]
    missing: Missing
    rows: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    no_target: int = 0
    no_feature: int = 0
    beside: set[str] = field(default_factory=set)

    @property
    def whole(self) -> tuple[str, ...]:
        """The columns in which a row that is used has a value."""
        return (*self.features, self.target) if self.missing == "drop_rows" else (self.target,)

    @property
    def used(self) -> int:
        """How many rows are used."""
        return self.rows - self.no_target - self.no_feature

    @property
    def left_out(self) -> str:
        """How many rows are not used, and why: `left out of 506 rows: 10 without a target, 2 with gaps in lot`."""
        parts = [f"{self.no_target:,} without a target"] if self.no_target else []
        if self.no_feature:
            names = [name for name in self.features if name in self.beside]
            parts.append(f"{self.no_feature:,} with gaps in {', '.join(names)}")
        return f"left out of {self.rows:,} rows: {', '.join(parts)}" if parts else ""

    def count(self, blocks: Iterable[pd.DataFrame]) -> Self:
        """Count in blocks of a table (rows, columns)."""
        for block in blocks:
            self.rows += len(block)
            self.keep(block)
        return self

    def keep(self, block: pd.DataFrame) -> NDArray[np.bool_]:
        """Count in some rows (rows, columns), and say which of them (rows,) are used."""
        gaps = block[[*self.features, self.target]].isna()
        for name, count in gaps.sum().items():
            if count:
                self.counts[str(name)] = self.counts.get(str(name), 0) + int(count)
        no_target = gaps[self.target].to_numpy()
        features = gaps[list(self.features)]
        no_feature = features.any(axis=1).to_numpy() & ~no_target & (self.missing == "drop_rows")
        self.no_target += int(no_target.sum())
        self.no_feature += int(no_feature.sum())
        self.beside |= {str(name) for name in features.columns[features.loc[no_feature].any()]}
        kept: NDArray[np.bool_] = ~no_target & ~no_feature
        return kept

    def check(self) -> None:
        """Raise `UserError` for gaps that `missing` refuses, naming all columns that have any, and for an empty one."""
        if empty := [name for name in (*self.features, self.target) if self.counts.get(name) == self.rows]:
            raise UserError(
                f"there is no value in any row of {listed(empty)}: take what is empty out of normalize.features, or "
                "choose another target"
            )
        counts = {name: self.counts[name] for name in (*self.features, self.target) if name in self.counts}
        if self.missing == "refuse" and counts:
            found = ", ".join(f"{name!r} ({count:,} of {self.rows:,} rows)" for name, count in counts.items())
            raise UserError(
                f"normalize.missing is refuse, but cells are missing in {found}: set it to drop_rows or mean, fill the "
                "cells in, or take the columns out of normalize.features"
            )
        if not self.used:
            raise UserError(
                f"no row has a target and all features: set normalize.missing to mean, or take out "
                f"{listed(name for name in counts if name != self.target)}"
            )
