"""Why the paths on the cut look as they do: what is exact, and what one step does along a direction."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.lessons.slices import QuadraticSurface
from dashboard.lessons.stability import around, factor
from dashboard.lessons.surfaces import LossName
from dashboard.text.markdown import escape_markdown
from dashboard.text.numbers import format_number
from dashboard.views.surface.tables import BATCH_NOISE, signed
from pipeline.network.linear import largest_stable_learning_rate


def what_is_exact(along_curvature: bool, loss: LossName) -> None:
    """Say which parts of the picture are exact and which are a projection."""
    difference = (
        "The loss of the run is therefore higher than the colour at its projection, by what the other directions "
        "contribute."
        if along_curvature and loss == "mse"
        else "The loss of the run therefore differs from the colour at its projection: it also depends on the run's "
        "other weights."
    )
    st.markdown(
        "Think of the picture as a flat sheet in a space with one direction for each weight. The colours are "
        "**exact**: they show the loss of models whose weights lie on the sheet. The cross and all numbers below the "
        "picture are exact too. The run itself moves outside the sheet, and its path here is a **projection**: for "
        "each update, the nearest point of the sheet. " + difference
    )


def directions(bowl: QuadraticSurface, names: list[str]) -> None:
    """Say which weights make up the steepest and the flattest direction."""
    steepest, flattest = (_mixture(bowl.directions[:, column], names) for column in (0, -1))
    st.caption(f"Steepest: one unit is {steepest}. Flattest: one unit is {flattest}.")


def _mixture(direction: np.ndarray[tuple[int], np.dtype[np.float64]], names: list[str], most: int = 4) -> str:
    largest = np.argsort(-np.abs(direction))[:most]
    parts = ", ".join(f"{signed(round(direction[index], 2))} {escape_markdown(names[index])}" for index in largest)
    return parts if len(direction) <= most else f"{parts} and smaller parts of the others"


def why_it_diverges(bowl: QuadraticSurface, rates: list[float], batches: bool) -> None:
    """Show what a step does to the distance at some learning rates, and at one on each side of the limit.

    With `batches` it adds that the path of small batches never comes to rest.
    """
    steepest, flattest = float(bowl.curvatures[0]), float(bowl.curvatures[-1])
    limit = largest_stable_learning_rate(steepest)
    inside, beyond = around(limit)
    st.subheader(f"Why {beyond:g} diverges and {inside:g} does not", anchor=False)
    st.markdown(
        f"The curvature λ says how fast the slope grows with the distance from the bottom: slope = λ × distance. In "
        f"the steepest direction it is {format_number(steepest)}. A step on all rows covers learning rate × "
        "slope, which is "
        f"learning rate × λ of the distance, so it leaves the fraction 1 − learning rate × λ. "
        f"At {inside:g} that is {signed(factor(inside, steepest))}: {_landing(inside / limit)}. At {beyond:g} it is "
        f"{signed(factor(beyond, steepest))}: on the other side of the bottom and farther away, and farther still with "
        f"every step. The limit is where the fraction is −1, at $2/\\lambda_{{\\max}}$ = 2 / "
        f"{format_number(steepest)} = "
        f"**{format_number(limit)}**."
    )
    shown = sorted({*rates, inside, beyond})
    table = pd.DataFrame(
        {
            "learning rate": [f"{rate:g}" for rate in shown],
            "share of the limit": [f"{rate / limit:.0%}" for rate in shown],
            "one step, steepest direction": [f"× {signed(factor(rate, steepest))}" for rate in shown],
            "one step, flattest direction": [f"× {signed(factor(rate, flattest), 4)}" for rate in shown],
            "on all rows": [_fate(rate / limit) for rate in shown],
        }
    )
    st.dataframe(table, hide_index=True, alt="The effect of one step at some learning rates.")
    if batches:
        st.caption(BATCH_NOISE)


def _landing(share: float) -> str:
    return (
        "on the other side of the bottom, but closer to it" if share > 0.5 else "closer to the bottom, on the same side"
    )


def _fate(share: float) -> str:
    if share >= 1:
        return "diverges"
    return "jumps across and converges" if share > 0.5 else "converges"
