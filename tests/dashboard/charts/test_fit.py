"""The charts of predictions and residuals put each row where it belongs and mark the targets that were cut off."""

from collections.abc import Callable

import pandas as pd
import pytest

from dashboard.charts import fit
from dashboard.charts.palette import REFERENCE, TEST, WARNING
from tests.dashboard.charts.reading import Chart, axis_title, layers, legend, only

ACTUAL, PREDICTED = [20.0, 50.0, 12.0], [23.0, 41.0, -4.0]
ROWS = pd.DataFrame(
    {"residual": [-3.0, 9.0, 16.0], "predicted": PREDICTED, "row": [7, 8, 11], "part": "test", "actual": ACTUAL}
)
UNIT = " ($1000)"


def predictions(censored_at: float | None) -> Chart:
    return fit.predicted_against_actual(ROWS, f"price{UNIT}", censored_at)


def residuals(censored_at: float | None) -> Chart:
    return fit.residuals(ROWS, f"price{UNIT}", UNIT, censored_at)


def test_predictions_stand_above_their_targets_around_the_line_on_which_the_model_is_right() -> None:
    chart = predictions(None)
    dots, identity = only(chart, "point"), only(chart, "line")
    assert (dots.seen("x"), dots.seen("y")) == (ACTUAL, PREDICTED)
    assert identity.seen("x") == identity.seen("y") == [-4, 50]
    from_zero = only(fit.predicted_against_actual(ROWS.head(2), "price", None), "line")
    assert from_zero.seen("x") == from_zero.seen("y") == [0, 50]
    assert identity.seen("color")[0] == REFERENCE
    assert identity.mark["strokeDash"][1] > 0
    assert (axis_title(chart, "x"), axis_title(chart, "y")) == ("actual price ($1000)", "predicted price ($1000)")


def test_residuals_stand_above_their_predictions_around_zero() -> None:
    chart = residuals(None)
    dots, zero = only(chart, "point"), only(chart, "rule")
    assert (dots.seen("x"), dots.seen("y")) == (PREDICTED, [-3, 9, 16])
    assert zero.seen("y") == [0]
    assert "x" not in zero.encoding  # from one side of the picture to the other
    assert zero.seen("color")[0] == REFERENCE
    titles = (axis_title(chart, "x"), axis_title(chart, "y"))
    assert titles == ("predicted price ($1000)", "actual minus predicted ($1000)")


def test_dots_that_cover_each_other_are_fainter_so_that_they_do_not_become_one_spot() -> None:
    many = pd.concat([ROWS] * 1_000, ignore_index=True)
    opacities = [
        only(fit.predicted_against_actual(rows, "price", None), "point").mark["opacity"]
        for rows in (ROWS, many.head(500), many)
    ]
    assert opacities[0] == 0.75
    assert 0.75 > opacities[1] > opacities[2] >= 0.1


@pytest.mark.parametrize("draw", [predictions, residuals])
def test_rows_whose_target_was_cut_off_differ_in_shape_and_colour(draw: Callable[[float | None], Chart]) -> None:
    plain, marked = draw(None), draw(50.0)
    assert only(plain, "point").seen("color") == [TEST] * 3
    assert only(marked, "point").seen("color") == [TEST, WARNING, TEST]
    assert only(marked, "point").seen("shape") == ["circle", "triangle-up", "circle"]
    assert legend(marked, "color") == {"test row": TEST, "cut off at 50": WARNING}
    assert legend(marked, "shape") == {"test row": "circle", "cut off at 50": "triangle-up"}
    for chart in (plain, marked):
        assert layers(chart)[-1].mark["type"] == "point"  # above the line
        assert only(chart, "point").hints() == {
            "row": "row",
            "actual": "actual",
            "predicted": "predicted",
            "actual minus predicted": "residual",
        }
