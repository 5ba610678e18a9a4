"""Losses, baseline, optimum and curvature, each against its definition."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.record.scores import Curvature, Optimum, Scores, six_digits
from pipeline.tables.prepared import PreparedData


def test_the_scores_are_what_their_names_say() -> None:
    scores = Scores.of(np.array([1.0, 2.0, 6.0]), np.array([2.0, 2.0, 4.0]))
    assert scores.mse == pytest.approx(5 / 3)
    assert scores.rmse == pytest.approx(math.sqrt(5 / 3))
    assert scores.mae == pytest.approx(1)
    assert scores.r2 == pytest.approx(1 - 5 / 14)


def test_r2_is_unknown_when_every_actual_value_is_the_same() -> None:
    assert Scores.of(np.ones(3), np.arange(3.0)).r2 is None
    assert Scores.of(np.ones(3), np.arange(3.0)).recorded()["r2"] is None


def test_predicting_the_mean_explains_nothing_and_predicting_the_truth_everything() -> None:
    actual = np.array([1.0, 2.0, 6.0])
    assert Scores.of(actual, np.full(3, 3.0)).r2 == pytest.approx(0)
    assert Scores.of(actual, actual) == Scores(0, 0, 0, 1)


def test_scores_are_recorded_with_six_digits() -> None:
    assert Scores(1 / 3, 123456.789, 1e-9 / 3, None).recorded() == {
        "mse": 0.333333,
        "rmse": 123457.0,
        "mae": 3.33333e-10,
        "r2": None,
    }


@given(st.floats())
def test_six_digits_are_near_and_stay_as_they_are(value: float) -> None:
    rounded = six_digits(value)
    if not math.isfinite(value):
        assert rounded is None
    else:
        assert rounded is not None
        assert rounded == pytest.approx(value, rel=5.1e-6)
        assert six_digits(rounded) == rounded


def test_a_score_too_large_for_a_number_is_recorded_as_nothing() -> None:
    with np.errstate(over="ignore"):
        scores = Scores.of(np.array([1.0, 2.0]), np.array([1e200, 1e300]))
    assert (scores.recorded()["mse"], scores.recorded()["mae"]) == (None, 5e299)


def test_no_step_away_from_the_optimum_has_a_smaller_error(boston: PreparedData) -> None:
    rows = boston.part("train")
    best = Optimum.of(rows.features, rows.target)
    least = Scores.of(rows.target, best.predict(rows.features)).mse
    for step in np.random.default_rng(0).normal(scale=1e-3, size=(50, len(best.weights) + 1)):
        other = Optimum(best.weights + step[1:], best.bias + step[0])
        assert Scores.of(rows.target, other.predict(rows.features)).mse > least


def test_the_optimum_finds_the_line_that_made_the_data() -> None:
    features = np.random.default_rng(0).normal(size=(20, 3)) + 100
    best = Optimum.of(features, features @ [1.0, -2.0, 0.5] + 7)
    np.testing.assert_allclose([*best.weights, best.bias], [1, -2, 0.5, 7], atol=1e-8)


def test_of_many_optima_the_one_with_the_smallest_weights_is_taken() -> None:
    column = np.arange(6.0)
    best = Optimum.of(np.column_stack([column, column]), 4 * column)
    np.testing.assert_allclose(best.weights, [2, 2])


def test_full_batch_descent_converges_below_the_largest_stable_learning_rate_and_diverges_above(
    boston: PreparedData,
) -> None:
    rows = boston.part("train")
    design = np.column_stack([rows.features, np.ones(len(rows.target))])
    limit = Curvature.of(rows.features).largest_stable_learning_rate

    def after_descent(learning_rate: float) -> float:
        weights = np.zeros(design.shape[1])
        for _ in range(3000):
            weights -= learning_rate * 2 / len(design) * design.T @ (design @ weights - rows.target)
        return float(np.mean((design @ weights - rows.target) ** 2))

    best = Optimum.of(rows.features, rows.target)
    least = Scores.of(rows.target, best.predict(rows.features)).mse
    assert after_descent(limit * 0.99) == pytest.approx(least, rel=1e-6)
    assert after_descent(limit * 1.01) > 1e6


def test_the_condition_number_is_the_ratio_of_the_eigenvalues_and_infinite_for_collinear_columns() -> None:
    features = np.random.default_rng(0).normal(size=(50, 2))
    design = np.column_stack([features, np.ones(50)])
    singular = np.linalg.svd(design, compute_uv=False)
    curvature = Curvature.of(features)
    assert curvature.condition_number == pytest.approx((singular[0] / singular[-1]) ** 2)
    assert curvature.largest == pytest.approx(2 / 50 * singular[0] ** 2)
    assert Curvature.of(np.column_stack([features, features[:, 0]])).condition_number == math.inf
