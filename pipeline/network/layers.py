"""A trained network in numpy: how its flat weights are laid out, its predictions, and their gradients."""

from collections.abc import Iterator, Sequence
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


def predict(layers: Sequence[Layer], weights: Weights | Floats, features: Floats) -> Floats:
    """Predict the target (rows,) from normalized features (rows, features), in float64.

    `weights` is one row of the recorded weights: each layer's kernel and bias, flat, one after the other.
    """
    return _forward(layers, weights, features)[-1][:, 0]


def gradients(layers: Sequence[Layer], weights: Weights | Floats, features: Floats) -> Floats:
    """Slopes of the prediction along each normalized feature, (rows, features), at `features` (rows, features).

    Backpropagation: forward through the layers, then back with the slope of each activation and its kernel.
    """
    values = _forward(layers, weights, features)
    back = np.ones_like(values[-1])
    for layer, (kernel, _), value in reversed(list(zip(layers, _unpacked(layers, weights), values[1:], strict=True))):
        back = (back * ACTIVATIONS[layer.activation].slope(value)) @ kernel.T
    return back


def _forward(layers: Sequence[Layer], weights: Weights | Floats, features: Floats) -> list[Floats]:
    """The values of every layer: [features, hidden, ..., output], each (rows, units)."""
    values = [features]
    for layer, (kernel, bias) in zip(layers, _unpacked(layers, weights), strict=True):
        values.append(ACTIVATIONS[layer.activation].value(values[-1] @ kernel + bias))
    return values


def _unpacked(layers: Sequence[Layer], weights: Weights | Floats) -> Iterator[tuple[Floats, Floats]]:
    flat, start = weights.astype(np.float64), 0
    for layer in layers:
        yield layer.unpack(flat[start : start + layer.size])
        start += layer.size
