"""The lowest point of a line's loss surface: exact for the squared error and for the absolute error."""

from typing import Final, NamedTuple

import numpy as np

from dashboard.lessons.surfaces import LossName
from pipeline.arrays import Floats
from pipeline.network.linear import Optimum

_ROUNDING: Final = 1e-12


def lowest(x: Floats, y: Floats, loss: LossName) -> tuple[float, float]:
    """The kernel and bias with the least loss on x and y (rows,).

    Where many lines are equally good (one point, a constant feature), the one with kernel 0 is given.
    """
    if np.all(x == x[0]):
        return 0.0, float(y.mean() if loss == "mse" else np.median(y))
    best = Optimum.of(x[:, np.newaxis], y)
    kernel = float(best.weights[0])
    return (kernel, best.bias) if loss == "mse" else _least_absolute(x, y, kernel)


def _least_absolute(x: Floats, y: Floats, start: float) -> tuple[float, float]:
    """The line with the least mean absolute error, sought from the kernel `start`; two x differ.

    For a given kernel the best bias is a median, so what is left is a convex function of the kernel made of straight
    pieces. Its lowest corner is where two of its tangents cross and nothing lies below: Kelley's cutting planes (1960),
    exact after finitely many cuts.
    """
    centre, level = float(x.mean()), float(y.mean())
    best = _lowest_corner(x - centre, y - level, start)
    return best.kernel, best.bias + level - best.kernel * centre


def _lowest_corner(x: Floats, y: Floats, start: float) -> "_Tangent":
    low, high = (_beyond(x, y, start, direction) for direction in (-1, 1))
    while low.slope < 0 < high.slope:
        ahead = (high.height - low.height - high.slope * (high.kernel - low.kernel)) / (low.slope - high.slope)
        found = _Tangent.at(x, y, low.kernel + ahead)
        rise = found.height - (low.height + low.slope * ahead)
        if rise <= _ROUNDING * (found.height + abs(low.height)) or not low.kernel < found.kernel < high.kernel:
            return found
        low, high = (found, high) if found.slope < 0 else (low, found)
    return low if low.slope >= 0 else high


class _Tangent(NamedTuple):
    """The least mean absolute error for a kernel, the bias that has it, and how it changes with the kernel."""

    kernel: float
    bias: float
    height: float
    slope: float

    @classmethod
    def at(cls, x: Floats, y: Floats, kernel: float) -> "_Tangent":
        rest = y - kernel * x
        bias = float(np.median(rest))
        rest = rest - bias
        on_it = np.abs(rest) <= _ROUNDING * (np.abs(y) + np.abs(kernel * x) + abs(bias))
        signs = np.where(on_it, 0.0, np.sign(rest))
        if on_it.any():  # the rows on the line balance the others, for the bias is at its best
            signs[on_it] = -signs.sum() / on_it.sum()
        return cls(kernel, bias, float(np.abs(rest).mean()), float(-(signs * x).mean()))


def _beyond(x: Floats, y: Floats, start: float, direction: int) -> _Tangent:
    """Go from `start` in steps that double until the tangent rises in that direction, or lies level."""
    step = (abs(start) or 1.0) / 8
    while True:
        tangent = _Tangent.at(x, y, start + direction * step)
        if tangent.slope * direction >= 0:
            return tangent
        step *= 2
