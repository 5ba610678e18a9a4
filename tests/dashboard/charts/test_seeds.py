"""The charts of many runs: two groups of seeds with their spread and the marks beside, and the loss over the rates."""

from typing import Any, Final

import numpy as np
import pandas as pd
import pytest

from dashboard.charts.seeds import OTHER_ROWS, RECORDED, SAME_ROWS, TUTORIAL, over_rates, spread
from tests.dashboard.charts.reading import axis_title, is_logarithmic, layers, lines, only, scale

SAME: Final = pd.Series([22.0, 24.0, np.nan, 29.0], index=[7, 8, 9, 10])
OTHER: Final = pd.Series([31.0, 35.0, 48.0, 40.0], index=[7, 8, 9, 10])
MARKS: Final = {RECORDED: 23.5, TUTORIAL: 60.25}
BLUE, GREEN, ORANGE, RED = "#2f80c9", "#1f9e89", "#d97a1e", "#c8553d"


def drawn(marks: dict[str, float] = MARKS) -> dict[str, Any]:
    return spread(SAME, OTHER, marks, "test MSE")


def swept(limit: float | None = 0.725, chosen: float = 0.01) -> dict[str, Any]:
    """Six runs: the fourth ends above the chart, the last two diverged."""
    losses = [300.0, 25.0, 22.0, 5e6, np.nan, np.nan]
    table = pd.DataFrame({"learning_rate": [1e-4, 1e-3, 1e-2, 0.1, 1.0, 2.0], "loss": losses})
    return over_rates(table, "training MSE", (15.0, 8000.0), limit, chosen, {"mean": 80.0, "least": 20.0})


def test_each_run_is_a_dot_in_the_strip_of_its_group_with_its_seed() -> None:
    dots = only(drawn(), "circle")
    shown = list(zip(dots.rows["group"], dots.rows["seed"], dots.seen("x"), dots.seen("color"), strict=True))
    same = [(SAME_ROWS, 7, 22, BLUE), (SAME_ROWS, 8, 24, BLUE), (SAME_ROWS, 10, 29, BLUE)]
    other = [(OTHER_ROWS, seed, error, GREEN) for seed, error in zip(OTHER.index, OTHER, strict=True)]
    assert shown == [*same, *other]
    assert dots.hints() == {"group": "group", "seed": "seed", "test MSE": "error"}
    assert axis_title(drawn(), "x") == "test MSE"
    assert not is_logarithmic(drawn(), "x")
    assert scale(drawn(), "x")["zero"] is False


def test_the_strip_of_the_same_rows_is_above_and_each_has_its_name_above_its_dots() -> None:
    chart = drawn()
    dots, bands = only(chart, "circle"), only(chart, "rect")
    heights = pd.Series(dots.seen("y")).groupby(dots.rows["group"])
    names = {layer.seen("text")[0]: layer.seen("y")[0] for layer in layers(chart, "text")[:2]}
    sides = dict(zip(bands.rows["group"], zip(bands.seen("y"), bands.seen("y2"), strict=True), strict=True))
    assert heights.min()[SAME_ROWS] > heights.max()[OTHER_ROWS]
    for group in (SAME_ROWS, OTHER_ROWS):
        assert sides[group][0] < heights.min()[group] < heights.max()[group] < sides[group][1] < names[group]
    assert sides[SAME_ROWS][0] > names[OTHER_ROWS]
    low, high = scale(chart, "y")["domain"]
    assert low < sides[OTHER_ROWS][0]
    assert names[SAME_ROWS] < high


def test_the_band_is_one_sample_deviation_to_each_side_of_the_mean_of_the_runs_that_ended() -> None:
    bands, means = only(drawn(), "rect"), layers(drawn(), "rule")[0]
    groups = [np.array([22.0, 24.0, 29.0]), np.array([31.0, 35.0, 48.0, 40.0])]
    expected = [
        (errors.mean(), np.sqrt(((errors - errors.mean()) ** 2).sum() / (len(errors) - 1))) for errors in groups
    ]
    np.testing.assert_allclose(bands.seen("x"), [mean - deviation for mean, deviation in expected])
    np.testing.assert_allclose(bands.seen("x2"), [mean + deviation for mean, deviation in expected])
    np.testing.assert_allclose(means.seen("x"), [mean for mean, _ in expected])
    assert bands.seen("color") == means.seen("color") == [BLUE, GREEN]
    assert means.seen("y") == bands.seen("y")
    assert means.seen("y2") == bands.seen("y2")


@pytest.mark.parametrize("marks", [MARKS, {RECORDED: 23.5}, {TUTORIAL: 60.25}], ids=list)
def test_the_recorded_run_and_the_tutorials_are_marked_where_they_are_given(marks: dict[str, float]) -> None:
    chart = drawn(marks)
    assert lines(chart, "x") == marks
    rules = {layer.rows["name"].iloc[0]: layer for layer in layers(chart, "rule")[1:]}
    looks = {name: (rule.seen("color"), rule.mark["strokeDash"]) for name, rule in rules.items()}
    assert looks == {name: look for name, look in {
        RECORDED: ([ORANGE], [1, 0]), TUTORIAL: ([RED], [6, 3]),
    }.items() if name in marks}  # fmt: skip
    named = [(layer.seen("text"), layer.seen("color")) for layer in layers(chart, "text")[2:]]
    assert named == [([name], rules[name].seen("color")) for name in marks]


def test_runs_that_ended_are_a_line_with_dots_and_the_others_triangles_at_the_top() -> None:
    chart = swept()
    for kind in ("line", "circle"):
        ended = only(chart, kind)
        assert dict(zip(ended.seen("x"), ended.seen("y"), strict=True)) == {1e-4: 300, 1e-3: 25, 1e-2: 22}
    lost = only(chart, "point")
    assert dict(zip(lost.seen("x"), lost.seen("y"), strict=True)) == {0.1: 8000, 1: 8000, 2: 8000}
    assert (lost.mark["shape"], lost.mark["color"]) == ("triangle-up", RED)
    assert lost.rows["fate"].tolist() == ["above the chart", "diverged", "diverged"]
    assert lost.hints() == ended.hints()
    above = {title: lost.rows[column].iloc[0] for title, column in lost.hints().items()}
    assert above == {"learning rate": 0.1, "training MSE": 5e6, "fate": "above the chart"}


@pytest.mark.parametrize(
    ("limit", "chosen", "expected"),
    [
        (0.725, 0.01, {"recorded": 0.01, "limit 0.725": 0.725}),
        (None, 0.01, {"recorded": 0.01}),
        (0.725, 1e-6, {"limit 0.725": 0.725}),  # a rate that was not swept is beyond the picture
        (0.725, 3.1, {"limit 0.725": 0.725}),
    ],
)
def test_the_recorded_rate_and_the_limit_are_lines_at_their_rates(
    limit: float | None, chosen: float, expected: dict[str, float]
) -> None:
    chart = swept(limit, chosen)
    assert lines(chart, "x") == expected
    rules = [layer for layer in layers(chart, "rule") if "x" in layer.encoding]
    looks = {rule.seen("x")[0]: (rule.mark["color"], rule.mark["strokeDash"]) for rule in rules}
    styles = {0.01: (ORANGE, [1, 0]), 0.725: (RED, [6, 3])}
    assert looks == {rate: styles[rate] for rate in expected.values()}


def test_both_axes_are_logarithmic_with_the_ends_and_the_titles_given_and_references_are_lines_across() -> None:
    chart = swept()
    assert lines(chart, "y") == {"mean": 80, "least": 20}
    for place, title, ends in (("x", "learning rate", [9e-5, 2.2]), ("y", "training MSE", [15, 8000])):
        assert is_logarithmic(chart, place)
        assert axis_title(chart, place) == title
        assert scale(chart, place)["domain"] == pytest.approx(ends)
