"""The training loop: equal to the plain loop and to Keras's own fit; when it ends, and what it then holds."""

from collections.abc import Iterator
from itertools import islice

import numpy as np
import pytest

from pipeline.network.initial import initial_weights
from pipeline.network.sgd import running_average
from pipeline.params import Train
from pipeline.record.runs import Epoch, Run, collect
from pipeline.safety.errors import UserError
from pipeline.tables.prepared import PreparedData
from pipeline.training.descent import descend, find_device, layers
from pipeline.training.frameworks import keras, tf
from pipeline.training.models import MODELS
from tests.pipeline.conftest import TrainWith
from tests.pipeline.training.reference import reference

# Both compute in float64 and differ in the order of their sums only; weights are recorded in float32.
LOSS, WEIGHT = 1e-12, 1e-7
# Keras holds momentum in float32, which holds this number exactly.
MOMENTUM = 0.875


def run(data: PreparedData, settings: Train) -> Run:
    """Train to the end."""
    return collect(epochs(data, settings), layers(settings.model, len(data.names)), settings.epochs)


def epochs(data: PreparedData, settings: Train) -> Iterator[Epoch]:
    """Descend on the training rows."""
    return descend(data.part("train"), data.part("validation"), settings)


@pytest.mark.parametrize(
    "changes",
    [
        {"epochs": 200},
        {"batch_size": 1},
        {"batch_size": 7},
        {"batch_size": 266},
        {"momentum": MOMENTUM},
        {"momentum": MOMENTUM, "nesterov": True},
        {"loss": "mae", "learning_rate": 0.1},
        {"model": "one_hidden"},
        {"model": "two_hidden", "momentum": MOMENTUM, "nesterov": True, "loss": "mae", "batch_size": 7},
    ],
    ids=str,
)
def test_it_equals_the_plain_loop(boston: PreparedData, train: TrainWith, changes: dict[str, object]) -> None:
    settings = train(**{"epochs": 20, "seed": 3, **changes})
    weights = initial_weights(layers(settings.model, len(boston.names)), settings.seed)
    plain = reference(boston.part("train"), boston.part("validation"), settings, weights)
    for epoch, expected in zip(epochs(boston, settings), plain, strict=True):
        assert epoch.training_loss == pytest.approx(expected.training_loss, rel=LOSS)
        assert epoch.validation_loss == pytest.approx(expected.validation_loss, rel=LOSS)
        np.testing.assert_allclose(epoch.batch_losses, expected.batch_losses, rtol=LOSS, atol=LOSS)
        every_update = settings.model == "linear"
        path = expected.path if every_update else expected.path[-1:]
        assert epoch.weights.dtype == np.float32
        np.testing.assert_allclose(epoch.weights, path, rtol=WEIGHT, atol=WEIGHT)


@pytest.mark.parametrize(
    "changes",
    [{}, {"momentum": 0.9, "nesterov": True}, {"loss": "mae"}, {"model": "two_hidden", "momentum": 0.9}],
    ids=str,
)
def test_it_equals_keras_fit_on_the_same_batches(
    boston: PreparedData, train: TrainWith, changes: dict[str, object]
) -> None:
    settings = train(**{"epochs": 4, "seed": 5, **changes})
    rows, others = boston.part("train"), boston.part("validation")
    model = MODELS[settings.model](len(boston.names))
    model.set_weights(initial_weights(layers(settings.model, len(boston.names)), settings.seed))
    optimizer = keras.optimizers.SGD(settings.learning_rate, settings.momentum, settings.nesterov)
    model.compile(optimizer, loss=settings.loss)
    generator = np.random.default_rng(settings.seed)
    for epoch in islice(epochs(boston, settings), 1, None):
        order = generator.permutation(len(rows.target))
        fitted = model.fit(
            rows.features[order],
            rows.target[order],
            batch_size=settings.batch_size,
            shuffle=False,
            validation_data=(others.features, others.target),
            verbose=0,
        )
        assert epoch.training_loss == pytest.approx(fitted.history["loss"][0], rel=LOSS)
        assert epoch.validation_loss == pytest.approx(fitted.history["val_loss"][0], rel=LOSS)
        weights = np.concatenate(model.get_weights(), axis=None)
        np.testing.assert_allclose(epoch.weights[-1], weights, rtol=WEIGHT, atol=WEIGHT)


@pytest.mark.parametrize("changes", [{}, {"model": "one_hidden", "batch_size": 100}], ids=str)
def test_keras_prints_the_running_average_of_the_losses_of_the_batches(
    boston: PreparedData, train: TrainWith, changes: dict[str, object]
) -> None:
    settings = train(**{"epochs": 1, "seed": 5, **changes})
    _, epoch = epochs(boston, settings)
    rows = boston.part("train")
    model = MODELS[settings.model](len(boston.names))
    model.set_weights(initial_weights(layers(settings.model, len(boston.names)), settings.seed))
    model.compile(keras.optimizers.SGD(settings.learning_rate), loss=settings.loss)
    order = np.random.default_rng(settings.seed).permutation(len(rows.target))
    printed: list[float] = []
    model.fit(
        rows.features[order],
        rows.target[order],
        batch_size=settings.batch_size,
        shuffle=False,
        callbacks=[keras.callbacks.LambdaCallback(on_train_batch_end=lambda _, logs: printed.append(logs["loss"]))],
        verbose=0,
    )
    assert len(rows.target) % settings.batch_size  # the last batch is smaller
    averages = running_average(epoch.batch_losses, settings.batch_size, len(rows.target))
    np.testing.assert_allclose(averages, printed, rtol=LOSS)
    assert printed[-1] == pytest.approx(epoch.training_loss, rel=LOSS)


def test_a_batch_larger_than_the_table_is_the_whole_table(boston: PreparedData, train: TrainWith) -> None:
    all_rows, more = run(boston, train(batch_size=266, epochs=3)), run(boston, train(batch_size=1000, epochs=3))
    np.testing.assert_array_equal(all_rows.weights, more.weights)


def test_another_seed_begins_elsewhere_and_takes_the_batches_in_another_order(
    boston: PreparedData, train: TrainWith
) -> None:
    one, other = run(boston, train(epochs=1, seed=1)), run(boston, train(epochs=1, seed=2))
    assert not np.array_equal(one.weights[0], other.weights[0])
    assert not np.allclose(np.diff(one.weights[:, -1]), np.diff(other.weights[:, -1]))


def test_it_leaves_the_global_generators_alone(boston: PreparedData, train: TrainWith) -> None:
    tf.random.set_seed(1)
    expected = [float(tf.random.uniform([])) for _ in range(2)]
    before = np.random.get_state(legacy=False)
    tf.random.set_seed(1)
    seen = [float(tf.random.uniform([]))]
    run(boston, train(epochs=1, batch_size=133))
    seen.append(float(tf.random.uniform([])))
    assert seen == expected
    np.testing.assert_equal(np.random.get_state(legacy=False), before)


def test_early_stopping_ends_after_so_many_epochs_without_a_better_validation_loss(
    boston: PreparedData, train: TrainWith
) -> None:
    patience = 5
    losses = run(boston, train()).history["validation_loss"].to_numpy()[1:]
    stopped = run(boston, train(early_stopping_patience=patience))
    best_at = np.array([np.argmin(losses[: epoch + 1]) for epoch in range(len(losses))])
    expected = int(np.argmax(np.arange(len(losses)) - best_at >= patience)) + 1
    assert expected < 200
    assert (stopped.status, stopped.epochs_run) == ("stopped_early", expected)
    np.testing.assert_array_equal(stopped.history["validation_loss"][1:], losses[:expected])


@pytest.mark.parametrize(
    ("model", "learning_rate"),
    [("linear", 0.2), ("linear", 1e300), ("one_hidden", 1.0)],
)
def test_a_run_that_diverges_ends_with_the_last_finite_epoch(
    boston: PreparedData, train: TrainWith, model: str, learning_rate: float
) -> None:
    settings = train(model=model, learning_rate=learning_rate, epochs=10_000)
    yielded = list(epochs(boston, settings))
    assert [epoch.diverged for epoch in yielded] == [False] * (len(yielded) - 1) + [True]
    result = collect(yielded, layers(model, len(boston.names)), settings.epochs)
    assert result.status == "diverged"
    assert np.isfinite(result.weights).all()
    assert np.isfinite(result.history.to_numpy()[:-1]).all()
    np.testing.assert_array_equal(result.result, yielded[-2].weights[-1])


def test_weights_beyond_float32_end_a_run_even_where_the_losses_are_still_finite(
    boston: PreparedData, train: TrainWith
) -> None:
    last = run(boston, train(learning_rate=0.2)).history.iloc[-1]
    assert np.isfinite(last["training_loss"])
    assert last["training_loss"] > float(np.finfo(np.float32).max)


def test_a_missing_gpu_is_said_with_what_to_do(boston: PreparedData, train: TrainWith) -> None:
    if tf.config.list_physical_devices("GPU"):
        assert find_device("auto") == find_device("gpu") == "gpu"
    else:
        with pytest.raises(UserError, match=r"train\.device is gpu, but .* set it to auto or cpu"):
            next(epochs(boston, train(device="gpu")))
        assert find_device("auto") == "cpu"
    assert find_device("cpu") == "cpu"
