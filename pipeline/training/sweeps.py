"""Many runs of the linear model at once, with other seeds or other learning rates, in one compiled program."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from pipeline.network.initial import initial_weights
from pipeline.params import Train
from pipeline.tables.prepared import Rows
from pipeline.training.descent import LOSSES, find_device
from pipeline.training.frameworks import on_device, tf
from pipeline.training.models import MODELS, layers_of

Floats = NDArray[np.float64]

EPOCHS_AT_ONCE: Final = 20


@dataclass(frozen=True)
class Variant:
    """One run of a sweep: the rows it sees and what it is trained with. Everything else is the same for all."""

    train: Rows
    validation: Rows
    seed: int
    learning_rate: float


@dataclass(frozen=True)
class Swept:
    """Where the runs of a sweep are after so many epochs: weights (runs, parameters), each kernel, then its bias.

    They are not finite for a run that diverged.
    """

    epochs: int
    weights: Floats


def sweep(variants: Sequence[Variant], settings: Train) -> Iterator[Swept]:
    """Train the linear model on each variant together, and yield where they are every few epochs; the last is the end.

    Each run does what `descend` does with the variant's rows, seed and learning rate and the rest of `settings`, early
    stopping included. All variants must have equally many rows.
    Raises `UserError` when the device that `settings` asks for is not there.
    """
    program = _compiled(
        variants[0].train.features.shape,
        settings.loss,
        settings.batch_size,
        settings.momentum,
        settings.nesterov,
        settings.early_stopping_patience,
        find_device(settings.device),
    )
    return program.run(variants, settings.epochs)


class _Program:
    """The epochs of many runs as one TensorFlow graph; every tensor has an axis of runs in front."""

    def __init__(
        self,
        shape: tuple[int, int],
        loss: str,
        batch_size: int,
        momentum: float,
        nesterov: bool,
        patience: int,
        device: str,
    ) -> None:
        self.rows, features = shape
        self.batch_size = min(batch_size, self.rows)
        self.loss, self.nesterov, self.patience = LOSSES[loss], nesterov, patience
        self.momentum = float(np.float32(momentum))  # Keras rounds it so, whatever the weights' precision
        self.device = f"/{device}:0"
        self.model = MODELS["linear"](features)
        self.compiled = tf.function(self._some_epochs, jit_compile=True)

    def run(self, variants: Sequence[Variant], epochs: int) -> Iterator[Swept]:
        generators = [np.random.default_rng(variant.seed) for variant in variants]
        weights = np.array(
            [np.concatenate([w.ravel() for w in initial_weights(layers_of(self.model), t.seed)]) for t in variants]
        )
        parts = [[variant.train for variant in variants], [variant.validation for variant in variants]]
        with on_device(self.device):
            data = [tf.constant(array) for group in parts for array in _stacked(group)]
            rates = tf.constant([[variant.learning_rate] for variant in variants], tf.float64)
            nothing = np.zeros(len(variants))
            state = [weights, np.zeros_like(weights), nothing + np.inf, nothing.astype(np.int32)]
            done = 0
            while done < epochs:
                count = min(EPOCHS_AT_ONCE, epochs - done)
                orders = np.zeros((EPOCHS_AT_ONCE, len(variants), self.rows), np.int32)
                for epoch in range(count):
                    orders[epoch] = [generator.permutation(self.rows) for generator in generators]
                state = self.compiled(rates, state, *data, orders, tf.constant(count))
                done += count
                yield Swept(done, state[0].numpy())

    def _some_epochs(
        self, rates: Any, state: Any, x: Any, y: Any, x_val: Any, y_val: Any, orders: Any, count: Any
    ) -> Any:
        weights, velocity, best, waited = state
        for epoch in tf.range(count):
            xs, ys = tf.gather(x, orders[epoch], batch_dims=1), tf.gather(y, orders[epoch], batch_dims=1)
            before, size = weights, self.batch_size
            for batch in tf.range(self.rows // size):
                start = batch * size
                weights, velocity = self._update(
                    weights,
                    velocity,
                    rates,
                    tf.slice(xs, [0, start, 0], [-1, size, -1]),
                    tf.slice(ys, [0, start], [-1, size]),
                )
            if left := self.rows % size:
                weights, velocity = self._update(weights, velocity, rates, xs[:, -left:], ys[:, -left:])
            if self.patience > 0:
                weights = tf.where((waited < self.patience)[:, tf.newaxis], weights, before)
            loss = self._mean_loss(weights, x_val, y_val)
            waited = tf.where(loss < best, 0, waited + 1)
            best = tf.minimum(best, loss)
            recordable = tf.math.is_finite(loss) & tf.reduce_all(tf.math.is_finite(tf.cast(weights, tf.float32)), 1)
            weights = tf.where(recordable[:, tf.newaxis], weights, np.nan)
        return weights, velocity, best, waited

    def _update(self, weights: Any, velocity: Any, rates: Any, x: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(weights)
            loss = self._mean_loss(weights, x, y)
        step = rates * tape.gradient(loss, weights)
        velocity = self.momentum * velocity - step
        return weights + (self.momentum * velocity - step if self.nesterov else velocity), velocity

    def _mean_loss(self, weights: Any, x: Any, y: Any) -> Any:
        """The mean loss (runs,) of each run on rows of its own; no run's loss depends on another's weights."""
        predictions = tf.reduce_sum(x * weights[:, tf.newaxis, :-1], axis=2) + weights[:, -1:]
        return tf.reduce_mean(self.loss(predictions - y), axis=1)


def _stacked(parts: Sequence[Rows]) -> tuple[Floats, Floats]:
    return np.stack([part.features for part in parts]), np.stack([part.target for part in parts])


_compiled = lru_cache(maxsize=8)(_Program)
