"""The gradients of a graph compared with finite differences, number by number."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from dashboard.lessons.backprop import finite_difference, gradients
from dashboard.lessons.graphs import Build
from pipeline.arrays import Floats


def check(build: Build, values: Mapping[str, Floats]) -> pd.DataFrame:
    """A row for each weight: its name, value, gradient and the measured gradient, none of them rounded."""
    rows = []
    for name, gradient in gradients(build(**values)).items():
        measured = finite_difference(build, values, name)
        for place in np.ndindex(gradient.shape):
            number = name.replace("_", " ") + "".join(f"[{index}]" for index in place)
            rows.append((number, values[name][place], gradient[place], measured[place]))
    return pd.DataFrame(rows, columns=["number", "value", "gradient", "measured"])


def largest_difference(checked: pd.DataFrame) -> float:
    """The largest difference between a gradient and its measurement."""
    return float((checked["gradient"] - checked["measured"]).abs().max())
