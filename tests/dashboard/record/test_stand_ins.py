"""A few made-up rows have the squared errors of many, whatever the weights."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.lessons.surfaces import Surface
from dashboard.record.stand_ins import stand_ins
from pipeline.arrays import Floats
from pipeline.network.linear import Moments, Optimum, hessian
from pipeline.tables.preparation import Rows


def many(seed: int, features: int, size: float) -> Rows:
    """Rows whose columns differ in size, of which two nearly go together."""
    draw = np.random.default_rng(seed)
    values = draw.normal(size=(700, features)) * size ** np.arange(features) + draw.normal(size=features) * 10
    values[:, -1] += values[:, 0]
    return Rows(values, values.sum(axis=1) + draw.normal(size=700))


def few(rows: Rows) -> Rows:
    return stand_ins(Moments.of([(rows.features[:300], rows.target[:300]), (rows.features[300:], rows.target[300:])]))


def point(seed: int, size: int) -> Floats:
    return np.random.default_rng(seed).normal(size=size)


@given(st.integers(0, 100), st.integers(1, 9), st.sampled_from([0.1, 1.0, 10.0]))
def test_they_have_the_loss_the_gradient_the_curvature_and_the_optimum_of_all(
    seed: int, features: int, size: float
) -> None:
    rows = many(seed, features, size)
    made = few(rows)
    assert len(made.target) == features + 2
    whole, small = (Surface.of(each.features, each.target, "mse") for each in (rows, made))
    points = np.array([point(seed + step, features + 1) for step in range(3)])
    np.testing.assert_allclose(small.losses(points), whole.losses(points), rtol=1e-9)
    gradients = whole.gradients(points)
    np.testing.assert_allclose(small.gradients(points), gradients, atol=1e-9 * np.abs(gradients).max())
    curved = hessian(rows.features)
    np.testing.assert_allclose(hessian(made.features), curved, atol=1e-11 * np.abs(curved).max())
    best, found = (Optimum.of(each.features, each.target) for each in (rows, made))
    np.testing.assert_allclose(found.predict(rows.features), best.predict(rows.features), rtol=1e-7, atol=1e-6)


def test_they_have_the_means_the_deviations_and_the_constants_of_all() -> None:
    rows = many(3, 4, 3.0)
    rows.features[:, 2] = 0.1
    made = few(rows)
    assert made.features[0, 2] == pytest.approx(0.1, rel=1e-12)
    assert np.ptp(made.features[:, 2]) == 0
    np.testing.assert_allclose(made.features.mean(axis=0), rows.features.mean(axis=0))
    np.testing.assert_allclose(made.features.std(axis=0), rows.features.std(axis=0), atol=1e-12)
    np.testing.assert_allclose([made.target.mean(), made.target.std()], [rows.target.mean(), rows.target.std()])
