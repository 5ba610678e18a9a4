"""Stochastic gradient descent on a Keras model, as an iterator of epochs: the one training loop of the house."""

import threading
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from pipeline.network.initial import initial_weights
from pipeline.network.layers import Layer
from pipeline.network.sgd import updates_per_epoch
from pipeline.params import Train
from pipeline.record.runs import Epoch
from pipeline.safety.errors import UserError
from pipeline.tables.preparation import Rows
from pipeline.training.frameworks import keras, on_device, tf
from pipeline.training.models import build, layers_of

MAX_EPOCHS_AT_ONCE: Final = 50
UPDATES_AT_ONCE: Final = 2_000

VERSIONS: Final = {"tensorflow": tf.__version__, "keras": keras.__version__}

_VARYING: Final = {"learning_rate": 1.0, "epochs": 1, "seed": 0, "early_stopping_patience": 0, "device": "auto"}
"""The settings that one and the same compiled program takes as they come, with values that stand for all."""

LOSSES: Final[dict[str, Callable[[Any], Any]]] = {"mse": tf.square, "mae": tf.abs}


def descend(train: Rows, validation: Rows, settings: Train) -> Iterator[Epoch]:
    """Train the real Keras model with Keras's own SGD and yield epoch 0, 1, 2, ... as they are asked for.

    Ends after `settings.epochs`, after an epoch that diverged, or when early stopping says so; the last epoch's
    last weights are then the result. The same arguments give the same bits, whoever consumes them and how fast.
    Raises `UserError` when the device that `settings` asks for is not there.
    """
    program = _compiled(settings.model_copy(update=_VARYING), train.features.shape, find_device(settings.device))
    best, best_at = np.inf, 0
    for epoch in program.epochs(train, validation, settings.seed, settings.learning_rate):
        yield epoch
        if epoch.diverged or epoch.number == settings.epochs:
            return
        if epoch.validation_loss < best and epoch.number > 0:
            best, best_at = epoch.validation_loss, epoch.number
        if 0 < settings.early_stopping_patience <= epoch.number - best_at:
            return


def find_device(wanted: str) -> Literal["cpu", "gpu"]:
    """Say where to train: on a GPU if there is one, unless `wanted` is cpu. Raises `UserError` for a missing GPU."""
    found = wanted != "cpu" and bool(tf.config.list_physical_devices("GPU"))
    if wanted == "gpu" and not found:
        raise UserError(
            "train.device is gpu, but TensorFlow finds no GPU: set it to auto or cpu, "
            "or check that `nvidia-smi` works, then run `make setup`"
        )
    return "gpu" if found else "cpu"


@cache
def layers(model: str, features: int) -> tuple[Layer, ...]:
    """Describe how the flat weights of a model with so many features are laid out."""
    return tuple(layers_of(build(model, features)))


class _Program:
    """Many epochs of SGD fused into one compiled TensorFlow graph; it keeps nothing from run to run."""

    def __init__(self, settings: Train, shape: tuple[int, int], device: str) -> None:
        self.rows, features = shape
        self.batch_size = min(settings.batch_size, self.rows)
        self.updates = updates_per_epoch(self.rows, self.batch_size)
        self.epochs_at_once = max(1, min(MAX_EPOCHS_AT_ONCE, UPDATES_AT_ONCE // self.updates))
        self.weights_per_epoch = self.updates if settings.model == "linear" else 1
        self.device = f"/{device}:0"
        self.loss = LOSSES[settings.loss]
        self.lock = threading.Lock()
        with on_device(self.device):
            self.model = build(settings.model, features)
            self.optimizer = keras.optimizers.SGD(momentum=settings.momentum, nesterov=settings.nesterov)
            self.optimizer.build(self.model.trainable_variables)
            self.velocities = [v for v in self.optimizer.variables if v.path.endswith("momentum")]
        self.parameters = sum(int(np.prod(v.shape)) for v in self.model.trainable_variables)
        self.compiled = tf.function(self._some_epochs, jit_compile=True)

    def epochs(self, train: Rows, validation: Rows, seed: int, learning_rate: float) -> Iterator[Epoch]:
        """Yield epoch 0, 1, 2, ... without an end."""
        generator = np.random.default_rng(seed)
        weights = initial_weights(layers_of(self.model), seed)
        with on_device(self.device):
            data = [tf.constant(a) for a in (train.features, train.target, validation.features, validation.target)]
            rate = tf.constant(learning_rate, tf.float64)
            state = [tf.constant(a) for a in (*weights, *(np.zeros(v.shape) for v in self.velocities))]
        number = 0
        while True:
            orders = np.stack([generator.permutation(self.rows) for _ in range(self.epochs_at_once)])
            with self.lock, on_device(self.device):
                state, before, *chunk = self.compiled(rate, state, *data, orders.astype(np.int32))
            if number == 0:
                flat = np.concatenate([array.ravel() for array in weights]).astype(np.float32)
                yield _epoch(0, before[0].numpy(), before[1].numpy(), flat[np.newaxis])
            for epoch in zip(*(values.numpy() for values in chunk), strict=True):
                number += 1
                yield _epoch(number, *epoch)

    def _some_epochs(self, rate: Any, state: Any, x: Any, y: Any, x_val: Any, y_val: Any, orders: Any) -> Any:
        variables = [*self.model.trainable_variables, *self.velocities]
        for variable, value in zip(variables, state, strict=True):
            variable.assign(value)
        self.optimizer.learning_rate = rate
        before = tf.stack([self._mean_loss(x, y), self._mean_loss(x_val, y_val)])
        training = tf.TensorArray(tf.float64, self.epochs_at_once, element_shape=[])
        validating = tf.TensorArray(tf.float64, self.epochs_at_once, element_shape=[])
        paths = tf.TensorArray(
            tf.float32, self.epochs_at_once * self.weights_per_epoch, element_shape=[self.parameters]
        )
        batch_losses = tf.TensorArray(tf.float64, self.epochs_at_once * self.updates, element_shape=[])
        size, every_update = self.batch_size, self.weights_per_epoch > 1
        whole, left = divmod(self.rows, size)
        for epoch in tf.range(self.epochs_at_once):
            xs, ys = tf.gather(x, orders[epoch]), tf.gather(y, orders[epoch])
            total = tf.constant(0.0, tf.float64)
            for batch in tf.range(whole):
                start = batch * size
                loss = self._update(tf.slice(xs, [start, 0], [size, -1]), tf.slice(ys, [start], [size]))
                total += size * loss
                batch_losses = batch_losses.write(epoch * self.updates + batch, loss)
                if every_update:
                    paths = paths.write(epoch * self.updates + batch, self._flat_weights())
            if left:
                loss = self._update(xs[-left:], ys[-left:])
                total += left * loss
                batch_losses = batch_losses.write(epoch * self.updates + whole, loss)
            if left or not every_update:
                paths = paths.write((epoch + 1) * self.weights_per_epoch - 1, self._flat_weights())
            training = training.write(epoch, total / self.rows)
            validating = validating.write(epoch, self._mean_loss(x_val, y_val))
        shape = [self.epochs_at_once, self.weights_per_epoch, self.parameters]
        after = [tf.identity(variable.value) for variable in variables]
        every_loss = tf.reshape(batch_losses.stack(), [*shape[:1], self.updates])
        return after, before, training.stack(), validating.stack(), tf.reshape(paths.stack(), shape), every_loss

    def _update(self, x: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = self._mean_loss(x, y, training=True)
        self.optimizer.apply(tape.gradient(loss, [v.value for v in self.model.trainable_variables]))
        return loss

    def _mean_loss(self, x: Any, y: Any, training: bool = False) -> Any:
        return tf.reduce_mean(self.loss(self.model(x, training=training)[:, 0] - y))

    def _flat_weights(self) -> Any:
        weights = [tf.reshape(v.value, [-1]) for v in self.model.trainable_variables]
        return tf.cast(tf.concat(weights, axis=0), tf.float32)


def _epoch(
    number: int, training_loss: Any, validation_loss: Any, path: NDArray[np.float32], batch_losses: Any = ()
) -> Epoch:
    finite = np.isfinite(training_loss) and np.isfinite(validation_loss) and np.isfinite(path).all()
    return Epoch(
        number,
        float(training_loss),
        float(validation_loss),
        path if finite else path[:0],
        np.asarray(batch_losses, np.float64),
    )


_compiled = lru_cache(maxsize=16)(_Program)
