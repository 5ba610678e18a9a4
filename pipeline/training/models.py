"""The models that can be trained: for each name, how Keras builds it and how its weights begin."""

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pipeline.network.layers import Layer
from pipeline.training.frameworks import keras

Floats = NDArray[np.float64]
Builder = Callable[[int], keras.Sequential]


def linear(features: int) -> keras.Sequential:
    """Build `price = features . kernel + bias`: one unit without an activation."""
    return keras.Sequential([keras.Input((features,)), keras.layers.Dense(1, name="output")])


def one_hidden(features: int) -> keras.Sequential:
    """Build a layer of 50 sigmoid units before the output."""
    return keras.Sequential([keras.Input((features,)), _sigmoids("hidden"), keras.layers.Dense(1, name="output")])


def two_hidden(features: int) -> keras.Sequential:
    """Build two layers of 50 sigmoid units before the output."""
    hidden = [_sigmoids("hidden_1"), _sigmoids("hidden_2")]
    return keras.Sequential([keras.Input((features,)), *hidden, keras.layers.Dense(1, name="output")])


MODELS: Final[dict[str, Builder]] = {"linear": linear, "one_hidden": one_hidden, "two_hidden": two_hidden}


def _sigmoids(name: str) -> keras.layers.Dense:
    return keras.layers.Dense(50, activation="sigmoid", kernel_initializer="lecun_normal", name=name)


def layers_of(model: keras.Sequential) -> list[Layer]:
    """Describe the dense layers of a model, for whoever reads its flat weights without Keras."""
    return [
        Layer(layer.name, layer.kernel.shape[0], layer.kernel.shape[1], layer.activation.__name__)
        for layer in model.layers
    ]


def initial_weights(model: keras.Sequential, seed: int) -> list[Floats]:
    """Draw the weights a fresh model begins with: each kernel by its layer's own initializer, each bias zero.

    No global seed is touched: the same seed gives the same weights. Returns [kernel, bias, kernel, bias, ...].
    """
    weights: list[Floats] = []
    seeds = np.random.SeedSequence(seed).generate_state(len(model.layers))
    for layer, layer_seed in zip(model.layers, seeds, strict=True):
        given = layer.kernel_initializer
        draw = type(given).from_config({**given.get_config(), "seed": int(layer_seed >> 1)})
        weights += [np.asarray(draw(layer.kernel.shape), np.float64), np.zeros(layer.bias.shape)]
    return weights
