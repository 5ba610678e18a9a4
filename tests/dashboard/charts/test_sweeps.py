"""The charts of a sweep: each run at its value and its error, the median of each value, and the best pair of values."""

import numpy as np
import pandas as pd
import pytest

from dashboard.charts.sweeps import MAX_BANDS, against_setting, against_two
from pipeline.arrays import MAX_SAMPLE
from tests.dashboard.charts.reading import axis_title, is_logarithmic, layers, legend, only


def runs(settings: list[object], errors: list[float], diverged: int = 0) -> pd.DataFrame:
    """Runs of which the last ones diverged."""
    lost = np.arange(len(errors)) >= len(errors) - diverged
    names = [f"run {number}" for number in range(len(errors))]
    return pd.DataFrame({"setting": settings, "error": errors, "diverged": lost, "run": names})


RATES = runs([0.01, 0.01, 0.01, 0.1, 0.1, 1.0, 1.0], [30.0, 34.0, 31.0, 28.0, 30.0, 1e30, np.nan], diverged=2)


def test_runs_are_at_their_values_and_errors_and_those_that_diverged_above_all_others() -> None:
    chart = against_setting(RATES, "learning rate", "validation MSE", logarithmic=True)
    points = only(chart, "point")
    assert points.seen("x") == RATES["setting"].tolist()
    assert points.seen("y")[:5] == [30, 34, 31, 28, 30]
    assert min(points.seen("y")[5:]) > 34
    assert points.seen("shape") == ["circle"] * 5 + ["triangle-up"] * 2
    assert legend(chart, "color") == {"completed": "#2f80c9", "diverged": "#c8553d"}
    assert (axis_title(chart, "x"), axis_title(chart, "y")) == ("learning rate", "validation MSE")
    hints = {title: points.rows[column].iloc[5] for title, column in points.hints().items()}
    assert hints == {"run": "run 5", "validation MSE": 1e30, "end": "diverged"}
    assert is_logarithmic(chart, "x")
    assert not is_logarithmic(chart, "y")


def test_the_line_is_the_median_of_each_value_and_the_band_its_middle_half() -> None:
    chart = against_setting(RATES, "learning rate", "validation MSE", logarithmic=True)
    line, band = only(chart, "line"), only(chart, "area")
    assert (line.seen("x"), line.seen("y")) == ([0.01, 0.1], [31, 29])
    assert (band.seen("y"), band.seen("y2")) == ([30.5, 28.5], [32.5, 29.5])


@pytest.mark.parametrize("settings", [["linear", "two hidden layers"], [True, False]], ids=str)
def test_values_that_are_no_numbers_have_a_place_each(settings: list[object]) -> None:
    chart = against_setting(runs(settings * 2, [3.0, 2.0, 5.0, 1.0]), "model", "MSE", logarithmic=False)
    assert only(chart, "point").encoding["x"]["type"] == "nominal"
    medians = only(chart, "tick")
    assert dict(zip(medians.seen("x"), medians.seen("y"), strict=True)) == {settings[0]: 4, settings[1]: 1.5}


def test_errors_far_apart_and_a_rate_of_zero_choose_their_scales() -> None:
    far = against_setting(runs([0.0, 1.0, 2.0], [1.0, 1e5, 1.0], diverged=1), "momentum", "MSE", logarithmic=True)
    assert is_logarithmic(far, "y")
    assert not is_logarithmic(far, "x")
    assert only(far, "point").seen("y")[2] > 1e5


def test_of_very_many_runs_a_sample_is_drawn_and_no_line() -> None:
    many = runs(list(range(MAX_SAMPLE + 1)), [1.0] * (MAX_SAMPLE + 1))
    chart = against_setting(many, "seed", "MSE", logarithmic=False)
    assert len(only(chart, "point").rows) == MAX_SAMPLE
    assert only(chart, "line").rows.empty
    few = against_setting(many.head(MAX_BANDS), "seed", "MSE", logarithmic=False)
    assert len(only(few, "line").rows) == MAX_BANDS


def test_of_two_settings_the_lowest_pair_is_framed_and_one_without_an_error_has_no_field() -> None:
    table = pd.DataFrame({"across": [1, 1, 2, 2], "up": [5, 6, 5, 6], "error": [3.0, 2.0, 4.0, np.nan]})
    fields, best = layers(against_two(table, "batch size", "epochs", "MSE"), "rect")
    assert list(zip(fields.seen("x"), fields.seen("y"), strict=True)) == [(1, 5), (1, 6), (2, 5)]
    assert fields.rows["error"].tolist() == [3, 2, 4]
    assert (best.seen("x"), best.seen("y")) == ([1], [6])
