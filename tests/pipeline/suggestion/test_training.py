"""Tests of the pace: within what is stable, within the rows, and longer where columns go together closely."""

import numpy as np
import pytest

from pipeline.arrays import Floats
from pipeline.network.linear import Curvature
from pipeline.suggestion.training import Pace
from pipeline.tables.preparation import Rows
from tests.defaults import train


def rows_of(features: Floats, noise: float = 1.0) -> Rows:
    features = (features - features.mean(axis=0)) / features.std(axis=0)
    return Rows(features, features.sum(axis=1) + 5 + noise * np.random.default_rng(1).normal(size=len(features)))


def columns(count: int, inputs: int, common: float = 0.0) -> Floats:
    draw = np.random.default_rng(0)
    return draw.normal(size=(count, inputs)) + common * draw.normal(size=(count, 1))


@pytest.mark.parametrize("count", [1, 2, 5, 14, 100, 3000])
@pytest.mark.parametrize("inputs", [1, 12])
def test_batches_fit_the_rows_and_the_learning_rate_is_stable(count: int, inputs: int) -> None:
    rows = Rows(columns(count, inputs), columns(count, 1)[:, 0])
    pace = Pace.of(rows, train())
    assert 1 <= pace.batch_size <= count
    assert 0 < pace.learning_rate < Curvature.of(rows.features).largest_stable_learning_rate / 2
    assert pace.learning_rate < pace.limit / 2


def test_where_the_target_is_a_small_difference_of_large_columns_it_takes_more_epochs() -> None:
    epochs = []
    for common in (0, 12):
        features = rows_of(columns(400, 2, common)).features
        epochs.append(Pace.of(Rows(features, 50 * (features[:, 0] - features[:, 1])), train()).epochs)
    assert epochs[0] < epochs[1]


def test_what_is_left_is_said_where_the_epochs_do_not_suffice() -> None:
    features = columns(400, 2)
    features[:, 1] = features[:, 0] + 1e-3 * features[:, 1]
    opposed = rows_of(features)
    target = 500 * (opposed.features[:, 0] - opposed.features[:, 1])
    pace = Pace.of(Rows(opposed.features, target), train())
    assert pace.left > 0.5


def test_of_a_wide_and_long_table_no_more_weights_are_recorded_than_pages_can_draw() -> None:
    rows = rows_of(columns(3000, 300, 10))
    pace = Pace.of(rows, train())
    assert pace.epochs * -(-3000 // pace.batch_size) * 301 <= 5_000_000
