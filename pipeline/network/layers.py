"""A trained network in numpy: how its flat weights are laid out, its predictions, and their gradients."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from pipeline.arrays import Floats
from pipeline.network.activations import ACTIVATIONS

Weights = NDArray[np.float32]
AnyWeights = TypeVar("AnyWeights", Weights, Floats)


@dataclass(frozen=True)
class Layer:
    """A dense layer: `activation(inputs . kernel + bias)` with a kernel (inputs, units) and a bias (units,)."""

    name: str
    inputs: int
    units: int
    activation: str

    @property
    def size(self) -> int:
        """How many numbers the layer holds: its kernel row by row, then its bias."""
        return (self.inputs + 1) * self.units

    def unpack(self, weights: AnyWeights) -> tuple[AnyWeights, AnyWeights]:
        """Cut the layer's flat weights (size,) into kernel and bias."""
        cut = self.inputs * self.units
        return weights[:cut].reshape(self.inputs, self.units), weights[cut:]


def size_of(layers: Iterable[Layer]) -> int:
    """How many numbers the flat weights of a network are."""
    return sum(layer.size for layer in layers)


def is_linear(layers: Sequence[Layer]) -> bool:
    """Whether a network is the linear model: one layer, whose output has no activation."""
    return len(layers) == 1


def unpacked(layers: Iterable[Layer], weights: AnyWeights) -> Iterator[tuple[AnyWeights, AnyWeights]]:
    """Cut flat weights (parameters,) into the kernel and the bias of each layer."""
    start = 0
    for layer in layers:
        yield layer.unpack(weights[start : start + layer.size])
        start += layer.size


def forward(layers: Sequence[Layer], weights: Weights | Floats, features: Floats) -> Iterator[tuple[Floats, Floats]]:
    """Yield what the units of each layer sum up, and their values, both (rows, units), of features (rows, features)."""
    values = features
    for layer, (kernel, bias) in zip(layers, unpacked(layers, weights.astype(np.float64)), strict=True):
        sums = values @ kernel + bias
        values = ACTIVATIONS[layer.activation].value(sums)
        yield sums, values


def predict(layers: Sequence[Layer], weights: Weights | Floats, features: Floats) -> Floats:
    """Predict the target (rows,) from normalized features (rows, features), in float64.

    `weights` is one row of the recorded weights: each layer's kernel and bias, flat, one after the other.
    """
    _, values = deque(forward(layers, weights, features), maxlen=1).pop()
    return values[:, 0]


def gradients(layers: Sequence[Layer], weights: Weights | Floats, features: Floats) -> Floats:
    """Slopes of the prediction along each normalized feature, (rows, features), at `features` (rows, features).

    Backpropagation: forward through the layers, then back with the slope of each activation and its kernel.
    """
    values = [value for _, value in forward(layers, weights, features)]
    kernels = [kernel for kernel, _ in unpacked(layers, weights.astype(np.float64))]
    back = np.ones_like(values[-1])
    for layer, kernel, value in reversed(list(zip(layers, kernels, values, strict=True))):
        back = (back * ACTIVATIONS[layer.activation].slope(value)) @ kernel.T
    return back
