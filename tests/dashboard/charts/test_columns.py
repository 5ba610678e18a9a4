"""The charts of the page Data show all the rows, the right line and the right order."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.charts import columns


def drawn(spec: dict[str, Any], layer: int) -> pd.DataFrame:
    """The rows that a layer draws."""
    data = spec["layer"][layer].get("data") or spec["data"]  # Altair lifts what all layers share
    return pd.DataFrame(spec["datasets"][data["name"]])


@given(st.lists(st.integers(-50, 50) | st.floats(-1e9, 1e9, allow_subnormal=False), min_size=1, max_size=60))
@settings(deadline=None, max_examples=50)
def test_every_row_is_in_a_bin(values: list[float]) -> None:
    column = np.array(values, np.float64)
    table = drawn(columns.distribution(column, columns.edges(column), "x"), 0)
    assert table["rows"].sum() == len(column)


def test_few_whole_numbers_get_a_bin_each() -> None:
    column = np.array([0.0, 0, 0, 1, 3])
    assert drawn(columns.distribution(column, columns.edges(column), "x"), 0)["rows"].tolist() == [3, 1, 0, 1]


def test_distributions_beside_each_other_share_their_height() -> None:
    column = np.array([1.0, 2, 3])
    chart = columns.distribution(column, columns.edges(column), "x", highest=40)
    assert chart["layer"][0]["encoding"]["y"]["scale"]["domain"][1] == pytest.approx(1.12 * 40)


def test_a_feature_that_never_varies_gets_a_level_line() -> None:
    table = pd.DataFrame({"row": range(3), "feature": [7.0] * 3, "target": [1.0, 2, 6]})
    assert drawn(columns.against_target(table, ("x", "y"), None), 1)["target"].tolist() == [3, 3]


def test_rows_that_were_cut_off_are_distinguished_by_shape() -> None:
    table = pd.DataFrame({"row": range(3), "feature": [1.0, 2, 3], "target": [20.0, 50, 50]})
    chart = columns.against_target(table, ("x", "y"), 50.0)
    assert drawn(chart, 0)["kind"].tolist() == ["in the range", "cut off at 50", "cut off at 50"]
    assert chart["layer"][0]["encoding"]["shape"]["scale"]["range"] == ["circle", "triangle-up"]


def test_of_a_long_table_a_part_is_drawn_but_the_line_is_of_all() -> None:
    x = np.arange(5_000.0)
    table = pd.DataFrame({"row": range(5_000), "feature": x, "target": x**2})
    chart = columns.against_target(table, ("x", "y"), None)
    assert len(drawn(chart, 0)) == columns.MAX_POINTS
    slope, level = np.polyfit(x, x**2, 1)
    np.testing.assert_allclose(drawn(chart, 1)["target"], level + slope * np.array([0, 4_999]))


def test_columns_are_ranked_by_the_size_of_their_correlation_and_one_that_never_varies_comes_last() -> None:
    x = np.arange(20.0)
    table = pd.DataFrame({"constant": 1.0, "weak": x % 5, "against": -x + x % 3, "target": x, "same": 2 * x})
    ranked = columns.strongest(table, "target")
    assert list(ranked.index) == ["same", "against", "weak", "constant"]
    assert ranked["same"] == pytest.approx(1)
    assert ranked["against"] < 0


@pytest.mark.parametrize(("count", "layers"), [(3, 2), (14, 2), (15, 1)])
def test_the_matrix_has_numbers_where_there_is_room(count: int, layers: int) -> None:
    table = pd.DataFrame(np.random.default_rng(0).standard_normal((30, count)), columns=[f"c{i}" for i in range(count)])
    chart = columns.correlation_matrix(table, "black")
    assert len(chart["layer"]) == layers
    cells = drawn(chart, 0).set_index(["row", "column"])["r"]
    np.testing.assert_allclose(cells[("c0", "c2")], np.corrcoef(table["c0"], table["c2"])[0, 1])
    assert len(cells) == count**2
