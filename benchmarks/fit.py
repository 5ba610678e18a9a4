"""Compare the time of the training loop with Keras's own fit and a plain NumPy loop: `python -m benchmarks.fit`."""

import platform
import statistics
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Final

import numpy as np

from pipeline import params
from pipeline.network.initial import initial_weights
from pipeline.params import Train
from pipeline.record.runs import Epoch, collect
from pipeline.record.store import ROOT, Store
from pipeline.tables import reading
from pipeline.tables.preparation import prepare
from pipeline.tables.prepared import PreparedData, Rows
from pipeline.training import descent
from pipeline.training.frameworks import keras
from pipeline.training.models import MODELS, layers_of

ROUNDS: Final = 3
SETTING: Final = {"model": "linear", "loss": "mse", "momentum": 0.0, "batch_size": 40, "epochs": 200}
Competitor = Callable[[Rows, Rows, Train], object]


def stock_fit(train: Rows, validation: Rows, settings: Train) -> None:
    """Keras's fit with its history, and a callback that records the weights after every update."""
    model = MODELS[settings.model](train.features.shape[1])
    model.set_weights(initial_weights(layers_of(model), settings.seed))
    model.compile(keras.optimizers.SGD(settings.learning_rate), loss=settings.loss)
    path: list[list[np.ndarray]] = []
    model.fit(
        train.features,
        train.target,
        batch_size=settings.batch_size,
        epochs=settings.epochs,
        validation_data=(validation.features, validation.target),
        callbacks=[
            keras.callbacks.LambdaCallback(on_train_batch_end=lambda *_, **__: path.append(model.get_weights()))
        ],
        verbose=0,
    )


def first_descent(train: Rows, validation: Rows, settings: Train) -> None:
    """Our loop with an empty cache: tracing and compiling included."""
    descent._compiled.cache_clear()
    later_descent(train, validation, settings)


def later_descent(train: Rows, validation: Rows, settings: Train) -> None:
    """Our loop after its program has been compiled."""
    epochs = descent.descend(train, validation, settings)
    collect(epochs, descent.layers(settings.model, train.features.shape[1]), settings.epochs)


def numpy_loop(train: Rows, validation: Rows, settings: Train) -> None:
    """The same steps for the linear model in plain NumPy."""
    layout = descent.layers(settings.model, train.features.shape[1])
    collect(_numpy_epochs(train, validation, settings), layout, settings.epochs)


def _numpy_epochs(train: Rows, validation: Rows, settings: Train) -> Iterator[Epoch]:
    generator = np.random.default_rng(settings.seed)
    weights, bias = np.zeros(train.features.shape[1]), 0.0
    path = np.append(weights, bias).astype(np.float32)[np.newaxis]
    yield Epoch(0, float(np.mean(train.target**2)), float(np.mean(validation.target**2)), path)
    for number in range(1, settings.epochs + 1):
        order = generator.permutation(len(train.target))
        features, target = train.features[order], train.target[order]
        updates, total = [], 0.0
        for start in range(0, len(order), settings.batch_size):
            x, y = features[start : start + settings.batch_size], target[start : start + settings.batch_size]
            error = x @ weights + bias - y
            total += float(error @ error)
            weights = weights - settings.learning_rate * 2 / len(y) * (error @ x)
            bias -= settings.learning_rate * 2 / len(y) * float(error.sum())
            updates.append(np.append(weights, bias).astype(np.float32))
        left = validation.features @ weights + bias - validation.target
        yield Epoch(number, total / len(order), float(np.mean(left**2)), np.array(updates))


def scikit_learn(train: Rows, _: Rows, settings: Train) -> None:
    """scikit-learn's SGD: batches of one row, no history and no path."""
    from sklearn.linear_model import SGDRegressor  # an extra that only `make bench` installs

    rate = settings.learning_rate / settings.batch_size  # an epoch goes as far as one in batches
    SGDRegressor(
        penalty=None,
        learning_rate="constant",
        eta0=rate,
        max_iter=settings.epochs,
        tol=None,
        random_state=settings.seed,
    ).fit(train.features, train.target)


def seconds(competitor: Competitor, data: PreparedData, settings: Train) -> float:
    """How long one run takes."""
    train, validation = data.part("train"), data.part("validation")
    began = time.perf_counter()
    competitor(train, validation, settings)
    return time.perf_counter() - began


def main() -> None:
    """Run every competitor in turn, a few times, and print the medians."""
    all_settings = params.load()
    settings = all_settings.train.model_copy(update=SETTING)
    table = reading.parse((ROOT / "data" / "boston_housing.csv").read_bytes(), "data/boston_housing.csv")
    data = prepare(table, all_settings.normalize, Store().tfjs_test_rows())
    competitors: dict[str, Competitor] = {
        "Keras Model.fit": stock_fit,
        "descend, first run": first_descent,
        "descend, later run": later_descent,
        "NumPy loop": numpy_loop,
    }
    if find_spec("sklearn"):
        competitors["scikit-learn SGDRegressor"] = scikit_learn
        seconds(scikit_learn, data, settings)  # its import is not counted
    times: dict[str, list[float]] = {name: [] for name in competitors}
    for _ in range(ROUNDS):
        for name, competitor in competitors.items():
            times[name].append(seconds(competitor, data, settings))
    medians = {name: statistics.median(values) for name, values in times.items()}
    fit = medians["Keras Model.fit"]
    sizes = {name: len(rows) for name, rows in data.split.parts().items()}
    print(
        f"{settings.model} model, {sizes['train']} training and {sizes['validation']} validation rows, "
        f"{settings.epochs} epochs, batches of {settings.batch_size}; medians of {ROUNDS} rounds "
        f"on {platform.processor() or platform.machine()}, {descent.find_device(settings.device)}\n"
    )
    print(f"{'':28}{'seconds':>10}{'least':>10}{'most':>10}{'times faster':>14}")
    for name, median in medians.items():
        least, most = min(times[name]), max(times[name])
        print(f"{name:28}{median:>10.4f}{least:>10.4f}{most:>10.4f}{fit / median:>14,.1f}")
    if "scikit-learn SGDRegressor" not in medians:
        print("\nscikit-learn is not installed: `make bench` installs it")


if __name__ == "__main__":
    main()
