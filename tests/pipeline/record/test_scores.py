"""The errors of a model, each against its definition."""

import math

import numpy as np
import pytest

from pipeline.record.metrics import METRICS, Scores


def test_the_scores_are_what_their_names_say() -> None:
    scores = Scores.of(np.array([1.0, 2.0, 6.0]), np.array([2.0, 2.0, 4.0]))
    assert scores["mse"] == pytest.approx(5 / 3)
    assert scores["rmse"] == pytest.approx(math.sqrt(5 / 3))
    assert scores["mae"] == pytest.approx(1)
    assert scores["r2"] == pytest.approx(1 - 5 / 14)


def test_r2_is_unknown_when_every_actual_value_is_the_same() -> None:
    assert Scores.of(np.ones(3), np.arange(3.0)).model_dump()["r2"] is None


def test_scores_are_recorded_with_six_digits() -> None:
    given = {"mse": 1 / 3, "rmse": 123456.789, "mae": 1e-9 / 3, "r2": math.nan}
    recorded = {"mse": 0.333333, "rmse": 123457.0, "mae": 3.33333e-10, "r2": None}
    scores = Scores.model_validate(dict.fromkeys(METRICS, 0.0) | given)
    assert scores.model_dump() == dict.fromkeys(METRICS, 0.0) | recorded


def test_a_score_too_large_for_a_number_is_recorded_as_nothing() -> None:
    with np.errstate(over="ignore"):
        scores = Scores.of(np.array([1.0, 2.0]), np.array([1e200, 1e300]))
    assert (scores.model_dump()["mse"], scores["mae"]) == (None, 5e299)
