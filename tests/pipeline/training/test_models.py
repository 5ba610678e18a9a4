"""The models that can be trained, and how their weights begin."""

from typing import get_args

import numpy as np
import pytest

from pipeline.network.layers import Layer
from pipeline.params import Train
from pipeline.training.frameworks import tf
from pipeline.training.models import MODELS, initial_weights, layers_of


def test_the_models_are_those_that_params_yaml_may_name() -> None:
    assert tuple(MODELS) == get_args(Train.model_fields["model"].annotation)


def test_the_models_have_the_layers_that_their_names_promise() -> None:
    linear, hidden = "linear", "sigmoid"
    assert {name: layers_of(build(12)) for name, build in MODELS.items()} == {
        "linear": [Layer("output", 12, 1, linear)],
        "one_hidden": [Layer("hidden", 12, 50, hidden), Layer("output", 50, 1, linear)],
        "two_hidden": [
            Layer("hidden_1", 12, 50, hidden),
            Layer("hidden_2", 50, 50, hidden),
            Layer("output", 50, 1, linear),
        ],
    }


@pytest.mark.parametrize("name", MODELS)
def test_models_compute_in_float64(name: str) -> None:
    assert {array.dtype for array in MODELS[name](3).get_weights()} == {np.dtype("float64")}


@pytest.mark.parametrize("name", MODELS)
def test_the_same_seed_draws_the_same_weights_in_any_model_of_the_name(name: str) -> None:
    tf.random.set_seed(1)
    one = initial_weights(MODELS[name](5), 3)
    tf.random.set_seed(2)
    again, other = initial_weights(MODELS[name](5), 3), initial_weights(MODELS[name](5), 4)
    for first, second, third in zip(one, again, other, strict=True):
        np.testing.assert_array_equal(first, second)
        assert first.ndim == 1 or not np.array_equal(first, third)


def test_seeds_up_to_the_largest_are_taken() -> None:
    largest = initial_weights(MODELS["linear"](5), 2**32 - 1)
    assert not np.array_equal(largest[0], initial_weights(MODELS["linear"](5), 2**32 - 2)[0])


def test_kernels_are_drawn_as_keras_draws_them_and_biases_are_zero() -> None:
    first, first_bias, second, second_bias, last, last_bias = initial_weights(MODELS["two_hidden"](200), 0)
    assert first.std() == pytest.approx(np.sqrt(1 / 200), rel=0.02)  # LeCun: variance 1 / inputs
    assert second.std() == pytest.approx(np.sqrt(1 / 50), rel=0.05)
    limit = np.sqrt(6 / (50 + 1))  # Glorot: uniform up to sqrt(6 / (inputs + outputs))
    assert np.abs(last).max() == pytest.approx(limit, rel=0.1)
    assert np.abs(last).max() <= limit
    assert not any(bias.any() for bias in (first_bias, second_bias, last_bias))


def test_layers_of_one_shape_are_drawn_apart() -> None:
    first, _, second, *_ = initial_weights(MODELS["two_hidden"](50), 0)
    assert first.shape == second.shape
    assert not np.array_equal(first, second)
