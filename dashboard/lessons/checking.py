"""The gradients of a graph compared with finite differences, number by number."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from dashboard.lessons.backprop import finite_difference, gradients
from dashboard.lessons.graphs import Build
from pipeline.arrays import Floats


def check(build: Build, values: Mapping[str, Floats]) -> pd.DataFrame:
    """A row for each weight: its name, value, gradient and the measured gradient, none of them rounded."""
    tables = []
    for name, gradient in gradients(build(**values)).items():
        value = np.asarray(values[name], np.float64)
        measured = finite_difference(build, values, name)
        places = ["".join(f"[{place}]" for place in index) for index in np.ndindex(value.shape)]
        tables.append(
            pd.DataFrame(
                {
                    "number": [name.replace("_", " ") + place for place in places],
                    "value": value.ravel(),
                    "gradient": gradient.ravel(),
                    "measured": measured.ravel(),
                }
            )
        )
    return pd.concat(tables, ignore_index=True)


def largest_difference(checked: pd.DataFrame) -> float:
    """The largest difference between a gradient and its measurement."""
    return float((checked["gradient"] - checked["measured"]).abs().max())
