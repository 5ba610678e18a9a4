"""The chart of the forecast: verdicts as coloured zones, nine of ten runs as a band, the chosen rate and the limit."""

from typing import Final

import pandas as pd

from dashboard.charts.forecast import over_rates
from tests.dashboard.charts.reading import axis_title, is_logarithmic, layers, legend, lines, only, scale

VERDICTS: Final = ["slow", "good", "noisy", "may diverge", "diverges"]
FORECASTS: Final = pd.DataFrame(
    {
        "begin": [1e-4, 1e-3, 1e-2, 1e-1, 1.0],
        "end": [1e-3, 1e-2, 1e-1, 1.0, 10.0],
        "verdict": VERDICTS,
        "rate": [3e-4, 3e-3, 3e-2, 0.3, 3.0],
        "low": [50.0, 20.0, 22.0, 30.0, 400.0],
        "median": [60.0, 21.0, 28.0, 70.0, 800.0],
        "high": [75.0, 23.0, 40.0, 300.0, 900.0],
        "low in words": ["50", "20", "22", "30", "more than 900"],
        "median in words": ["60", "21", "28", "70", "more than 900"],
        "high in words": ["75", "23", "40", "300", "more than 900"],
    }
)
CHART: Final = over_rates(FORECASTS, 0.02, 0.725, (15.0, 950.0), "final training MSE")


def test_each_rate_lies_in_the_zone_of_its_verdict_from_blue_over_green_to_orange_and_red() -> None:
    zones = only(CHART, "rect")
    assert zones.rows["verdict"].tolist() == VERDICTS
    assert zones.seen("x") == [1e-4, 1e-3, 1e-2, 0.1, 1]
    assert zones.seen("x2") == [1e-3, 1e-2, 0.1, 1, 10]
    good = {title: zones.rows[column].iloc[1] for title, column in zones.hints().items()}
    assert good == {
        "verdict": "good", "learning rate": 3e-3,
        "5% of the runs end below about": "20", "half of the runs end below about": "21",
        "95% of the runs end below about": "23",
    }  # fmt: skip
    colours = {
        "slow": "#2f80c9", "good": "#1f9e89", "noisy": "#d97a1e", "may diverge": "#dd9c8e", "diverges": "#c8553d",
    }  # fmt: skip
    assert list(legend(CHART, "color").items()) == list(colours.items())  # the legend in this order too
    assert zones.seen("color") == list(colours.values())


def test_the_band_goes_from_the_low_to_the_high_end_of_nine_runs_in_ten_with_the_median_as_a_line() -> None:
    band, median = only(CHART, "area"), only(CHART, "line")
    assert band.seen("y") == [50, 20, 22, 30, 400]
    assert band.seen("y2") == [75, 23, 40, 300, 900]
    assert median.seen("y") == [60, 21, 28, 70, 800]
    assert band.seen("x") == median.seen("x") == [3e-4, 3e-3, 3e-2, 0.3, 3]


def test_the_chosen_rate_is_a_solid_line_and_the_limit_a_dashed_one() -> None:
    assert lines(CHART, "x") == {"0.02": 0.02, "limit 0.725": 0.725}
    dashes = {rule.seen("x")[0]: rule.mark["strokeDash"] for rule in layers(CHART, "rule")}
    assert dashes[0.02] == [1, 0]
    assert dashes[0.725][1] > 0


def test_both_axes_are_logarithmic_named_and_as_wide_as_what_is_drawn() -> None:
    assert is_logarithmic(CHART, "x")
    assert is_logarithmic(CHART, "y")
    assert (axis_title(CHART, "x"), axis_title(CHART, "y")) == ("learning rate", "final training MSE")
    assert scale(CHART, "x")["domain"] == [1e-4, 10]
    assert scale(CHART, "y")["domain"] == [15, 950]
    assert all(layer.mark.get("clip") for kind in ("area", "line", "rule") for layer in layers(CHART, kind))
