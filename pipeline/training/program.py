"""Many epochs of SGD fused into one compiled TensorFlow graph: the one training loop of the house."""

import threading
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from pipeline.arrays import Floats
from pipeline.network.sgd import updates_per_epoch
from pipeline.params import Train
from pipeline.tables.preparation import Rows
from pipeline.training.frameworks import keras, on_device, tf
from pipeline.training.models import build

MAX_EPOCHS_AT_ONCE: Final = 50
UPDATES_AT_ONCE: Final = 2_000

LOSSES: Final[dict[str, Callable[[Any], Any]]] = {"mse": tf.square, "mae": tf.abs}


class Program:
    """Some epochs of SGD over `rows` of the rows that it is given; it keeps nothing from run to run.

    A state (numbers,) is the flat weights and what the optimizer carries over, in float64: with momentum a velocity.
    """

    def __init__(self, settings: Train, rows: int, features: int, device: str) -> None:
        self.rows = rows
        self.batch_size = min(settings.batch_size, rows)
        self.updates = updates_per_epoch(rows, self.batch_size)
        self.epochs_at_once = max(1, min(MAX_EPOCHS_AT_ONCE, UPDATES_AT_ONCE // self.updates))
        self.weights_per_epoch = self.updates if settings.model == "linear" else 1
        self.device = f"/{device}:0"
        self.loss = LOSSES[settings.loss]
        self.lock = threading.Lock()
        with on_device(self.device):
            self.model = build(settings.model, features)
            self.optimizer = keras.optimizers.SGD(momentum=settings.momentum, nesterov=settings.nesterov)
            self.optimizer.build(self.model.trainable_variables)
            carried = [v for v in self.optimizer.variables if v.path.endswith("momentum")]
        self.variables = [*self.model.trainable_variables, *carried]
        self.parameters = sum(int(np.prod(v.shape)) for v in self.model.trainable_variables)
        self.numbers = sum(int(np.prod(v.shape)) for v in self.variables)
        self.compiled = tf.function(self._some_epochs, jit_compile=True)

    def tables(self, *parts: Rows) -> list[Any]:
        """Bring tables to the device: the training rows, then the validation rows."""
        with on_device(self.device):
            return [tf.constant(array) for part in parts for array in (part.features, part.target)]

    def run(
        self, state: Floats, tables: list[Any], orders: NDArray[np.int64], rates: Floats
    ) -> Iterable[tuple[Any, Any, NDArray[np.float32], Floats, Floats]]:
        """Descend from `state` for `epochs_at_once` epochs, each in its order (epochs, rows) at its rate (epochs,).

        Of a state of another optimizer, or without a velocity, the weights are taken, and all else begins at zero.
        Of each epoch: training loss, validation loss, weights (updates, parameters), the losses of its batches
        (updates,) and the state that it left.
        """
        whole = np.zeros(self.numbers)
        known = self.numbers if len(state) == self.numbers else self.parameters
        whole[:known] = state[:known]
        with self.lock, on_device(self.device):
            found = self.compiled(tf.constant(rates), tf.constant(whole), *tables, orders.astype(np.int32))
        return zip(*(values.numpy() for values in found), strict=True)

    def _some_epochs(self, rates: Any, state: Any, x: Any, y: Any, x_val: Any, y_val: Any, orders: Any) -> Any:
        start = 0
        for variable in self.variables:
            size = int(np.prod(variable.shape))
            variable.assign(tf.reshape(state[start : start + size], variable.shape))
            start += size
        training = tf.TensorArray(tf.float64, self.epochs_at_once, element_shape=[])
        validating = tf.TensorArray(tf.float64, self.epochs_at_once, element_shape=[])
        paths = tf.TensorArray(
            tf.float32, self.epochs_at_once * self.weights_per_epoch, element_shape=[self.parameters]
        )
        batch_losses = tf.TensorArray(tf.float64, self.epochs_at_once * self.updates, element_shape=[])
        states = tf.TensorArray(tf.float64, self.epochs_at_once, element_shape=[self.numbers])
        size, every_update = self.batch_size, self.weights_per_epoch > 1
        whole, left = divmod(self.rows, size)
        for epoch in tf.range(self.epochs_at_once):
            self.optimizer.learning_rate.assign(rates[epoch])
            xs, ys = tf.gather(x, orders[epoch]), tf.gather(y, orders[epoch])
            total = tf.constant(0.0, tf.float64)
            for batch in tf.range(whole):
                first = batch * size
                loss = self._update(tf.slice(xs, [first, 0], [size, -1]), tf.slice(ys, [first], [size]))
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
            states = states.write(epoch, _flat(self.variables))
        shape = [self.epochs_at_once, self.weights_per_epoch, self.parameters]
        every_loss = tf.reshape(batch_losses.stack(), [*shape[:1], self.updates])
        return training.stack(), validating.stack(), tf.reshape(paths.stack(), shape), every_loss, states.stack()

    def _update(self, x: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = self._mean_loss(x, y, training=True)
        self.optimizer.apply(tape.gradient(loss, [v.value for v in self.model.trainable_variables]))
        return loss

    def _mean_loss(self, x: Any, y: Any, training: bool = False) -> Any:
        return tf.reduce_mean(self.loss(self.model(x, training=training)[:, 0] - y))

    def _flat_weights(self) -> Any:
        return tf.cast(_flat(self.model.trainable_variables), tf.float32)


def _flat(variables: Iterable[Any]) -> Any:
    return tf.concat([tf.cast(tf.reshape(v.value, [-1]), tf.float64) for v in variables], axis=0)


compiled = lru_cache(maxsize=16)(Program)
"""A program that is compiled when it first runs, and used again for all settings with the same `Train.template`."""
