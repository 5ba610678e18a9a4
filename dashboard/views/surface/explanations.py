"""What the pictures mean: what is exact, the directions of the cut, how far each learning rate is from the limit."""

from collections.abc import Sequence

import numpy as np
import streamlit as st

from dashboard.lessons.slices import QuadraticSurface
from dashboard.text.glossary import explained_in
from dashboard.text.limits import NO_LIMIT, formula
from dashboard.text.markdown import escape_markdown
from dashboard.text.numbers import format_number, format_setting
from dashboard.views.parts.limits import BATCH_NOISE, fate
from dashboard.views.surface.controls import NAMES
from pipeline.arrays import Floats
from pipeline.network.linear import Curvature
from pipeline.params import LossName, Train

_MOST_NAMED = 4
_KNOWN = ("learning rate", "batch", "momentum")
"""What the controls of the page explain."""


def what_is_exact(along_curvature: bool, loss: LossName) -> None:
    """Say which parts of the cut are exact and which are a projection."""
    difference = (
        "is therefore higher than the colour at its projection, by what the other directions contribute."
        if along_curvature and loss == "mse"
        else "therefore differs from the colour at its projection: it also depends on the run's other weights."
    )
    st.markdown(
        "Think of the picture as a flat sheet in a space with one direction for each weight. The colours are "
        "**exact**: they show the loss of models whose weights lie on the sheet. The cross and all numbers below the "
        "picture are exact too. The run itself moves outside the sheet, and its path here is a **projection**: for "
        f"each update, the nearest point of the sheet. The loss of the run {difference}"
    )


def directions(bowl: QuadraticSurface, names: Sequence[str]) -> None:
    """Say which weights make up the steepest and the flattest direction, unless all are equally steep."""
    if np.allclose(bowl.curvatures, bowl.curvatures[0]):
        return
    steepest, flattest = (_mixture(bowl.directions[:, column], names) for column in (0, -1))
    st.caption(f"Steepest: one unit is {steepest}. Flattest: one unit is {flattest}.")


def _mixture(direction: Floats, names: Sequence[str]) -> str:
    largest = np.argsort(-np.abs(direction))[:_MOST_NAMED]
    parts = ", ".join(f"{format_number(round(direction[at], 2))} {escape_markdown(names[at])}" for at in largest)
    return parts if len(direction) <= _MOST_NAMED else f"{parts} and smaller parts of the others"


def show_limits(settings: Sequence[Train], x: Floats, loss: LossName) -> None:
    """Compare the learning rate of each setting with its limit on this surface."""
    if loss == "mae":
        st.caption(NO_LIMIT, help=explained_in(NO_LIMIT, *_KNOWN))
        return
    curvature = Curvature.of(x[:, np.newaxis])
    lines = []
    for name, setting in zip(NAMES, settings, strict=False):
        rate, limit = setting.learning_rate, curvature.limit(setting)
        size = f"{rate / limit:.0%} of" if rate < 10 * limit else f"{rate / limit:,.0f} times"
        ends = f"{name} {fate(rate, setting, curvature)}"
        whole = setting.batch_size >= len(x)
        lines.append(
            f"**{name}**: {format_setting(rate)} is {size} the limit {formula(setting)} = {format_number(limit)}. "
            + (f"It takes all rows for every update, so {ends}." if whole else f"On all rows at once: {ends}.")
        )
    if any(setting.batch_size < len(x) for setting in settings):
        lines.append(BATCH_NOISE)
    text = "  \n".join(lines)
    st.caption(text, help=explained_in(text, *_KNOWN))
