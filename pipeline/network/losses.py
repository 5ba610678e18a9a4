"""What training minimizes: the mean over the rows of a loss of each row's error, and its derivative."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np

from pipeline.arrays import Floats


class Loss(NamedTuple):
    """The loss of each error (predicted - actual), and its derivative by the prediction, element by element."""

    value: Callable[[Floats], Floats]
    slope: Callable[[Floats], Floats]


LOSSES: Final = {
    "mse": Loss(np.square, lambda error: 2 * error),
    "mae": Loss(np.abs, np.sign),
}
"""Where the absolute error has a kink, its slope is taken as 0, as TensorFlow does."""
