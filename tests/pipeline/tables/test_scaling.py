"""The z-score: what it makes of the rows it is fitted on, and that it can be undone."""

import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from pipeline.arrays import Floats
from pipeline.safety.errors import UserError
from pipeline.tables.scaling import Scaling

numbers = st.floats(min_value=-1e6, max_value=1e6).map(lambda value: round(value, 3))
raw_features = arrays(np.float64, array_shapes(min_dims=2, max_dims=2, min_side=2, max_side=20), elements=numbers)


def fitted(raw: Floats) -> Scaling:
    """Fit, with the columns named 0, 1, 2, ..."""
    return Scaling.fit(raw, [str(column) for column in range(raw.shape[1])])


@given(raw_features)
def test_inverting_gives_the_raw_features_back(raw: Floats) -> None:
    assume((np.ptp(raw, axis=0) > 0).all())
    scaling = fitted(raw)
    np.testing.assert_allclose(scaling.invert(scaling.apply(raw)), raw, rtol=1e-9, atol=1e-9)


@given(raw_features)
def test_the_rows_it_is_fitted_on_get_mean_0_and_population_deviation_1(raw: Floats) -> None:
    assume((np.ptp(raw, axis=0) > 1).all())
    scaled = fitted(raw).apply(raw)
    np.testing.assert_allclose(scaled.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(scaled.std(axis=0, ddof=0), 1, rtol=1e-5)


def test_mean_and_deviation_are_kept_to_twelve_digits() -> None:
    scaling = fitted(np.array([[1.0], [2.0], [5.0]]))
    assert scaling.mean.tolist() == [2.66666666667]
    assert scaling.deviation.tolist() == [1.69967317120]


@pytest.mark.parametrize("value", [0.0, 5.0, 0.1, -1e15])
def test_a_constant_column_is_refused_by_name(value: float) -> None:
    raw = np.column_stack([np.arange(7.0), np.full(7, value)])
    with pytest.raises(
        UserError,
        match=rf"column 'chas' is {re.escape(f'{value:g}')} in every training row .* or set normalize\.scaling",
    ):
        Scaling.fit(raw, ["rm", "chas"])
