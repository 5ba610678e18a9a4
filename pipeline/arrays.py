"""The array type that the whole house computes with."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
