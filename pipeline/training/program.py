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

MAX_EPOCHS_AT_ONCE: Final = 200
UPDATES_AT_ONCE: Final = 2_000
ROWS_AT_ONCE: Final = 2**24
_ALIGNMENT: Final = 64

LOSSES: Final[dict[str, Callable[[Any], Any]]] = {"mse": tf.square, "mae": tf.abs}


class Program:
    """Some epochs of SGD over `rows` of the rows that it is given; it keeps nothing from run to run.

    A state (numbers,) is the flat weights and what the optimizer carries over, in float64: with momentum a velocity.
    """

    def __init__(self, settings: Train, rows: int, features: int, device: str) -> None:
        self.rows = rows
        self.batch_size = min(settings.batch_size, rows)
        self.updates = updates_per_epoch(rows, self.batch_size)
        self.epochs_at_once = max(1, min(MAX_EPOCHS_AT_ONCE, UPDATES_AT_ONCE // self.updates, ROWS_AT_ONCE // rows))
        self.weights_per_epoch = self.updates if settings.is_linear else 1
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
        self.compiled = tf.function(self._some_epochs, jit_compile=True, autograph=False)
        self.traced: dict[Any, Any] = {}

    def tables(self, *parts: Rows) -> list[Any]:
        """Bring tables to the device: the training rows, then the validation rows."""
        bring = tf.constant if "gpu" in self.device else _aligned
        with on_device(self.device):
            return [bring(array) for part in parts for array in (part.features, part.target)]

    def run(
        self, state: Floats, tables: list[Any], orders: NDArray[np.int64], rates: Floats
    ) -> Iterable[tuple[Any, Any, NDArray[np.float32], Floats, Floats]]:
        """Descend from `state` for as many epochs, at most `epochs_at_once`, as there are `orders` (epochs, rows).

        Each has a rate of its own (epochs,). Of a state of another optimizer, or without a velocity, the weights are
        taken, and all else begins at zero. Of each epoch: training loss, validation loss, weights (updates,
        parameters), the losses of its batches (updates,) and the state that it left.
        """
        whole = np.zeros(self.numbers)
        known = self.numbers if len(state) == self.numbers else self.parameters
        whole[:known] = state[:known]
        count = len(orders)
        spare = self.epochs_at_once - count
        padded = np.pad(orders.astype(np.int32), ((0, spare), (0, 0))), np.pad(rates, (0, spare))
        with self.lock, on_device(self.device):
            inputs = [tf.constant(array) for array in (count, whole, *padded)]
            found = self._concrete(*inputs, *tables)(*inputs, *tables)
        return zip(*(values.numpy()[:count] for values in found), strict=True)

    def _concrete(self, *inputs: Any) -> Any:
        """The compiled function for inputs of these shapes, called without looking at their types again."""
        shapes = tuple(tuple(each.shape) for each in inputs)
        if shapes not in self.traced:
            self.traced[shapes] = self.compiled.get_concrete_function(*inputs)
        return self.traced[shapes]

    def _some_epochs(
        self, count: Any, state: Any, orders: Any, rates: Any, x: Any, y: Any, x_val: Any, y_val: Any
    ) -> list[Any]:
        """What is compiled. Loops are explicit, every slice has a size that is known, and each batch is gathered alone.

        A slice to the end of an axis would make XLA carry twice the table, and rows that are gathered for a whole
        epoch would be read from memory twice.
        """
        start = 0
        for variable in self.variables:
            size = int(np.prod(variable.shape))
            variable.assign(tf.reshape(state[start : start + size], variable.shape))
            start += size
        whole, left = divmod(self.rows, self.batch_size)
        every_update = self.weights_per_epoch > 1

        def one_batch(epoch: Any, number: Any, rows: int, total: Any, paths: Any, losses: Any) -> tuple[Any, Any, Any]:
            chosen = tf.slice(orders, [epoch, number * self.batch_size], [1, rows])[0]
            loss = self._update(x, y, chosen)
            at = epoch * self.updates + number
            if every_update:
                paths = paths.write(at, self._flat_weights())
            return total + rows * loss, paths, losses.write(at, loss)

        def one_epoch(epoch: Any, training: Any, validating: Any, paths: Any, losses: Any, states: Any) -> Any:
            self.optimizer.learning_rate.assign(rates[epoch])
            _, total, paths, losses = tf.while_loop(
                lambda number, *_: number < whole,
                lambda number, *carried: (number + 1, *one_batch(epoch, number, self.batch_size, *carried)),
                (tf.constant(0), tf.constant(0.0, tf.float64), paths, losses),
            )
            if left:
                total, paths, losses = one_batch(epoch, whole, left, total, paths, losses)
            if not every_update:
                paths = paths.write(epoch, self._flat_weights())
            return (
                epoch + 1,
                training.write(epoch, total / self.rows),
                validating.write(epoch, self._mean_loss(x_val, y_val)),
                paths,
                losses,
                states.write(epoch, _flat(self.variables)),
            )

        epochs, updates = self.epochs_at_once, self.epochs_at_once * self.updates
        per_epoch = [tf.TensorArray(tf.float64, epochs, element_shape=[]) for _ in range(2)]
        paths = tf.TensorArray(tf.float32, epochs * self.weights_per_epoch, element_shape=[self.parameters])
        losses = tf.TensorArray(tf.float64, updates, element_shape=[])
        states = tf.TensorArray(tf.float64, epochs, element_shape=[self.numbers])
        arrays = tf.while_loop(
            lambda epoch, *_: epoch < count, one_epoch, (tf.constant(0), *per_epoch, paths, losses, states)
        )[1:]
        shapes: tuple[list[int], ...] = (
            [],
            [],
            [self.weights_per_epoch, self.parameters],
            [self.updates],
            [self.numbers],
        )
        return [tf.reshape(array.stack(), [epochs, *shape]) for array, shape in zip(arrays, shapes, strict=True)]

    def _update(self, x: Any, y: Any, chosen: Any) -> Any:
        """Take a step on the chosen rows; return their mean loss before it."""
        with tf.GradientTape() as tape:
            loss = self._mean_loss(tf.gather(x, chosen), tf.gather(y, chosen), training=True)
        self.optimizer.apply(tape.gradient(loss, [v.value for v in self.model.trainable_variables]))
        return loss

    def _mean_loss(self, x: Any, y: Any, training: bool = False) -> Any:
        return tf.reduce_mean(self._losses(x, y, training))

    def _losses(self, x: Any, y: Any, training: bool) -> Any:
        return self.loss(self.model(x, training=training)[:, 0] - y)

    def _flat_weights(self) -> Any:
        return tf.cast(_flat(self.model.trainable_variables), tf.float32)


def _aligned(array: Floats) -> Any:
    """A tensor with a copy of an array that begins where TensorFlow needs it to; `tf.constant` would copy it twice."""
    buffer = np.empty(array.nbytes + _ALIGNMENT, np.uint8)
    first = -buffer.ctypes.data % _ALIGNMENT
    copy = buffer[first : first + array.nbytes].view(array.dtype).reshape(array.shape)
    copy[...] = array
    return tf.experimental.dlpack.from_dlpack(copy.__dlpack__())


def _flat(variables: Iterable[Any]) -> Any:
    return tf.concat([tf.cast(tf.reshape(v.value, [-1]), tf.float64) for v in variables], axis=0)


def run_once(program: Program, state: Floats, tables: list[Any], order: NDArray[np.int64], rate: Floats) -> Any:
    """Run a program for a part of one epoch, in this order (rows,) and at this rate (1,); see `Program.run`."""
    return next(iter(program.run(state, tables, order[np.newaxis], rate)))


Programs = Callable[[Train, int, int, str], Program]

compiled: Programs = lru_cache(maxsize=16)(Program)
"""A program that is compiled when it first runs, and used again for all settings with the same `Train.template`."""
