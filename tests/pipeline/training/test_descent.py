"""The training loop: equal to Keras's own fit; when it ends, and what it then holds."""

from collections.abc import Iterator

import numpy as np
import pytest

from pipeline.arrays import Floats
from pipeline.network.initial import initial_weights
from pipeline.network.sgd import running_average
from pipeline.params import Train
from pipeline.record.runs import Epoch, Run, collect
from pipeline.safety.errors import UserError
from pipeline.tables.preparation import PreparedData
from pipeline.training.descent import descend, find_device, layers
from pipeline.training.frameworks import keras, tf
from pipeline.training.models import MODELS
from tests.defaults import train

# Both compute in float64 and differ in the order of their sums only; weights are recorded in float32.
LOSS, WEIGHT = 1e-12, 1e-7


def run(data: PreparedData, settings: Train) -> Run:
    """Train to the end."""
    return collect(epochs(data, settings), layers(settings.model, len(data.names)), settings.epochs)


def epochs(data: PreparedData, settings: Train) -> Iterator[Epoch]:
    """Descend on the training rows."""
    return descend(data.part("train"), data.part("validation"), settings)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"batch_size": 1},
        {"batch_size": 266},
        {"momentum": 0.9},
        {"momentum": 0.9, "nesterov": True},
        {"loss": "mae", "learning_rate": 0.1},
        {"schedule": "step", "decay_epochs": 2, "momentum": 0.9},
        {"model": "one_hidden", "batch_size": 100},
        {"model": "two_hidden", "momentum": 0.9, "nesterov": True, "loss": "mae", "batch_size": 7},
    ],
    ids=str,
)
def test_it_equals_keras_fit_on_the_same_batches(boston: PreparedData, changes: dict[str, object]) -> None:
    settings = train(**{"epochs": 4, "seed": 5, **changes})
    rows, others = boston.part("train"), boston.part("validation")
    model = MODELS[settings.model](len(boston.names))
    model.set_weights(initial_weights(layers(settings.model, len(boston.names)), settings.seed))
    optimizer = keras.optimizers.SGD(settings.learning_rate, settings.momentum, settings.nesterov)
    model.compile(optimizer, loss=settings.loss)
    path: list[Floats] = []
    printed: list[float] = []

    def note(_: int, logs: dict[str, float]) -> None:
        path.append(np.concatenate(model.get_weights(), axis=None))
        printed.append(logs["loss"])

    generator = np.random.default_rng(settings.seed)
    start, *later = epochs(boston, settings)
    np.testing.assert_allclose(start.weights, [np.concatenate(model.get_weights(), axis=None)], rtol=WEIGHT)
    for of_start, part in ((start.training_loss, rows), (start.validation_loss, others)):
        assert of_start == pytest.approx(model.evaluate(part.features, part.target, verbose=0), rel=LOSS)
    for epoch in later:
        order = generator.permutation(len(rows.target))
        if settings.schedule == "step":
            optimizer.learning_rate = settings.learning_rate / (1, 1, 2, 2)[epoch.number - 1]
        path.clear()
        printed.clear()
        fitted = model.fit(
            rows.features[order],
            rows.target[order],
            batch_size=settings.batch_size,
            shuffle=False,
            validation_data=(others.features, others.target),
            callbacks=[keras.callbacks.LambdaCallback(on_train_batch_end=note)],
            verbose=0,
        )
        assert epoch.training_loss == pytest.approx(fitted.history["loss"][0], rel=LOSS)
        assert epoch.validation_loss == pytest.approx(fitted.history["val_loss"][0], rel=LOSS)
        averages = running_average(epoch.batch_losses, settings.batch_size, len(rows.target))
        np.testing.assert_allclose(averages, printed, rtol=LOSS)
        every_update = settings.model == "linear"
        assert epoch.weights.dtype == np.float32
        np.testing.assert_allclose(epoch.weights, path if every_update else path[-1:], rtol=WEIGHT, atol=WEIGHT)


def test_a_batch_larger_than_the_table_is_the_whole_table(boston: PreparedData) -> None:
    all_rows, more = run(boston, train(batch_size=266, epochs=3)), run(boston, train(batch_size=1000, epochs=3))
    np.testing.assert_array_equal(all_rows.weights, more.weights)


def test_early_stopping_ends_after_so_many_epochs_without_a_better_validation_loss(boston: PreparedData) -> None:
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
    boston: PreparedData, model: str, learning_rate: float
) -> None:
    settings = train(model=model, learning_rate=learning_rate, epochs=10_000)
    yielded = list(epochs(boston, settings))
    assert [epoch.diverged for epoch in yielded] == [False] * (len(yielded) - 1) + [True]
    result = collect(yielded, layers(model, len(boston.names)), settings.epochs)
    assert result.status == "diverged"
    assert np.isfinite(result.weights).all()
    assert np.isfinite(result.history.to_numpy()[:-1]).all()
    np.testing.assert_array_equal(result.result, yielded[-2].weights[-1])


def test_weights_beyond_float32_end_a_run_even_where_the_losses_are_still_finite(boston: PreparedData) -> None:
    last = run(boston, train(learning_rate=0.2)).history.iloc[-1]
    assert np.isfinite(last["training_loss"])
    assert last["training_loss"] > float(np.finfo(np.float32).max)


def test_a_missing_gpu_is_said_with_what_to_do(boston: PreparedData) -> None:
    if tf.config.list_physical_devices("GPU"):
        assert find_device("auto") == find_device("gpu") == "gpu"
    else:
        with pytest.raises(UserError, match=r"train\.device is gpu, but .* set it to auto or cpu"):
            next(epochs(boston, train(device="gpu")))
        assert find_device("auto") == "cpu"
    assert find_device("cpu") == "cpu"
