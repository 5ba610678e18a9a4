"""A table of houses as it should be, which the tests of reading write in other ways."""

from typing import Final

import pandas as pd

TABLE: Final = pd.DataFrame(
    {
        "area": [64.2, 85.9, 177.0, 157.3, 56.9, 200.8, 117.9, 165.2, 169.9, 146.4, 73.5, 61.8],
        "age": [8.0, 63.0, 60.0, 26.0, 3.0, 49.0, 0.0, 34.0, 29.0, 13.0, 37.0, 42.0],
        "price": [171.13, 124.55, 273.37, 293.89, 124.29, 346.3, 253.15, 307.08, 323.17, 285.42, 139.43, 113.57],
    }
)
"""Twelve houses: square metres, years and a price in thousands."""

HOUSES: Final = TABLE.to_csv(index=False, lineterminator="\n")
