"""The three graphs of the page on backpropagation: one weight, a line on a batch, a hidden layer on one row."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from dashboard.lessons import backprop
from dashboard.lessons.backprop import Build, Node, leaf
from pipeline.arrays import Floats
from pipeline.network.initial import initial_weights
from pipeline.network.layers import Layer
from pipeline.params import HIDDEN_UNITS

_WEIGHTS: Final = ("hidden_kernel", "hidden_bias", "output_kernel", "output_bias")


def one_weight(v: ArrayLike, x: ArrayLike, y: ArrayLike) -> Node:
    """loss = square(v * x - y), all single numbers; v is the weight."""
    guess = backprop.multiply(leaf("v", v, tunable=True), leaf("x", x), "prediction")
    error = backprop.subtract(guess, leaf("y", y), "error")
    return backprop.square(error, "loss")


def line(kernel: ArrayLike, bias: ArrayLike, x: ArrayLike, y: ArrayLike) -> Node:
    """loss = mean(square(kernel * x + bias - y)) for x and y (rows,); the weights are kernel and bias."""
    weighted = backprop.multiply(leaf("kernel", kernel, tunable=True), leaf("x", x), "kernel × x")
    guess = backprop.add(weighted, leaf("bias", bias, tunable=True), "prediction")
    errors = backprop.subtract(guess, leaf("y", y), "error")
    return backprop.mean(backprop.square(errors, "squared error"), "loss")


def hidden_layer(
    hidden_kernel: ArrayLike,
    hidden_bias: ArrayLike,
    output_kernel: ArrayLike,
    output_bias: ArrayLike,
    x: ArrayLike,
    y: ArrayLike,
) -> Node:
    """loss = square(sigmoid(x · hidden_kernel + hidden_bias) · output_kernel + output_bias - y) of one row.

    Shapes: x (1, features), hidden_kernel (features, units), hidden_bias (units,), output_kernel (units, 1),
    output_bias (1,), y (1, 1). The weights are the four kernels and biases.
    """
    summed = backprop.matmul(leaf("x", x), leaf("hidden_kernel", hidden_kernel, tunable=True), "weighted")
    shifted = backprop.add(summed, leaf("hidden_bias", hidden_bias, tunable=True), "shifted")
    units = backprop.sigmoid(shifted, "hidden units")
    joined = backprop.matmul(units, leaf("output_kernel", output_kernel, tunable=True), "joined")
    guess = backprop.add(joined, leaf("output_bias", output_bias, tunable=True), "prediction")
    error = backprop.subtract(guess, leaf("y", y), "error")
    return backprop.square(error, "loss")


def hidden_layer_start(features: int, seed: int) -> dict[str, Floats]:
    """The weights that training begins with for this seed, by the names of `hidden_layer`."""
    return by_name(initial_weights(layers_of(features, HIDDEN_UNITS), seed))


def by_name(weights: Iterable[Floats]) -> dict[str, Floats]:
    """The weights of a network with one hidden layer, [kernel, bias, kernel, bias], by the names of `hidden_layer`."""
    return dict(zip(_WEIGHTS, weights, strict=True))


def layers_of(features: int, units: int) -> list[Layer]:
    """The layers of the network that `hidden_layer` is."""
    return [Layer("hidden", features, units, "sigmoid"), Layer("output", units, 1, "linear")]


def network_of(values: Mapping[str, Floats]) -> tuple[list[Layer], Floats]:
    """The layers and the flat weights (parameters,) of `hidden_layer` with these values."""
    weights = [values[name] for name in _WEIGHTS]
    return layers_of(*weights[0].shape), np.concatenate(weights, axis=None)


def is_hidden_layer(layers: Sequence[Layer]) -> bool:
    """Whether a model is a network that `hidden_layer` can show: one hidden layer of sigmoid units."""
    return len(layers) == 2 and layers[0].activation == "sigmoid"


def updated(build: Build, values: Mapping[str, Floats], learning_rate: float) -> dict[str, Floats]:
    """Move every weight against its gradient: w - learning_rate * gradient."""
    slopes = backprop.gradients(build(**values))
    return {name: value - learning_rate * slopes[name] if name in slopes else value for name, value in values.items()}
