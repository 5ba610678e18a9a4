"""Initial weights: spread as the papers say, the same for the same seed."""

import numpy as np
import pytest

from pipeline.network.activations import ACTIVATIONS
from pipeline.network.initial import KERNELS, initial_linear_weights, initial_weights
from pipeline.network.layers import Layer
from pipeline.training.models import MODELS, layers_of

TWO_HIDDEN = (
    Layer("hidden_1", 200, 50, "sigmoid"),
    Layer("hidden_2", 50, 50, "sigmoid"),
    Layer("output", 50, 1, "linear"),
)


def test_every_activation_has_a_draw_and_every_model_uses_those_that_exist() -> None:
    assert set(KERNELS) == set(ACTIVATIONS)
    for build in MODELS.values():
        initial_weights(layers_of(build(3)), 0)


@pytest.mark.parametrize(
    ("activation", "variance"),
    [("linear", 2 / (300 + 400)), ("sigmoid", 1 / 300), ("tanh", 1 / 300), ("relu", 2 / 300)],
)
def test_kernels_have_the_variance_that_their_paper_derives(activation: str, variance: float) -> None:
    kernel, bias = initial_weights([Layer("layer", 300, 400, activation)], 0)
    assert kernel.shape == (300, 400)
    assert kernel.mean() == pytest.approx(0, abs=0.01 * variance**0.5)
    assert kernel.var() == pytest.approx(variance, rel=0.02)
    assert bias.tolist() == [0] * 400


def test_the_output_is_drawn_uniformly_up_to_glorots_limit_and_hidden_layers_beyond_any() -> None:
    *_, output, _ = initial_weights([Layer("output", 2_000, 1, "linear")], 0)
    limit = np.sqrt(6 / 2_001)
    assert 0.99 * limit < np.abs(output).max() <= limit
    np.testing.assert_allclose(np.quantile(output, [0.25, 0.5, 0.75]), [-limit / 2, 0, limit / 2], atol=0.06 * limit)
    hidden, _ = initial_weights([Layer("hidden", 300, 400, "sigmoid")], 0)
    assert np.abs(hidden).max() > 4 / np.sqrt(300)
    within_one = np.mean(np.abs(hidden) < 1 / np.sqrt(300))
    assert within_one == pytest.approx(0.6827, abs=0.01)


def test_the_same_seed_draws_the_same_weights_and_another_seed_others() -> None:
    np.random.default_rng(1).normal(size=3)
    one, again, other = (initial_weights(TWO_HIDDEN, seed) for seed in (3, 3, 2**32 - 1))
    for first, second, third in zip(one, again, other, strict=True):
        np.testing.assert_array_equal(first, second)
        assert first.ndim == 1 or not np.array_equal(first, third)


def test_layers_of_one_shape_are_drawn_apart() -> None:
    first, _, second, _ = initial_weights([Layer("one", 5, 5, "sigmoid"), Layer("two", 5, 5, "sigmoid")], 0)
    assert not np.array_equal(first, second)


@pytest.mark.parametrize("features", [1, 12])
def test_the_linear_model_begins_with_its_kernel_and_a_bias_of_zero(features: int) -> None:
    kernel, bias = initial_weights(layers_of(MODELS["linear"](features)), 7)
    assert initial_linear_weights(features, 7).tolist() == [*kernel[:, 0], *bias]
