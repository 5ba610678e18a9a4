"""A trained network in numpy: where each layer's numbers lie in the recorded weights, and the forward pass."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Weights = NDArray[np.float32]
AnyWeights = TypeVar("AnyWeights", Weights, Floats)


def _sigmoid(z: Floats) -> Floats:
    return 0.5 * (1 + np.tanh(z / 2))


def _identity(z: Floats) -> Floats:
    return z


def _relu(z: Floats) -> Floats:
    return np.maximum(z, 0)


ACTIVATIONS: Final[dict[str, Callable[[Floats], Floats]]] = {
    "linear": _identity,
    "sigmoid": _sigmoid,
    "tanh": np.tanh,
    "relu": _relu,
}


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
    values, start = features, 0
    flat = weights.astype(np.float64)
    for layer in layers:
        kernel, bias = layer.unpack(flat[start : start + layer.size])
        values = ACTIVATIONS[layer.activation](values @ kernel + bias)
        start += layer.size
    return values[:, 0]
