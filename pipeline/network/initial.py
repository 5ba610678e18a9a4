"""Initial weights: random kernels drawn by the formulas of the papers, biases zero."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
from numpy.random import Generator

from pipeline.arrays import Floats
from pipeline.network.layers import Layer


def glorot_uniform(inputs: int, units: int, generator: Generator) -> Floats:
    """Uniform within +-sqrt(6 / (inputs + units)). Source: Glorot and Bengio (2010), equation 16."""
    limit = np.sqrt(6 / (inputs + units))
    return generator.uniform(-limit, limit, (inputs, units))


def lecun_normal(inputs: int, units: int, generator: Generator) -> Floats:
    """Normal with standard deviation 1 / sqrt(inputs). Source: LeCun et al., Efficient BackProp (1998), section 4.6."""
    return generator.normal(0, inputs**-0.5, (inputs, units))


def he_normal(inputs: int, units: int, generator: Generator) -> Floats:
    """Normal with standard deviation sqrt(2 / inputs). Source: He et al. (2015), equation 10."""
    return generator.normal(0, (2 / inputs) ** 0.5, (inputs, units))


KERNELS: Final[dict[str, Callable[[int, int, Generator], Floats]]] = {
    "linear": glorot_uniform,
    "sigmoid": lecun_normal,
    "tanh": lecun_normal,
    "relu": he_normal,
}
"""How the kernel (inputs, units) of a layer is drawn, by the layer's activation."""


def initial_weights(layers: Sequence[Layer], seed: int) -> list[Floats]:
    """Draw the weights that training begins with: [kernel, bias, kernel, bias, ...], every bias zero.

    Each layer has a generator of its own, spawned from `seed`: the same seed gives the same weights.
    """
    weights: list[Floats] = []
    for layer, child in zip(layers, np.random.SeedSequence(seed).spawn(len(layers)), strict=True):
        kernel = KERNELS[layer.activation](layer.inputs, layer.units, np.random.default_rng(child))
        weights += [kernel, np.zeros(layer.units)]
    return weights


def initial_state(layers: Sequence[Layer], seed: int) -> Floats:
    """The same weights, flat: (parameters,)."""
    return np.concatenate(initial_weights(layers, seed), axis=None)


def initial_linear_weights(features: int, seed: int) -> Floats:
    """The weights (features + 1,) that the linear model begins with: its kernel, then its bias."""
    return initial_state([Layer("output", features, 1, "linear")], seed)
