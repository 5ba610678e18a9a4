"""The arrays that the whole house computes with, and how they are rounded."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_POWERS: Final = 10.0 ** np.arange(23)
"""The powers of ten that a float64 holds exactly."""


MAX_SAMPLE: Final = 5_000
"""The most rows of a table of which each is drawn, or written where git keeps it."""


def sample_of(rows: int, most: int = MAX_SAMPLE) -> NDArray[np.int64]:
    """Which rows (sample,) stand for a table of so many: all, or `most` that are drawn by seed, in order."""
    if rows <= most:
        return np.arange(rows)
    return np.sort(np.random.default_rng(0).choice(rows, most, replace=False))


def significant(value: float, digits: int) -> float:
    """Round a number to so many significant digits, as it is written with them."""
    return float(f"{value:.{digits}g}")


def round_numbers(powers: range, digits: Sequence[float] = range(1, 10)) -> list[float]:
    """The numbers, such as 0.02, that are one of `digits` times one of these powers of ten, in order."""
    return [float(f"{digit}e{power}") for power in powers for digit in digits]


def rounded(values: Floats, digits: int) -> Floats:
    """Round (values,) to so many significant digits, at most 12, as a decimal: the last ones differ between processors.

    A number is scaled to a whole one of so many digits and divided again, which is exact. Where the scale is no power
    of ten that a float64 holds, or the number is nearly halfway between two others, its digits are written out.
    """
    size = np.abs(values)
    with np.errstate(divide="ignore", invalid="ignore"):
        exponent = np.floor(np.log10(size))
    places = digits - 1 - np.nan_to_num(exponent, nan=99, posinf=99, neginf=99).astype(np.int64)
    plain = np.abs(places) <= len(_POWERS) - 1
    factor = _POWERS[np.where(plain, np.abs(places), 0)]
    with np.errstate(over="ignore", invalid="ignore"):
        whole = np.where(places < 0, values / factor, values * factor)
        nearest = np.rint(whole)
        result: Floats = np.where(places < 0, nearest * factor, nearest / factor)
        plain &= (np.abs(whole) < 10**digits - 1) & (np.abs(whole) > 10 ** (digits - 1))
        plain &= np.abs(np.abs(whole - nearest) - 0.5) > 1e-3
    others = ~plain
    result[others] = [significant(value, digits) for value in values[others]]
    return result
