"""The charts of the page Data show all the rows, the right line, the right order and the right colours."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.charts import columns
from dashboard.charts.palette import NEGATIVE, POSITIVE, REFERENCE, TEST, TRAINING, WARNING
from tests.dashboard.charts.reading import axis_title, layers, legend, lines, only, scale


@given(st.lists(st.integers(-50, 50) | st.floats(-1e9, 1e9, allow_subnormal=False), min_size=1, max_size=60))
@settings(deadline=None, max_examples=50)
def test_every_row_is_in_a_bin(values: list[float]) -> None:
    column = np.array(values, np.float64)
    assert sum(only(columns.distribution(column, columns.edges(column), "x"), "bar").seen("y")) == len(column)


@pytest.mark.parametrize(
    ("values", "mean", "side"), [([0.0, 0, 0, 1, 4], 1.0, "left"), ([0.0, 3, 3, 4, 4], 2.8, "right")]
)
def test_few_whole_numbers_get_a_bar_each_and_the_mean_a_line(values: list[float], mean: float, side: str) -> None:
    column = np.array(values)
    chart = columns.distribution(column, columns.edges(column), "rooms (number)", TEST, highest=40)
    bars = only(chart, "bar")
    assert bars.seen("x") == [-0.5, 0.5, 1.5, 2.5, 3.5]
    assert bars.seen("x2") == [0.5, 1.5, 2.5, 3.5, 4.5]
    assert bars.seen("y") == [values.count(number) for number in range(5)]
    assert set(bars.seen("color")) == {TEST}
    assert bars.hints() == {"from": "begin", "to": "end", "rows": "rows"}
    assert scale(chart, "y")["domain"] == [0, pytest.approx(1.12 * 40)]  # charts beside each other share their height
    assert scale(chart, "x")["domain"] == [-0.5, 4.5]
    assert lines(chart, "x") == {f"mean {mean:g}": pytest.approx(mean)}
    assert only(chart, "text").mark["align"] == side  # towards the middle, so that it stays in the picture
    assert (axis_title(chart, "x"), axis_title(chart, "y")) == ("rooms (number)", "rows")


@pytest.mark.parametrize("censored_at", [None, 50.0])
def test_rows_are_points_and_those_cut_off_have_another_shape_and_colour(censored_at: float | None) -> None:
    table = pd.DataFrame({"row": [4, 5, 6], "feature": [3.0, 1, 2], "target": [50.0, 20, 50.1]})
    chart = columns.against_target(table, np.arange(3), ("rooms (number)", "price ($1000)"), censored_at)
    dots = only(chart, "point")
    assert (dots.seen("x"), dots.seen("y")) == ([3, 1, 2], [50, 20, 50.1])
    assert (axis_title(chart, "x"), axis_title(chart, "y")) == ("rooms (number)", "price ($1000)")
    assert dots.hints() == {"row": "row", "rooms (number)": "feature", "price ($1000)": "target"}
    low, high = scale(chart, "y")["domain"]
    assert low < 20 < 50.1 < high
    assert not scale(chart, "x")["zero"]
    if censored_at is None:
        assert dots.seen("color") == [TRAINING] * 3
    else:
        assert dots.seen("color") == [WARNING, TRAINING, WARNING]
        assert dots.seen("shape") == ["triangle-up", "circle", "triangle-up"]
        assert legend(chart, "color") == {"in the range": TRAINING, "cut off at 50": WARNING}
        assert legend(chart, "shape").keys() == legend(chart, "color").keys()


def test_of_a_long_table_a_part_is_drawn_but_the_line_is_of_all() -> None:
    x = np.arange(5_000.0)
    table = pd.DataFrame({"row": range(5_000), "feature": x, "target": x**2})
    chart = columns.against_target(table, np.array([7, 9]), ("x", "y"), None)
    assert only(chart, "point").seen("x") == [7, 9]
    slope, level = np.polyfit(x, x**2, 1)
    line = only(chart, "line")
    assert line.seen("x") == [0, 4_999]
    np.testing.assert_allclose(line.seen("y"), level + slope * np.array([0, 4_999]))
    assert set(line.seen("color")) == {REFERENCE}
    constant = pd.DataFrame({"row": range(3), "feature": [7.0] * 3, "target": [1.0, 2, 6]})
    flat = only(columns.against_target(constant, np.arange(3), ("x", "y"), None), "line").seen("y")
    np.testing.assert_allclose(flat, [3, 3])


def test_columns_are_ranked_by_the_size_of_their_correlation_and_one_that_never_varies_comes_last() -> None:
    x = np.arange(20.0)
    table = pd.DataFrame({"constant": 1.0, "weak": x % 5, "against": -x + x % 3, "target": x, "same": 2 * x})
    ranked = columns.strongest(table.corr(), "target")
    assert list(ranked.index) == ["same", "against", "weak", "constant"]
    assert ranked["same"] == pytest.approx(1)
    assert ranked["against"] < 0


def test_a_correlation_has_the_colour_of_its_sign_and_the_strength_of_its_size() -> None:
    values = np.random.default_rng(1).standard_normal((40, 3))
    values[:, 1] -= 2 * values[:, 0]
    names = ["price", "age", "rooms"]
    table = pd.DataFrame(values, columns=names).assign(constant=1.0)
    chart = columns.correlation_matrix(table.corr(), {"age": "old homes (age)"})
    expected = np.corrcoef(values, rowvar=False)
    cells, numbers = only(chart, "rect"), only(chart, "text")
    assert cells.order("x") == cells.order("y") == names  # the constant column has no correlation
    drawn = zip(cells.seen("y"), cells.seen("x"), cells.seen("color"), cells.seen("opacity"), strict=True)
    found = {(row, column): (colour, strength) for row, column, colour, strength in drawn}
    for (row, column), r in np.ndenumerate(expected):
        colour, strength = found[names[row], names[column]]
        assert colour == (NEGATIVE if r < 0 else POSITIVE)
        assert strength == pytest.approx(abs(r))
    assert len(found) == expected.size
    assert legend(chart, "color") == {"rise together": POSITIVE, "one rises as the other falls": NEGATIVE}
    np.testing.assert_allclose(numbers.seen("text"), expected.ravel())
    assert (numbers.seen("y"), numbers.seen("x")) == (cells.seen("y"), cells.seen("x"))
    assert set(numbers.seen("color")) == {"currentColor"}
    assert cells.hints() == {"row": "row title", "column": "column title", "correlation": "r"}
    titles = {"price": "price", "age": "old homes (age)", "rooms": "rooms"}
    for side, axis in (("row", "y"), ("column", "x")):
        assert cells.rows[f"{side} title"].tolist() == [titles[name] for name in cells.seen(axis)]


@pytest.mark.parametrize(("count", "marks"), [(14, ["rect", "text"]), (15, ["rect"])])
def test_the_matrix_has_numbers_where_there_is_room(count: int, marks: list[str]) -> None:
    table = pd.DataFrame(np.random.default_rng(0).standard_normal((30, count)), columns=[f"c{i}" for i in range(count)])
    chart = columns.correlation_matrix(table.corr())
    assert [layer.mark["type"] for layer in layers(chart)] == marks
    assert len(only(chart, "rect").rows) == count**2
