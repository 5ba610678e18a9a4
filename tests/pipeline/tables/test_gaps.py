"""Gaps: which rows are used, what is said of the others, and what is refused."""

import numpy as np
import pandas as pd
import pytest

from pipeline.params import Missing
from pipeline.safety.errors import UserError
from pipeline.tables.gaps import Gaps

TABLE = pd.DataFrame(
    {
        "lot": [1.0, np.nan, 3.0, np.nan, 5.0],
        "town": pd.Series(["a", "b", None, None, "e"], dtype="str"),
        "whole": range(5),
        "unused": [np.nan] * 5,
        "price": [1.0, 2.0, 3.0, np.nan, np.nan],
    }
)


def used(table: pd.DataFrame, target: str, features: tuple[str, ...], missing: Missing) -> tuple[list[int], str]:
    """The rows of a table that are used, and what is said of the others."""
    gaps = Gaps(target, features, missing, len(table))
    rows = np.flatnonzero(gaps.keep(table)).tolist()
    gaps.check()
    return rows, gaps.left_out


@pytest.mark.parametrize(
    ("missing", "rows", "said"),
    [
        ("drop_rows", [0], "left out of 5 rows: 2 without a target, 2 with gaps in lot, town"),
        ("mean", [0, 1, 2], "left out of 5 rows: 2 without a target"),
    ],
)
def test_rows_are_left_out_and_counted(missing: Missing, rows: list[int], said: str) -> None:
    assert used(TABLE, "price", ("lot", "town", "whole"), missing) == (rows, said)


@pytest.mark.parametrize("missing", ["refuse", "drop_rows", "mean"])
def test_of_a_table_without_gaps_every_row_is_kept_and_nothing_said(missing: Missing) -> None:
    assert used(TABLE.assign(other=1.0), "whole", ("other",), missing) == ([0, 1, 2, 3, 4], "")


def test_refused_gaps_are_counted_in_every_column_that_is_used() -> None:
    with pytest.raises(UserError) as refusal:
        used(TABLE, "price", ("lot", "town", "whole"), "refuse")
    assert str(refusal.value) == (
        "normalize.missing is refuse, but cells are missing in 'lot' (2 of 5 rows), 'town' (2 of 5 rows), 'price' "
        "(2 of 5 rows): set it to drop_rows or mean, fill the cells in, or take the columns out of normalize.features"
    )


def test_an_empty_column_and_a_table_of_which_no_row_is_whole_are_refused() -> None:
    with pytest.raises(UserError, match="no value in any row of 'unused': take what is empty out"):
        used(TABLE, "price", ("lot", "unused"), "mean")
    crossed = TABLE.assign(lot=[np.nan, 1, 1, 1, 1], town=TABLE["town"].where(TABLE.index == 0))
    with pytest.raises(UserError, match=r"no row has a target and all features: set .* to mean, or take out 'lot', 't"):
        used(crossed, "price", ("lot", "town"), "drop_rows")
