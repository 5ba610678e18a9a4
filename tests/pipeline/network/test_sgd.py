"""SGD's rule and the losses in numpy, against Keras."""

import numpy as np
import pytest

from pipeline.network.losses import LOSSES
from pipeline.network.sgd import update
from pipeline.training import descent
from pipeline.training.frameworks import keras, tf


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
    assert set(LOSSES) == set(descent.LOSSES)


@pytest.mark.parametrize("name", LOSSES)
def test_a_loss_and_its_slope_are_those_of_the_tape(name: str) -> None:
    errors = tf.constant([-2.5, -1e-9, 0.0, 1.0, 1e9], tf.float64)
    with tf.GradientTape() as tape:
        tape.watch(errors)
        values = descent.LOSSES[name](errors)
    np.testing.assert_array_equal(LOSSES[name].value(errors.numpy()), values)
    np.testing.assert_array_equal(LOSSES[name].slope(errors.numpy()), tape.gradient(values, errors))
