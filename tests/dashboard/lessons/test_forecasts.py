"""What is said of a run before it starts, held to the real training loop."""

from typing import Any

import numpy as np
import pytest

from benchmarks.forecast import outcome, summary
from dashboard.lessons.forecasts import Moment, forecast
from pipeline.network.layers import predict
from pipeline.params import Train
from pipeline.record.metrics import Scores
from pipeline.tables.preparation import PreparedData, Rows
from pipeline.training.descent import descend, layers, start_at
from tests import defaults


def final_losses(data: PreparedData, settings: Train, seeds: int) -> list[float]:
    """The training mean squared error that runs with other seeds end with."""
    train, losses = data.part("train"), []
    for seed in range(100, 100 + seeds):
        last = list(descend(train, data.part("validation"), settings.model_copy(update={"seed": seed})))[-1]
        if last.diverged:
            losses.append(np.inf)
        else:
            predicted = predict(layers("linear", len(data.names)), last.weights[-1], train.features)
            losses.append(Scores.of(train.target, predicted)["mse"])
    return losses


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "good"),
        ({"learning_rate": 1e-4}, "slow"),
        ({"learning_rate": 1e-7}, "slow"),
        ({"learning_rate": 0.01, "batch_size": 1}, "noisy"),
        ({"learning_rate": 0.2}, "diverges"),
        ({"learning_rate": 0.1, "batch_size": 1}, "diverges"),
        # These were once said to diverge, and end well.
        ({"learning_rate": 0.03, "momentum": 0.98, "nesterov": True}, "noisy"),
        ({"learning_rate": 0.033, "momentum": 0.5, "batch_size": 266}, "good"),
        ({"learning_rate": 0.05, "momentum": 0.9, "nesterov": True, "batch_size": 266}, "good"),
        ({"learning_rate": 0.01, "momentum": 0.995}, "noisy"),
        ({"learning_rate": 0.03, "batch_size": 1}, "noisy"),
    ],
    ids=str,
)
def test_the_verdict_is_what_happens(data: PreparedData, changes: dict[str, float], verdict: str) -> None:
    expected = forecast(data.part("train"), defaults.train(**changes))
    assert expected.verdict() == verdict
    excess = np.array(final_losses(data, defaults.train(**changes), 5)) - expected.least_loss
    noticeable = 0.05 * expected.least_loss
    happens = {
        "good": np.median(excess) < noticeable,
        "slow": np.median(excess) > noticeable,
        "noisy": np.median(excess) > noticeable and np.max(excess) < expected.start_loss,
        "diverges": np.median(excess) > 1e6,
    }
    assert happens[verdict]


def test_the_forecast_of_many_rates_is_that_of_each(data: PreparedData) -> None:
    rates = [1e-4, 1e-2, 0.2]
    together = forecast(data.part("train"), defaults.train(), rates)
    for at, rate in enumerate(rates):
        alone = forecast(data.part("train"), defaults.train(learning_rate=rate))
        assert together.verdict(at) == alone.verdict()
        if np.isfinite(alone.median[0]):
            assert together.median[at] == pytest.approx(alone.median[0], rel=0.02)


@pytest.mark.parametrize(
    "changes",
    [
        {"learning_rate": 0.1, "schedule": "cosine"},
        {"learning_rate": 0.1, "schedule": "inverse_time", "decay_epochs": 10},
        {"learning_rate": 0.1, "schedule": "step", "decay_epochs": 40, "momentum": 0.5},
    ],
    ids=str,
)
def test_a_schedule_is_forecast(data: PreparedData, changes: dict[str, Any]) -> None:
    settings = defaults.train(**changes)
    expected = forecast(data.part("train"), settings)
    losses = np.array(final_losses(data, settings, 20))
    assert float(expected.median[0]) == pytest.approx(float(np.median(losses)), rel=2e-3)
    assert np.mean((losses >= expected.low[0]) & (losses <= expected.high[0])) >= 0.7
    constant = forecast(data.part("train"), settings.model_copy(update={"schedule": "constant"}))
    assert expected.median[0] - expected.least_loss < (constant.median[0] - constant.least_loss) / 5


@pytest.mark.parametrize("changes", [{"epochs": 12}, {"epochs": 12, "momentum": 0.9, "learning_rate": 0.003}], ids=str)
def test_a_branch_is_forecast_from_where_it_begins(data: PreparedData, changes: dict[str, Any]) -> None:
    settings, train = defaults.train(**changes), data.part("train")
    start = start_at(data, settings, None, 40, "0" * 64)
    begins = Moment(start.weights, start.velocity, start.epoch, start.rows)
    expected, losses = forecast(train, settings, begins=begins), []
    for seed in range(100, 120):
        last = list(descend(train, data.part("validation"), settings.model_copy(update={"seed": seed}), start))[-1]
        predicted = predict(start.layers, last.weights[-1], train.features)
        losses.append(Scores.of(train.target, predicted)["mse"])
    assert float(expected.median[0]) == pytest.approx(np.median(losses), rel=0.01)
    assert np.mean((np.array(losses) >= expected.low[0]) & (np.array(losses) <= expected.high[0])) >= 0.7


def test_a_branch_of_a_run_that_exploded_is_not_called_good(data: PreparedData) -> None:
    settings, train = defaults.train(epochs=400), data.part("train")
    far = Moment(np.full(13, 1e4), np.zeros(13), 10, 0)
    assert forecast(train, settings, begins=far).verdict() == "slow"
    assert forecast(train, settings, begins=far).start_loss == forecast(train, settings).start_loss


def test_collinear_features_are_forecast_without_an_error(data: PreparedData) -> None:
    train = data.part("train")
    twice = Rows(np.column_stack([train.features, train.features]), train.target)
    expected = forecast(twice, defaults.train())
    assert expected.verdict() == "good"
    assert expected.least_loss == pytest.approx(forecast(train, defaults.train()).least_loss)


def test_random_settings_on_tables_of_many_shapes_end_as_forecast() -> None:
    shares = summary(outcome(number) for number in range(13))
    assert shares["falsely_diverging"] == 0
    assert shares["missed_divergence"] == 0
    assert 0.85 <= shares["coverage"] <= 0.97


def test_close_to_the_limit_of_small_batches_a_rate_is_noisy_and_not_slow() -> None:
    draw = np.random.default_rng(3)
    switch, town = draw.random(106) < 0.5, draw.choice(5, 106, p=[0.4, 0.3, 0.2, 0.07, 0.03])
    gap = draw.random(106) < 0.06
    raw = np.column_stack([draw.standard_normal((106, 3)), switch, ~switch, np.eye(5)[town], gap])
    features = (raw - raw.mean(axis=0)) / raw.std(axis=0)
    target = features @ draw.standard_normal(features.shape[1]) * 100 + draw.standard_normal(106) * 80
    rates = {0.001: "slow", 0.03: "good", 0.12: "noisy", 0.139: "noisy", 0.14: "may diverge"}
    ended = [
        forecast(Rows(features, target), defaults.train(batch_size=16, epochs=50, learning_rate=rate)) for rate in rates
    ]
    assert [each.verdict() for each in ended] == list(rates.values())
