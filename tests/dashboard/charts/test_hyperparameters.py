"""The chart of a setting against a metric: each run at its place, and diverged runs apart on the worse edge."""

from typing import Any, Final

import pandas as pd
import pytest

from dashboard.charts.hyperparameters import setting_against_metric
from pipeline.record.metrics import Better
from tests.dashboard.charts.reading import axis_title, is_logarithmic, legend, only, scale

RUNS: Final = pd.DataFrame(
    {
        "run": ["a", "b", "c", "d"],
        "setting": [0.001, 0.01, 0.1, 1.0],
        "metric": [60.0, 20.0, 30.0, 1e30],
        "diverged": [False, False, False, True],
    }
)


def drawn(runs: pd.DataFrame = RUNS, better: Better = "lower", logarithmic: bool = True) -> dict[str, Any]:
    return setting_against_metric(runs, "train.learning_rate", "test MSE", better, logarithmic)


def test_each_run_is_at_its_setting_and_its_metric_and_one_that_diverged_is_told_by_shape_and_colour() -> None:
    points = only(drawn(), "point")
    assert points.seen("x") == [0.001, 0.01, 0.1, 1]
    assert points.seen("y")[:3] == [60, 20, 30]
    assert (axis_title(drawn(), "x"), axis_title(drawn(), "y")) == ("train.learning_rate", "test MSE")
    assert points.seen("shape") == ["circle", "circle", "circle", "triangle-up"]
    assert points.seen("color") == ["#2f80c9", "#2f80c9", "#2f80c9", "#c8553d"]
    assert legend(drawn(), "color") == {"completed": "#2f80c9", "diverged": "#c8553d"}
    last = {title: points.rows[column].iloc[-1] for title, column in points.hints().items()}
    assert last == {"run": "d", "train.learning_rate": 1, "test MSE": 1e30, "end": "diverged"}
    all_diverged = only(drawn(RUNS.assign(diverged=True)), "point")
    assert len(set(all_diverged.seen("y"))) == 1


@pytest.mark.parametrize("better", ["lower", "higher", ""])
@pytest.mark.parametrize(
    "metrics",
    [[60.0, 20.0, 30.0], [0.7, 0.7, 0.7], [0.0, 0.0, 0.0], [-3.0, -80.0, -5.0], [5e-4, 0.9, 0.2], [9e6, 8.0, 30.0]],
    ids=str,
)
def test_a_diverged_run_is_on_the_worse_edge_and_does_not_stretch_the_axis(
    metrics: list[float], better: Better
) -> None:
    chart = drawn(RUNS.assign(metric=[*metrics, 1e30]), better)
    edge = only(chart, "point").seen("y")[-1]
    low, high = min(metrics), max(metrics)
    if better == "higher":
        assert edge < low
    else:
        assert edge > high
    if is_logarithmic(chart, "y"):
        assert edge > 0
        assert (low / edge if better == "higher" else edge / high) < (high / low) ** 0.2
    else:
        assert min(abs(edge - low), abs(edge - high)) <= 0.2 * max(high - low, abs(high), 5.0)


@pytest.mark.parametrize(
    ("metrics", "logarithmic"),
    [([60.0, 20.0, 30.0], False), ([9e6, 8.0, 30.0], True), ([900.0, 1.0, 2.0], False), ([9e6, 0.0, 30.0], False)],
    ids=str,
)
def test_metrics_that_span_more_than_three_powers_of_ten_are_on_a_logarithmic_axis(
    metrics: list[float], logarithmic: bool
) -> None:
    chart = drawn(RUNS.assign(metric=[*metrics, 1e30]))
    assert is_logarithmic(chart, "y") == logarithmic
    assert logarithmic or scale(chart, "y")["zero"] is False


@pytest.mark.parametrize(
    ("settings", "asked", "logarithmic"),
    [([0.1, 0.5, 0.9, 0.99], True, True), ([0.1, 0.5, 0.9, 0.99], False, False), ([0.0, 0.5, 0.9, 0.99], True, False)],
)
def test_the_axis_of_a_number_is_as_asked_unless_the_number_is_zero_somewhere(
    settings: list[float], asked: bool, logarithmic: bool
) -> None:
    chart = drawn(RUNS.assign(setting=settings), logarithmic=asked)
    assert is_logarithmic(chart, "x") == logarithmic
    assert only(chart, "point").encoding["x"]["type"] == "quantitative"


@pytest.mark.parametrize("values", [["mse", "mae", "mse", "mae"], [True, False, True, False]], ids=str)
def test_a_setting_that_is_no_number_has_a_place_for_each_value(values: list[str] | list[bool]) -> None:
    points = only(drawn(RUNS.assign(setting=values)), "point")
    assert points.encoding["x"]["type"] == "nominal"
    assert points.seen("x") == values
