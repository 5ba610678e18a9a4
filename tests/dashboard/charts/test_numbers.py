"""Numbers on axes and in tooltips have their thousands apart, in every chart."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from dashboard.charts import columns, contributions, curves, fit, forecast, gradients, seeds, slopes, weights
from dashboard.charts.hyperparameters import setting_against_metric
from tests.dashboard.charts.reading import axis

_ROWS = pd.DataFrame({"actual": [1.0], "predicted": [2.0], "residual": [-1.0], "row": [0]})
_PAIR = pd.DataFrame({"row": [0, 1], "feature": [0.0, 1.0], "target": [1.0, 3.0]})
_FORECAST = pd.DataFrame(
    {"begin": [0.1], "end": [1.0], "verdict": ["good"], "rate": [0.3], "low": [1.0], "median": [2.0], "high": [3.0]}
)
_FALLS = contributions.falls(["a"], [2.0], 1.0, ("mean", "row"))
_HISTORY = pd.DataFrame({"epoch": [0], "training_loss": [2.0], "validation_loss": [3.0]})
_WEIGHTS = pd.DataFrame({"feature": ["a"], "weight": [1.0], "size": [1.0], "sign": ["raises it"], "optimum": [2.0]})
_ERRORS = pd.Series([1.0, 3.0])
_RATES = pd.DataFrame({"learning_rate": [0.1, 1.0], "loss": [2.0, 3.0]})
_RUNS = pd.DataFrame({"run": ["a", "b"], "setting": [0.1, 0.2], "metric": [1.0, 2.0], "diverged": [False, True]})

CHARTS: dict[str, dict[str, Any]] = {
    "distribution": columns.distribution(np.array([1.0, 2.0]), np.array([0.5, 1.5, 2.5]), "x"),
    "feature against target": columns.against_target(_PAIR, np.arange(2), ("x", "y"), None),
    "contributions": contributions.waterfall(_FALLS, "y", (0.0, 1.0), lambda part, _: str(part)),
    "losses": curves.losses(_HISTORY, "loss", {"least squares": 1.0}),
    "losses of runs": curves.overlaid_losses({"a": _HISTORY}, "training", "loss"),
    "predicted against actual": fit.predicted_against_actual(_ROWS, "y", None),
    "residuals": fit.residuals(_ROWS, "y", "", None),
    "learning rates": forecast.over_rates(_FORECAST, 0.2, 0.5, (1.0, 9.0), "loss"),
    "gradient by weight": gradients.by_weight(["a"], np.ones(1), np.ones(1)),
    "gradient by batch size": gradients.spread([1, 2], 2, [np.ones(3)] * 2, [1.0, 0.5], 1.0, "gradient"),
    "setting against metric": setting_against_metric(_RUNS, "train.learning_rate", "MSE", "lower", True),
    "spread over seeds": seeds.spread(_ERRORS, _ERRORS, {seeds.RECORDED: 2.0}, "MSE"),
    "loss over rates": seeds.over_rates(_RATES, "loss", (1.0, 10.0), 0.5, 0.2, {"mean": 2.0}),
    "slope": slopes.loss_over_weight(2.0, 5.0, 0.5, [1.0], -16.0),
    "weights": weights.weights_by_magnitude(_WEIGHTS, "weight", 3),
}
COUNTED = {"rows", "epoch", "at", "place", "bottom"}
"""Columns of whole numbers, and of places on an axis that shows no numbers."""


def formats(part: object) -> Iterator[str]:
    """Every number format in a specification."""
    if isinstance(part, Mapping):
        if isinstance(part.get("format"), str):
            yield part["format"]
        for value in part.values():
            yield from formats(value)
    elif isinstance(part, list):
        for value in part:
            yield from formats(value)


@pytest.mark.parametrize("name", CHARTS)
def test_no_number_of_a_chart_is_without_its_thousands_apart_or_with_an_exponent(name: str) -> None:
    found = set(formats(CHARTS[name]))
    assert not [form for form in found if re.search("[ges]$", form) and "," not in form]


@pytest.mark.parametrize("name", CHARTS)
def test_every_axis_of_measured_numbers_writes_them_as_the_text_does(name: str) -> None:
    for place in ("x", "y"):
        shown = [layer["encoding"].get(place, {}) for layer in CHARTS[name]["layer"]]
        numbers = {part.get("field") for part in shown if part.get("type") == "quantitative"}
        if numbers - COUNTED:
            assert "format(datum.value, ',.6~r')" in axis(CHARTS[name], place)["labelExpr"]
