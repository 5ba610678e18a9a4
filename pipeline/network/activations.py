"""The activations of a layer, and their derivatives."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from pipeline.arrays import Floats


class Activation(NamedTuple):
    """An activation a = value(z), and its derivative by z as a function of its value: slope(a)."""

    value: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]


ACTIVATIONS: Final = {
    "linear": Activation(lambda z: z, np.ones_like),
    "sigmoid": Activation(lambda z: 0.5 * (1 + np.tanh(z / 2)), lambda a: a * (1 - a)),
    "tanh": Activation(np.tanh, lambda a: 1 - a**2),
    "relu": Activation(lambda z: np.maximum(z, 0), lambda a: (a > 0).astype(np.float64)),
}
