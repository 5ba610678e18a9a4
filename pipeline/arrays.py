"""The arrays that the whole house computes with, and how they are rounded."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def rounded(values: Floats, digits: int) -> Floats:
    """Round to so many significant digits: the last ones differ between processors."""
    return np.array([float(f"{value:.{digits}g}") for value in values])
