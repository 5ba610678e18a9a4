"""Compare the time of the training loop with Keras's own fit and a plain NumPy loop: `python -m benchmarks.fit`."""

import platform
import time
from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from pipeline import params
from pipeline.arrays import Floats
from pipeline.network.initial import initial_weights
from pipeline.network.sgd import update
from pipeline.params import Train
from pipeline.record.runs import collect
from pipeline.record.store import ROOT, Store
from pipeline.tables import reading
from pipeline.tables.preparation import Rows, prepare
from pipeline.training import descent, program
from pipeline.training.frameworks import keras
from pipeline.training.models import MODELS, layers_of

ROUNDS: Final = 3
SETTING: Final = {"model": "linear", "loss": "mse", "momentum": 0.0, "batch_size": 40, "epochs": 200}


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
    program.compiled.cache_clear()
    later_descent(train, validation, settings)


def later_descent(train: Rows, validation: Rows, settings: Train) -> None:
    """Our loop after its program has been compiled."""
    epochs = descent.descend(train, validation, settings)
    collect(epochs, descent.layers(settings.model, train.features.shape[1]), settings.epochs)


def numpy_loop(train: Rows, validation: Rows, settings: Train) -> None:
    """The same steps for the linear model in plain NumPy, with both losses and the weights after every update."""
    generator = np.random.default_rng(settings.seed)
    features, unseen = _with_bias(train), _with_bias(validation)
    weights = velocity = np.zeros(features.shape[1])
    history, path = [], [weights]
    for _ in range(settings.epochs):
        order = generator.permutation(len(features))
        shuffled, target, total = features[order], train.target[order], 0.0
        for start in range(0, len(order), settings.batch_size):
            x, y = shuffled[start : start + settings.batch_size], target[start : start + settings.batch_size]
            error = x @ weights - y
            total += float(error @ error)
            gradient = 2 / len(y) * (error @ x)
            weights, velocity = update(
                weights, velocity, gradient, settings.learning_rate, settings.momentum, settings.nesterov
            )
            path.append(weights)
        history.append((total / len(order), float(np.mean((unseen @ weights - validation.target) ** 2))))


def _with_bias(rows: Rows) -> Floats:
    return np.column_stack([rows.features, np.ones(len(rows.target))])


COMPETITORS: Final[dict[str, Callable[[Rows, Rows, Train], None]]] = {
    "Keras Model.fit": stock_fit,
    "descend, first run": first_descent,
    "descend, later run": later_descent,
    "NumPy loop": numpy_loop,
}


def main() -> None:
    """Run every competitor in turn, a few times, and print the medians."""
    all_settings = params.load()
    settings = all_settings.train.model_copy(update=SETTING)
    table = reading.parse((ROOT / "data" / "boston_housing.csv").read_bytes(), "data/boston_housing.csv")
    data = prepare(table, all_settings.normalize, Store().tfjs_test_rows())
    train, validation = data.part("train"), data.part("validation")
    times = pd.DataFrame(index=range(ROUNDS), columns=list(COMPETITORS), dtype=float)
    for number in range(ROUNDS):
        for name, competitor in COMPETITORS.items():
            began = time.perf_counter()
            competitor(train, validation, settings)
            times.loc[number, name] = time.perf_counter() - began
    print(
        f"{settings.model} model, {len(train.target)} training and {len(validation.target)} validation rows, "
        f"{settings.epochs} epochs, batches of {settings.batch_size}; seconds in {ROUNDS} rounds "
        f"on {platform.processor() or platform.machine()}, {descent.find_device(settings.device)}\n"
    )
    table_of_times = times.agg(["median", "min", "max"]).T
    table_of_times["times faster"] = table_of_times["median"].iloc[0] / table_of_times["median"]
    print(table_of_times.to_string(float_format="{:,.4f}".format))


if __name__ == "__main__":
    main()
