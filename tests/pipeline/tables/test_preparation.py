"""From the raw table to what a model sees."""

import numpy as np
import pytest

from pipeline.safety.errors import UserError
from tests.pipeline.conftest import TABLE, prepared


def test_every_row_is_kept_in_the_order_of_the_table() -> None:
    data = prepared()
    np.testing.assert_array_equal(data.target, TABLE["medv"])
    np.testing.assert_allclose(data.scaling.invert(data.features), TABLE[list(data.names)], rtol=1e-9, atol=1e-9)


def test_the_scaling_is_fitted_on_the_training_rows_alone() -> None:
    data = prepared()
    for part, rows in data.split.parts().items():
        centred = np.allclose(data.features[rows].mean(axis=0), 0, atol=1e-9)
        assert centred == (part == "train")


def test_the_tutorials_habit_fits_it_on_the_validation_rows_too() -> None:
    data = prepared(statistics_from="train_and_validation_rows")
    together = data.features[data.split.train_and_validation]
    np.testing.assert_allclose(together.mean(axis=0), 0, atol=1e-9)
    np.testing.assert_allclose(together.std(axis=0), 1, rtol=1e-9)
    assert not np.allclose(data.part("train").features.mean(axis=0), 0, atol=1e-9)


def test_without_scaling_the_features_stay_in_their_own_units() -> None:
    data = prepared(scaling="none")
    np.testing.assert_array_equal(data.features, TABLE[list(data.names)])


def test_a_column_that_is_constant_in_the_training_rows_is_refused() -> None:
    table = TABLE.assign(chas=np.where(np.isin(TABLE.index, prepared().split.train), 0, TABLE["chas"]))
    with pytest.raises(UserError, match="the column 'chas' is 0 in every training row"):
        prepared(table)
    prepared(table, scaling="none")
