"""Why the paths on the cut are as they are: what is exact, and what one step does along a direction."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.lessons.slices import QuadraticSurface
from dashboard.lessons.stability import around, factor
from dashboard.lessons.surfaces import LossName
from dashboard.text.wording import plain, verbatim
from dashboard.views.surface.tables import TREMBLING, signed
from pipeline.network.linear import largest_stable_learning_rate


def what_is_exact(along_curvature: bool, loss: LossName) -> None:
    """Say what of the picture is exact and what is a projection."""
    beside = (
        "So the run's own loss is higher than the colour under its shadow: along these two directions the squared "
        "error adds up, and the difference is what the other directions add."
        if along_curvature and loss == "mse"
        else "The run's own loss is another than the colour under its shadow, higher or lower: the other weights of "
        "the run take part in it."
    )
    st.markdown(
        "Think of the picture as a sheet of paper held into a space with a direction for each number. **Exact** are "
        "the colours, the loss of models that lie on the sheet, the cross, and all numbers below the picture. The run "
        "itself moves beside the sheet, and its path here is only its shadow, a **projection**: for each update the "
        "point of the sheet that is nearest. " + beside
    )


def directions(bowl: QuadraticSurface, names: list[str]) -> None:
    """Say what the two extreme directions are made of."""
    steepest, flattest = (_mixture(bowl.directions[:, column], names) for column in (0, -1))
    st.caption(f"Steepest: one unit is {steepest}. Flattest: one unit is {flattest}.")


def _mixture(direction: np.ndarray[tuple[int], np.dtype[np.float64]], names: list[str], most: int = 4) -> str:
    largest = np.argsort(-np.abs(direction))[:most]
    parts = ", ".join(f"{signed(round(direction[index], 2))} {verbatim(names[index])}" for index in largest)
    return parts if len(direction) <= most else f"{parts} and less of the others"


def why_it_diverges(bowl: QuadraticSurface, rates: list[float], batches: bool) -> None:
    """Show for some learning rates, and for one on each side of the limit, what a step does to the distance.

    With `batches` it is said that their path never comes to rest.
    """
    steepest, flattest = float(bowl.curvatures[0]), float(bowl.curvatures[-1])
    limit = largest_stable_learning_rate(steepest)
    inside, beyond = around(limit)
    st.subheader(f"Why {beyond:g} diverges and {inside:g} does not", anchor=False)
    st.markdown(
        f"Curvature says how fast the slope grows on the way from the bottom: slope = curvature × distance. In the "
        f"steepest direction it is {plain(steepest)}. A step on all rows, learning rate × slope, goes learning rate × "
        f"{plain(steepest)} of the distance, and so leaves 1 − learning rate × {plain(steepest)} of it. "
        f"At {inside:g} that is {signed(factor(inside, steepest))}: {_landing(inside / limit)}. At {beyond:g} it is "
        f"{signed(factor(beyond, steepest))}: past the bottom and further off, and further again with every step. "
        f"The border is −1, at 2 / {plain(steepest)} = **{plain(limit)}**."
    )
    shown = sorted({*rates, inside, beyond})
    table = pd.DataFrame(
        {
            "learning rate": [f"{rate:g}" for rate in shown],
            "of the limit": [f"{rate / limit:.0%}" for rate in shown],
            "a step, steepest way": [f"× {signed(factor(rate, steepest))}" for rate in shown],
            "flattest way": [f"× {signed(factor(rate, flattest), 4)}" for rate in shown],
            "on all rows it": [_fate(rate / limit) for rate in shown],
        }
    )
    st.dataframe(table, hide_index=True, alt="What one step does at some learning rates.")
    if batches:
        st.caption(TREMBLING)


def _landing(share: float) -> str:
    return "past the bottom, but closer to it" if share > 0.5 else "closer to the bottom, without passing it"


def _fate(share: float) -> str:
    if share >= 1:
        return "diverges"
    return "swings across and settles" if share > 0.5 else "settles without a swing"
