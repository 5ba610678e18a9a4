"""The largest stable learning rates, held to runs on either side of them."""

import numpy as np
import pytest

from pipeline.network.limits import learning_rate_limits
from pipeline.network.linear import Curvature
from pipeline.tables.preparation import Rows
from pipeline.training.descent import descend
from tests.defaults import train


@pytest.fixture(scope="module")
def rows() -> Rows:
    random = np.random.default_rng(5)
    features = random.standard_t(4, size=(61, 4))
    return Rows(features, features @ random.normal(size=4) + random.normal(size=61))


@pytest.mark.parametrize(
    ("changes", "times"),
    [({}, 1.0), ({"momentum": 0.9}, 1.9), ({"momentum": 0.9, "nesterov": True}, 1.9 / 2.8)],
    ids=["plain", "momentum", "Nesterov"],
)
def test_on_all_rows_the_limit_follows_from_the_curvature(rows: Rows, changes: dict[str, float], times: float) -> None:
    limits = learning_rate_limits(rows.features, train(batch_size=61, **changes))
    assert limits is not None
    assert limits.full_batch == pytest.approx(2 / Curvature.of(rows.features).largest * times)
    assert limits.minibatch == limits.full_batch


@pytest.mark.parametrize("changes", [{"model": "one_hidden"}, {"loss": "mae"}], ids=str)
def test_without_a_formula_there_is_no_limit(rows: Rows, changes: dict[str, str]) -> None:
    assert learning_rate_limits(rows.features, train(**changes)) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"batch_size": 1},
        {"batch_size": 20},  # the last batch has a single row
        {"batch_size": 10, "momentum": 0.9},
        {"batch_size": 10, "momentum": 0.9, "nesterov": True},
    ],
    ids=str,
)
def test_batches_are_stable_below_their_limit_and_grow_above_it(rows: Rows, changes: dict[str, float]) -> None:
    limits = learning_rate_limits(rows.features, train(**changes))
    assert limits is not None
    for share, grows in ((0.85, False), (1.15, True)):
        losses = []
        for seed in range(3):
            run = train(**changes, seed=seed, epochs=150, learning_rate=share * limits.minibatch)
            last = list(descend(rows, rows, run))[-1]
            losses.append(np.inf if last.diverged else last.training_loss)
        assert (np.median(losses) > 1e4) == grows


@pytest.mark.parametrize("batch_size", [1, 40])
def test_a_column_for_each_value_leaves_the_limit_that_one_column_less_has(batch_size: int) -> None:
    values = np.random.default_rng(0).integers(3, size=200)
    columns = np.eye(3)[values]
    columns = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    limits = learning_rate_limits(columns, train(batch_size=batch_size))
    assert limits is not None
    span = np.linalg.svd(columns, full_matrices=False)
    same = learning_rate_limits(span.U[:, :2] * span.S[:2], train(batch_size=batch_size))
    assert same is not None
    assert limits.minibatch == pytest.approx(same.minibatch, rel=0.06)


def test_a_table_with_one_outlier_has_a_small_limit_for_single_rows() -> None:
    features = np.append(np.full(99, 1.0), 50.0)[:, np.newaxis] * np.resize([1, -1], 100)[:, np.newaxis]
    limits = learning_rate_limits(features, train(batch_size=1))
    assert limits is not None
    assert limits.minibatch < limits.full_batch / 5
