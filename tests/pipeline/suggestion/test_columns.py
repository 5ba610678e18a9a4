"""Tests of how a column is judged: what names the rows, repeats the target or says nothing is left out."""

import numpy as np
import pandas as pd
import pytest

from pipeline.suggestion.columns import Look, look_at
from pipeline.tables.datasets import DATASETS

ROWS = 60
DRAW = np.random.default_rng(0)
Y = pd.Series(DRAW.normal(size=ROWS).round(6), name="y")
X = pd.Series(DRAW.normal(size=ROWS).round(6))


def judged(column: "pd.Series[float] | list[object]", name: str = "it") -> Look:
    """What is decided on a column in a table with another feature and the target y."""
    table = pd.DataFrame({"x": X, name: pd.Series(column), "y": Y})
    return next(look for look in look_at(table, "y") if look.name == name)


def text(*values: str | None) -> "pd.Series[str]":
    return pd.Series([values[row % len(values)] for row in range(ROWS)], dtype="str")


@pytest.mark.parametrize(
    ("name", "column", "decision", "why"),
    [
        ("it", X * 2, "feature", "a number from"),
        ("year", np.arange(1950.0, 1950 + ROWS), "feature", "a number from 1950 to 2009"),
        ("it", np.arange(ROWS) * 3.0, "feature", "a number from 0 to 177"),
        ("it", np.arange(ROWS) % 4.0, "feature", "but with only 4 different values"),
        ("it", np.arange(ROWS) % 2.0, "feature", "a number, 0 or 1"),
        ("it", pd.Series(np.arange(ROWS) % 3 == 0, dtype="boolean"), "feature", "1 for yes, 0 for no"),
        (
            "it",
            pd.date_range("2024-01-01", periods=ROWS).to_series(index=pd.RangeIndex(ROWS)),
            "feature",
            "number of days",
        ),
        ("it", text("north", "south"), "category", "2 values: north, south"),
        ("it", text("020", "030", "060", "070"), "category", "4 codes: 020, 030, 060, ..."),
        ("zip", np.arange(ROWS) % 9 + 95800.0, "category", "postal codes, which are names"),
        ("it", np.arange(1.0, ROWS + 1), "left out", "it only counts the rows"),
        ("it", np.arange(1001.0, ROWS + 1001), "left out", "it only counts the rows"),
        ("house id", DRAW.permutation(ROWS) * 17.0 + 5, "left out", "an identifier"),
        ("it", np.full(ROWS, 3.0), "left out", "3 in every row"),
        ("it", text("same", None), "left out", "same in every row that has a value"),
        ("it", np.full(ROWS, np.nan), "left out", "every cell is empty"),
        ("it", pd.Series([1.0, 2.0] + [np.nan] * (ROWS - 2)), "left out", "58 of its 60 cells are empty"),
        ("it", text(*(f"{row}.5" for row in range(59)), "inf"), "left out", "59 of its 60 cells are numbers, but inf"),
        (
            "it",
            text(*(f"0{row % 9 + 1}/0{row // 9 + 1}/24" for row in range(54))),
            "left out",
            "write them as 2024-12-31",
        ),
        ("it", text(*(f"0{row}" for row in range(ROWS))), "left out", "nearly every row has its own"),
        ("it", text(*(f"name {row}" for row in range(ROWS))), "left out", "nearly every row has its own"),
        (
            "it",
            text(*(f"name {row}" for row in range(52))),
            "left out",
            "52 different values such as name 0; at most 50",
        ),
        ("it", text(*(f"name {row}" for row in range(20))), "left out", "too few rows for each"),
        ("it", Y * -1000 + 7, "left out", "a copy of the target"),
    ],
    ids=str,
)
def test_a_column_is_judged_by_its_cells(name: str, column: "pd.Series[float]", decision: str, why: str) -> None:
    look = judged(column, name)
    assert (look.decision, why in look.why) == (decision, True), look


def test_gaps_and_different_values_are_counted_in_all_rows_and_a_column_is_judged_where_there_is_a_target() -> None:
    table = pd.DataFrame({"x": X.mask(X.index < 5), "mark": (X.index < 3) * 1.0, "y": Y.mask(Y.index < 3)})
    x, mark, y = look_at(table, "y")
    assert [(look.gaps, look.distinct) for look in (x, mark, y)] == [(5, ROWS - 5), (0, 2), (3, ROWS - 3)]
    assert mark.why == "0 in every row"


def test_columns_that_add_up_to_the_target_are_left_out_and_others_stay() -> None:
    parts = pd.DataFrame({"x": X, "paid": X.round(1) * 3, "due": Y, "returned": (X * Y).round(2)})
    table = parts.assign(total=parts["paid"] + parts["due"] - parts["returned"])
    looks = {look.name: look for look in look_at(table, "total")}
    assert [name for name, look in looks.items() if look.is_input] == ["x"]
    assert looks["paid"].why == "paid, due and returned add up to the target"


def test_a_doubtful_column_is_left_out_of_a_copy_of_a_known_table_too() -> None:
    names = DATASETS["boston_housing"].names
    table = pd.DataFrame(np.random.default_rng(1).normal(size=(ROWS, len(names))), columns=list(names))
    table = table.rename(columns=str.upper).rename(columns={"MEDV": "Price"})
    assert [look.name for look in look_at(table, "Price") if not look.is_input] == ["B", "Price"]
    assert all(look.is_input for look in look_at(table.drop(columns="TAX"), "Price")[:-1])


def test_a_target_that_is_linear_in_the_columns_with_other_factors_is_no_sum() -> None:
    table = pd.DataFrame({"x": X, "z": Y, "y": 2 * X + 0.5 * Y})
    assert [look.name for look in look_at(table, "y") if look.is_input] == ["x", "z"]


def test_what_only_counts_the_rows_is_used_where_there_is_nothing_else() -> None:
    table = pd.DataFrame({"day": np.arange(ROWS, dtype=float), "y": Y})
    assert look_at(table, "y")[0].decision == "feature"
    assert look_at(table, "y")[0].why == "it only counts the rows, but there is nothing else to predict from"
