"""SGD's rule and the losses in numpy, against Keras."""

from itertools import islice

import numpy as np
import pytest

from pipeline.network.losses import LOSSES
from pipeline.network.sgd import learning_rates, row_orders, update
from pipeline.training import program
from pipeline.training.frameworks import keras, tf
from tests.defaults import train


@pytest.mark.parametrize(("momentum", "nesterov"), [(0.0, False), (0.9, False), (0.9, True)])
def test_updates_are_those_of_keras(momentum: float, nesterov: bool) -> None:
    gradients = np.random.default_rng(0).normal(size=(5, 3))
    variable, optimizer = tf.Variable(np.ones(3)), keras.optimizers.SGD(0.1, momentum, nesterov)
    weights, velocity = np.ones(3), np.zeros(3)
    for gradient in gradients:
        optimizer.apply_gradients([(tf.constant(gradient), variable)])
        weights, velocity = update(weights, velocity, gradient, 0.1, momentum, nesterov)
        np.testing.assert_allclose(weights, variable.numpy(), rtol=1e-12)


def test_training_and_the_lessons_know_the_same_losses() -> None:
    assert set(LOSSES) == set(program.LOSSES)


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_and_its_slope_are_those_of_the_tape(name: str) -> None:
    errors = tf.constant([-2.5, -1e-9, 0.0, 1.0, 1e9], tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(errors)
        values = program.LOSSES[name](errors)
    np.testing.assert_array_equal(LOSSES[name].value(errors.numpy()), values)
    np.testing.assert_array_equal(LOSSES[name].slope(errors.numpy()), tape.gradient(values, errors))


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("constant", [0.08] * 5),
        ("inverse_time", [0.08, 0.08 * 2 / 3, 0.04, 0.032, 0.08 / 3]),
        ("step", [0.08, 0.08, 0.04, 0.04, 0.02]),
        ("cosine", [0.08, 0.08 * 0.9045085, 0.08 * 0.6545085, 0.08 * 0.3454915, 0.08 * 0.0954915]),
    ],
)
def test_schedules_are_those_of_their_formulas(schedule: str, expected: list[float]) -> None:
    settings = train(schedule=schedule, learning_rate=0.08, decay_epochs=2, epochs=5)
    np.testing.assert_allclose(learning_rates(settings, np.arange(1, 6)), expected, rtol=5e-6)


def test_rows_are_taken_in_the_same_orders_from_any_epoch_on() -> None:
    whole = list(islice(row_orders(9, 3), 5))
    np.testing.assert_array_equal(list(islice(row_orders(9, 3, skip=2), 3)), whole[2:])
    assert len({tuple(order) for order in whole}) == 5
