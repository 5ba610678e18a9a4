"""Many runs at once: each of them is the run that `descend` does alone."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from pipeline.params import Normalize, Params, Train
from pipeline.record.scores import Curvature
from pipeline.record.store import ROOT, Store
from pipeline.tables.preparation import prepare
from pipeline.tables.prepared import PreparedData
from pipeline.tables.reading import parse
from pipeline.training.descent import descend
from pipeline.training.sweeps import Swept, Variant, sweep
from tests.pipeline.conftest import Knobs

Floats = NDArray[np.float64]


def variants(data: PreparedData, seeds: list[int], rates: list[float]) -> list[Variant]:
    train, validation = data.part("train"), data.part("validation")
    return [Variant(train, validation, seed, rate) for seed, rate in zip(seeds, rates, strict=True)]


def swept(runs: list[Variant], settings: Train) -> Floats:
    return list(sweep(runs, settings))[-1].weights


def alone(run: Variant, settings: Train) -> NDArray[np.float32]:
    """The weights that `descend` ends with: not a number where it diverges."""
    knobs = settings.model_copy(update={"seed": run.seed, "learning_rate": run.learning_rate})
    last = list(descend(run.train, run.validation, knobs))[-1]
    return np.full(run.train.features.shape[1] + 1, np.nan, np.float32) if last.diverged else last.weights[-1]


def assert_each_is_the_run_alone(runs: list[Variant], settings: Train) -> None:
    for run, weights in zip(runs, swept(runs, settings), strict=True):
        expected = alone(run, settings)
        # a number rounded to float32 in one of the two only: half a unit in the last of 24 bits
        np.testing.assert_allclose(weights, expected.astype(np.float64), rtol=6.1e-8, atol=1e-12)


@pytest.mark.parametrize(
    "knobs",
    [
        {},
        {"momentum": 0.9, "learning_rate": 0.003},
        {"momentum": 0.9, "nesterov": True, "learning_rate": 0.003},
        {"loss": "mae"},
        {"batch_size": 1, "epochs": 5},
        {"batch_size": 133, "epochs": 7},
        {"early_stopping_patience": 2},
    ],
)
def test_every_seed_ends_where_descend_ends(boston: PreparedData, train: Knobs, knobs: dict[str, Any]) -> None:
    settings = train(**{"epochs": 60, **knobs})
    seeds = [0, 1, 7, 2**32 - 1]
    assert_each_is_the_run_alone(variants(boston, seeds, [settings.learning_rate] * len(seeds)), settings)


def test_every_learning_rate_ends_where_descend_ends(boston: PreparedData, train: Knobs) -> None:
    rates = [1e-6, 1e-3, 0.01, 0.1]
    assert_each_is_the_run_alone(variants(boston, [3] * len(rates), rates), train(epochs=60))


def test_every_run_has_its_own_rows(defaults: Params, train: Knobs) -> None:
    table = parse((ROOT / "data" / "boston_housing.csv").read_bytes(), "boston_housing.csv")
    runs = []
    for seed in (0, 1, 2):
        knobs = Normalize.model_validate({**defaults.normalize.model_dump(), "seed": seed})
        runs += variants(prepare(table, knobs, Store().tfjs_test_rows()), [4], [0.01])
    assert_each_is_the_run_alone(runs, train(epochs=30))
    ends = swept(runs, train(epochs=30))
    assert len(np.unique(ends[:, 0])) == 3


def test_a_run_does_not_depend_on_the_others(boston: PreparedData, train: Knobs) -> None:
    settings = train(epochs=25)
    together = swept(variants(boston, [0, 1, 2], [0.01, 0.02, 1e300]), settings)
    by_itself = swept(variants(boston, [1], [0.02]), settings)
    np.testing.assert_allclose(together[1], by_itself[0], rtol=1e-12)


def test_beyond_the_largest_stable_rate_runs_end_in_no_numbers_and_below_they_do_not(
    boston: PreparedData, train: Knobs
) -> None:
    limit = Curvature.of(boston.part("train").features).largest_stable_learning_rate
    rates = [0.9 * limit, 1.1 * limit, 2 * limit, 1e6, 1e300]
    weights = swept(variants(boston, [0] * 5, rates), train(batch_size=266, epochs=2_000))
    assert np.isfinite(weights).all(axis=1).tolist() == [True, False, False, False, False]


def test_a_run_that_has_stopped_early_stays_where_it_stopped(boston: PreparedData, train: Knobs) -> None:
    settings = train(epochs=100, early_stopping_patience=2)
    told = list(sweep(variants(boston, [0, 3], [0.01, 0.01]), settings))
    assert np.array_equal(told[-1].weights, told[-2].weights)
    assert not np.array_equal(told[-1].weights, told[0].weights)


def test_the_sweep_tells_how_far_it_is(boston: PreparedData, train: Knobs) -> None:
    told: list[Swept] = list(sweep(variants(boston, [0], [0.01]), train(epochs=45)))
    assert [moment.epochs for moment in told] == [20, 40, 45]


def test_the_whole_number_of_two_hundred_seeds_is_trained_together(boston: PreparedData, train: Knobs) -> None:
    seeds = list(range(200))
    weights = swept(variants(boston, seeds, [0.01] * 200), train(epochs=3))
    assert weights.shape == (200, 13)
    assert len(np.unique(weights[:, 0])) == 200
