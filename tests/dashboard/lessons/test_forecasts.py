"""What is said before a run comes true: held to the real training loop on the real data."""

from collections.abc import Callable

import numpy as np
import pytest

from dashboard.lessons.forecasts import QuadraticLoss, forecast
from dashboard.lessons.step import Course, mean_loss
from pipeline import params
from pipeline.network.layers import predict
from pipeline.network.linear import Curvature
from pipeline.params import Train
from pipeline.record.runs import Epoch
from pipeline.tables.prepared import PreparedData
from pipeline.training.descent import descend, layers
from tests.projects import Project


@pytest.fixture(scope="module")
def data(recorded: Project) -> PreparedData:
    return recorded.store.read_normalized()


@pytest.fixture(scope="module")
def bowl(data: PreparedData) -> QuadraticLoss:
    return QuadraticLoss.of(data.part("train"))


@pytest.fixture(scope="module")
def train_with(recorded: Project) -> Callable[..., Train]:
    settings = params.load(recorded.root / "params.yaml").train
    return lambda **changes: settings.model_copy(update=changes)


def run(data: PreparedData, settings: Train) -> Epoch:
    return list(descend(data.part("train"), data.part("validation"), settings))[-1]


def above_optimum(data: PreparedData, bowl: QuadraticLoss, epoch: Epoch) -> float:
    train = data.part("train")
    predicted = predict(layers("linear", len(data.names)), epoch.weights[-1], train.features)
    return float(np.mean((predicted - train.target) ** 2)) - bowl.least_loss


def test_the_limit_is_that_of_the_curvature(data: PreparedData, bowl: QuadraticLoss) -> None:
    curvature = Curvature.of(data.part("train").features)
    assert bowl.limit() == pytest.approx(curvature.largest_stable_learning_rate, rel=1e-9)


@pytest.mark.parametrize("share", [0.97, 1.03])
@pytest.mark.parametrize(("momentum", "nesterov"), [(0.0, False), (0.9, False), (0.9, True)])
def test_all_rows_at_once_are_stable_just_below_the_limit_and_no_further(
    data: PreparedData,
    bowl: QuadraticLoss,
    train_with: Callable[..., Train],
    share: float,
    momentum: float,
    nesterov: bool,
) -> None:
    rate = share * bowl.limit(momentum, nesterov)
    rows = len(data.split.train)
    settings = train_with(batch_size=rows, momentum=momentum, nesterov=nesterov, learning_rate=rate, epochs=3000)
    last = run(data, settings)
    assert (forecast(bowl, settings, rows).verdict == "diverges") == (share > 1)
    assert (last.diverged or last.training_loss > 1e6) == (share > 1)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
@pytest.mark.parametrize("rate", [1e-4, 1e-3, 1e-2])
def test_what_is_left_of_a_slow_run_is_forecast(
    data: PreparedData, bowl: QuadraticLoss, train_with: Callable[..., Train], rate: float, momentum: float
) -> None:
    rows = len(data.split.train)
    settings = train_with(batch_size=rows, learning_rate=rate, momentum=momentum)
    outlook = forecast(bowl, settings, rows)
    left = [above_optimum(data, bowl, run(data, settings.model_copy(update={"seed": seed}))) for seed in range(20)]
    # The start is random: the forecast is for the average one.
    assert np.mean(left) == pytest.approx(outlook.optimization_error, rel=0.1, abs=1e-3)


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, "good"),
        ({"learning_rate": 1e-4}, "slow"),
        ({"learning_rate": 0.01, "batch_size": 1}, "noisy"),
        ({"learning_rate": 0.2}, "diverges"),
        ({"learning_rate": 0.05, "batch_size": 1}, "diverges"),
        ({"learning_rate": 0.05, "batch_size": 8, "momentum": 0.9}, "diverges"),
    ],
)
def test_the_verdict_is_what_happens(
    data: PreparedData, bowl: QuadraticLoss, train_with: Callable[..., Train], changes: dict[str, float], verdict: str
) -> None:
    settings = train_with(**changes)
    assert forecast(bowl, settings, len(data.split.train)).verdict == verdict
    last = run(data, settings)
    left = np.inf if last.diverged else above_optimum(data, bowl, last)
    worth_a_word = 0.05 * bowl.least_loss
    expected = {
        "good": left < worth_a_word,
        "slow": left > worth_a_word,
        "noisy": worth_a_word < left < bowl.least_loss,
        "diverges": left > 1e6,
    }
    assert expected[verdict]


@pytest.mark.parametrize(
    "changes",
    [{"learning_rate": 0.03}, {"learning_rate": 0.1}, {"learning_rate": 0.02, "batch_size": 8},
     {"learning_rate": 0.1, "batch_size": 128}],
    ids=str,
)  # fmt: skip
def test_the_noise_that_is_forecast_bounds_the_average_over_seeds_and_no_single_run(
    data: PreparedData, bowl: QuadraticLoss, train_with: Callable[..., Train], changes: dict[str, float]
) -> None:
    train = data.part("train")
    outlook = forecast(bowl, train_with(**changes), len(train.target))
    above = []
    for seed in range(12):
        settings = train_with(seed=seed, **changes)
        course = Course.walk(train, settings, settings.epochs * -(-len(train.target) // settings.batch_size))
        above.append(mean_loss(train, course.weights[-1], "mse") - bowl.least_loss)
    assert np.mean(above) < outlook.optimization_error + outlook.noise_floor < np.max(above)


def test_collinear_features_are_forecast_without_an_error(data: PreparedData, train_with: Callable[..., Train]) -> None:
    train = data.part("train")
    twice = type(train)(np.column_stack([train.features, train.features]), train.target)
    outlook = forecast(QuadraticLoss.of(twice), train_with(), len(train.target))
    assert np.isfinite([outlook.limit, outlook.minibatch_limit, outlook.optimization_error, outlook.noise_floor]).all()
