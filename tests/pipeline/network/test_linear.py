"""The linear model in closed form: optimum, curvature and the stable learning rates, each against its definition."""

import math

import numpy as np
import pytest

from pipeline.network.linear import Curvature, Moments, Optimum, design_matrix, hessian, largest_stable_learning_rate
from pipeline.network.sgd import update
from pipeline.training.frameworks import tf
from tests.defaults import train


def test_the_hessian_is_that_of_the_tape() -> None:
    features = np.random.default_rng(0).normal(size=(9, 3))
    weights = tf.Variable(np.ones(4))
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            loss = tf.reduce_mean(tf.square(tf.linalg.matvec(design_matrix(features), weights)))
        gradient = inner.gradient(loss, weights)
    np.testing.assert_allclose(hessian(features), outer.jacobian(gradient, weights), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize(("momentum", "nesterov"), [(0.0, False), (0.5, False), (0.5, True), (0.9, False), (0.9, True)])
@pytest.mark.parametrize(("share", "diverges"), [(0.99, False), (1.01, True)])
def test_a_step_beyond_the_largest_stable_learning_rate_diverges(
    momentum: float, nesterov: bool, share: float, diverges: bool
) -> None:
    curvature = 3.0
    rate = share * largest_stable_learning_rate(curvature, train(momentum=momentum, nesterov=nesterov))
    weights, velocity = np.ones(1), np.zeros(1)
    for _ in range(1_000):
        weights, velocity = update(weights, velocity, curvature * weights, rate, momentum, nesterov)
    assert bool(abs(weights[0]) > 1) == diverges


def test_the_optimum_finds_the_line_that_made_the_data() -> None:
    features = np.random.default_rng(0).normal(size=(20, 3)) + 100
    best = Optimum.of(features, features @ [1.0, -2.0, 0.5] + 7)
    np.testing.assert_allclose([*best.weights, best.bias], [1, -2, 0.5, 7], atol=1e-8)


def test_of_many_optima_the_one_with_the_smallest_weights_is_taken() -> None:
    column = np.arange(6.0)
    best = Optimum.of(np.column_stack([column, column]), 4 * column)
    np.testing.assert_allclose(best.weights, [2, 2])


def test_a_constant_column_has_no_weight() -> None:
    best = Optimum.of(np.column_stack([np.full(30, 7.0), np.arange(30.0)]), 4 * np.arange(30.0) + 1)
    np.testing.assert_allclose([*best.weights, best.bias], [0, 4, 1], atol=1e-12)
    only = Optimum.of(np.full((3, 1), 7.0), np.array([1.0, 2, 6]))
    np.testing.assert_allclose([*only.weights, only.bias], [0, 3], atol=1e-12)


def test_blocks_of_rows_have_the_optimum_loss_and_curvature_of_all_of_them() -> None:
    generator = np.random.default_rng(2)
    features = generator.normal(size=(500, 4)) * [1, 1000, 1e-3, 5] + [0, 1e5, 0, -3]
    target = features @ [1.0, -2e-3, 300.0, 0.1] + 50 + generator.normal(size=500)
    whole = Moments.of([(features, target)])
    cut = Moments.of((features[start : start + 90], target[start : start + 90]) for start in range(0, 500, 90))
    assert cut.rows == 500
    design = np.column_stack([features - features.mean(axis=0), np.ones(500)])
    weights, squares, *_ = np.linalg.lstsq(design, target, rcond=None)
    for moments in (whole, cut):
        np.testing.assert_allclose(moments.optimum.weights, weights[:-1], rtol=1e-8)
        assert moments.mean == pytest.approx(target.mean())
        assert moments.least_mse == pytest.approx(float(squares[0]) / 500)
        assert moments.curvature.largest == pytest.approx(Curvature.of(features).largest)
        np.testing.assert_allclose(moments.optimum.predict(features), design @ weights)


def test_a_column_of_small_numbers_counts_beside_one_of_large_ones_in_a_long_table_too() -> None:
    generator = np.random.default_rng(4)
    features = generator.normal(size=(300_000, 2)) * [1e-3, 1e8]
    target = features @ [1e3, 1e-8] + 0.1 * generator.normal(size=300_000)
    assert Moments.of([(features, target)]).least_mse == pytest.approx(0.01, rel=0.02)


def test_of_inputs_that_add_up_to_one_in_a_long_table_the_smallest_weights_are_taken() -> None:
    generator = np.random.default_rng(5)
    kinds = np.eye(3)[generator.integers(0, 3, 200_000)]
    target = kinds @ [1.0, 2.0, 6.0]
    best = Moments.of((kinds[start : start + 500], target[start : start + 500]) for start in range(0, 200_000, 500))
    np.testing.assert_allclose([*best.optimum.weights, best.optimum.bias], [-2, -1, 3, 3], atol=1e-6)


def test_the_condition_number_is_the_ratio_of_the_eigenvalues_and_infinite_for_collinear_columns() -> None:
    features = np.random.default_rng(0).normal(size=(50, 2))
    design = np.column_stack([features, np.ones(50)])
    singular = np.linalg.svd(design, compute_uv=False)
    curvature = Curvature.of(features)
    assert curvature.condition_number == pytest.approx((singular[0] / singular[-1]) ** 2)
    narrow = np.random.default_rng(1).normal(size=(50, 2)) * [1, 30_000]
    assert Curvature.of(narrow).condition_number == pytest.approx(np.linalg.cond(hessian(narrow)), rel=1e-6)
    assert Curvature.of(narrow).condition_number > 1e8
    assert curvature.largest == pytest.approx(2 / 50 * singular[0] ** 2)
    assert Curvature.of(np.column_stack([features, features[:, 0]])).condition_number == math.inf
