"""The controls for the flat cut through the loss of all weights, and for the learning rate of run B."""

from typing import Final

import numpy as np
import streamlit as st

from dashboard.lessons import slices
from dashboard.lessons.slices import QuadraticSurface, Slice
from dashboard.text.markdown import escape_markdown
from dashboard.views.parts.limits import limit_of
from dashboard.views.parts.query_params import in_address
from dashboard.views.surface.run_choice import ChosenRun
from dashboard.views.surface.widgets import RATES, key, one_of, rate
from pipeline.network.linear import Curvature
from pipeline.params import Train

_CUTS: Final = ("Steepest and flattest", "Two weights")


def choose_cut(run: ChosenRun) -> tuple[bool, Slice, Train]:
    """Return whether the cut is along the curvature, the cut itself, and the settings of run B."""
    rows, names, settings = run.rows, run.names, run.settings
    columns = st.columns([1.5, 2, 1, 1])
    with columns[0]:
        help_text = "The directions in which the squared error curves most and least, or two of the weights."
        kind = one_of("Cut along", _CUTS, "cut", help_text)
    if kind == _CUTS[0]:
        cut = slices.along_curvature(rows, settings.loss)
    else:
        largest = np.argsort(-np.abs(QuadraticSurface.of(rows).optimum[:-1]))
        usual = (int(largest[0]), int(largest[1]) if len(largest) > 1 else len(names) - 1)
        across, up = (
            names.index(column.selectbox(title, names, index, **in_address(key(name))))
            for column, title, index, name in zip(columns[2:], ("Across", "Up"), usual, ("across", "up"), strict=True)
        )
        if across == up:
            up = (across + 1) % len(names)
            st.caption(f"A cut needs two different weights, so Up is {escape_markdown(names[up])}.")
        cut = slices.along_weights(rows, names, (across, up), settings.loss)
    limit = limit_of(settings, Curvature.of(rows.features))
    beyond = next((value for value in RATES if value > 1.1 * limit), RATES[-1])
    tried = settings.model_copy(update={"learning_rate": rate(columns[1], "Learning rate of B", beyond, "other")})
    return kind == _CUTS[0], cut, tried
