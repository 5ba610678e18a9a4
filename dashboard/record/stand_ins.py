"""A few made-up rows that have the squared errors of a long table, whatever the weights."""

from typing import Final

import numpy as np

from pipeline.arrays import Floats
from pipeline.network.linear import Moments
from pipeline.tables.preparation import Rows

_ROUNDING: Final = 1e-12


def stand_ins(moments: Moments) -> Rows:
    """Make two rows more than there are features, with the means and the covariance of the rows of `moments`.

    So every linear model has the same mean squared error on them as on all those rows, with the same gradient,
    curvature and optimum, up to rounding.
    """
    mean, spread = moments.triangle[0, 1:] / moments.triangle[0, 0], moments.triangle[1:, 1:]
    noise = np.linalg.norm(spread, axis=0) <= _ROUNDING * np.sqrt(moments.rows) * np.abs(mean)
    count = len(mean) + 1
    made = mean + np.sqrt(count / moments.rows) * _apart(len(mean)) @ np.where(noise, 0.0, spread)
    made[:, noise] = mean[noise]  # a constant stays one, to the last digit
    return Rows(made[:, :-1], made[:, -1].copy())


def _apart(columns: int) -> Floats:
    """Orthonormal columns (columns + 1, columns), each of which adds up to zero."""
    table = np.column_stack([np.ones(columns + 1), np.eye(columns + 1, columns)])
    return np.linalg.qr(table)[0][:, 1:]
