"""Gaps: which rows of a table are used, and what is said of the others."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from pipeline.params import Missing
from pipeline.safety.errors import UserError
from pipeline.safety.schema import RowNumbers
from pipeline.tables.names import listed


@dataclass(frozen=True)
class KeptRows:
    """The `rows` (0-based) of a table that are used, in order, and what to say of those that are `left_out`, if any."""

    rows: RowNumbers
    left_out: str

    @classmethod
    def of(cls, table: pd.DataFrame, target: str, features: Sequence[str], missing: Missing) -> Self:
        """Choose the rows that have a target and, for `missing` drop_rows, all features.

        Raises `UserError` for gaps that `missing` refuses, naming all columns that have any, and for a column that is
        empty.
        """
        gaps = table[[*features, target]].isna()
        if empty := [str(name) for name in gaps.columns[gaps.all()]]:
            raise UserError(
                f"there is no value in any row of {listed(empty)}: take what is empty out of normalize.features, or "
                "choose another target"
            )
        counts = {str(name): int(count) for name, count in gaps.sum().items() if count}
        if missing == "refuse" and counts:
            found = ", ".join(f"{name!r} ({count:,} of {len(table):,} rows)" for name, count in counts.items())
            raise UserError(
                f"normalize.missing is refuse, but cells are missing in {found}: set it to drop_rows or mean, fill the "
                "cells in, or take the columns out of normalize.features"
            )
        no_target = gaps[target].to_numpy()
        no_feature = gaps[list(features)].any(axis=1).to_numpy() & ~no_target & (missing == "drop_rows")
        kept = np.flatnonzero(~no_target & ~no_feature)
        if not len(kept):
            raise UserError(
                f"no row has a target and all features: set normalize.missing to mean, or take out "
                f"{listed(name for name in counts if name != target)}"
            )
        return cls(kept, _left_out(table, no_target, no_feature, [name for name in counts if name != target]))


def _left_out(
    table: pd.DataFrame, no_target: NDArray[np.bool_], no_feature: NDArray[np.bool_], with_gaps: Sequence[str]
) -> str:
    """Say how many rows are not used, and why: `12 of 506 rows left out: 10 without a target, 2 with gaps in lot`."""
    parts = [f"{no_target.sum():,} without a target"] if no_target.any() else []
    if no_feature.any():
        names = [name for name in with_gaps if table[name].isna().to_numpy()[no_feature].any()]
        parts.append(f"{no_feature.sum():,} with gaps in {', '.join(names)}")
    count = int(no_target.sum() + no_feature.sum())
    return f"{count:,} of {len(table):,} rows left out: {', '.join(parts)}" if count else ""
