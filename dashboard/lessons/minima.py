"""The lowest point of a line's loss surface, for the squared error and for the absolute error."""

from typing import Final

import numpy as np

from dashboard.lessons.surfaces import LossName
from pipeline.arrays import Floats
from pipeline.network.linear import Optimum

_HALVINGS: Final = 200


def lowest(x: Floats, y: Floats, loss: LossName) -> tuple[float, float]:
    """The kernel and bias with the least loss on x and y (rows,).

    Where many lines are equally good (one point, a constant feature), the one with kernel 0 is given.
    """
    if np.all(x == x[0]):
        return 0.0, float(y.mean() if loss == "mse" else np.median(y))
    if loss == "mse":
        best = Optimum.of(x[:, np.newaxis], y)
        return float(best.weights[0]), best.bias
    return _least_absolute(x, y)


def _least_absolute(x: Floats, y: Floats) -> tuple[float, float]:
    """The line with the least mean absolute error, where two x differ.

    For a given kernel the best bias is a median, so what is left is a convex function of the kernel. Its lowest place
    is a line through two rows, so that it cannot be steeper than `high`; halving finds it by the sign of the slope.
    """
    high = float(np.ptp(y) / np.diff(np.unique(x)).min())
    low = -high
    for _ in range(_HALVINGS):
        kernel = (low + high) / 2
        rest = y - kernel * x
        signs = np.sign(rest - np.median(rest))
        on_it = signs == 0
        if on_it.any():  # the rows on the line balance the others, for the bias is at its best
            signs[on_it] = -signs.sum() / on_it.sum()
        low, high = (kernel, high) if signs @ x > 0 else (low, kernel)
    return kernel, float(np.median(y - kernel * x))
