"""Why a learning rate works or diverges, and what normalization has to do with it."""

from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.record.snapshot import Record
from dashboard.text.markdown import escape_markdown
from dashboard.text.numbers import format_number
from dashboard.views.parts.caching import cached
from dashboard.views.step.navigation import ShownUpdate
from pipeline.network.linear import Curvature

_ALMOST: Final = 1e-4


@cached(Record, ShownUpdate)
def rate(record: Record, shown: ShownUpdate) -> None:
    """Explain what a step does along the steepest direction at this and at other learning rates."""
    settings = shown.course.settings
    st.subheader("4. Why this learning rate", anchor=False)
    if settings.loss == "mae":
        st.markdown(
            "The absolute error has no largest stable learning rate: its gradient does not grow with the error, so the "
            "weights never diverge. The steps do not shrink near the optimum either, so the weights keep jumping "
            "around it: the larger the learning rate, the farther."
        )
        return
    curvature = Curvature.of(shown.course.train.features)
    steepest, limit = curvature.largest, curvature.largest_stable_learning_rate
    st.markdown(
        f"The curvature λ of the loss says how fast its slope grows with the distance from the optimum: slope = λ × "
        f"distance. A step covers learning rate × slope, so it multiplies the distance by **1 − learning rate × λ**. "
        f"In its steepest direction this loss has $\\lambda_{{\\max}}$ = {format_number(steepest, 4)}. While "
        "the factor is "
        f"between −1 and 1, the distance shrinks; below −1, every step lands on the other side and farther away. So "
        f"the limit is $2/\\lambda_{{\\max}}$ = **{format_number(limit, 4)}**. Small batches vary, and need a "
        "somewhat smaller "
        "rate" + (", and momentum changes the limit." if settings.momentum else ".")
    )
    left, right = st.columns([2, 3], gap="large")
    left.table(_rates(settings.learning_rate, limit).set_index("learning rate"))
    with right:
        _without_normalization(record, shown, limit)


def _rates(this: float, limit: float) -> pd.DataFrame:
    """The effect of steps at `this` rate, at the limit, and at a round number on either side of the limit."""
    rates = {limit: " (the limit)", **{float(f"{share * limit:.1g}"): "" for share in (0.6, 1.2)}, this: " (this one)"}
    factors = 1 - 2 * np.array(sorted(rates)) / limit
    with np.errstate(over="ignore"):
        return pd.DataFrame(
            {
                "learning rate": [format_number(rate) + rates[rate] for rate in sorted(rates)],
                "one step": [f"× {format_number(factor)}" for factor in factors],
                "ten steps": [f"× {format_number(f)}" if f > _ALMOST else "almost 0" for f in factors**10],
            }
        )


def _without_normalization(record: Record, shown: ShownUpdate, limit: float) -> None:
    this = shown.course.settings.learning_rate
    if record.data.scaling.is_none:
        st.markdown(
            "The features are raw. Those with the largest numbers curve the loss most and set the limit for all "
            "weights."
        )
        return
    features = record.data.scaling.invert(shown.course.train.features)
    curvature = Curvature.of(features)
    raw, allowed = curvature.largest, curvature.largest_stable_learning_rate
    without = f"Without normalization λ would be {format_number(raw, 4)} and the limit {format_number(allowed, 4)}"
    if raw * limit < 4:
        st.markdown(f"{without}: the raw features of this table are already small numbers.")
        return
    squares = (features**2).mean(axis=0)
    largest = int(squares.argmax())
    st.markdown(
        f"{without}. Along one weight the loss curves by 2 × the mean square of its feature: by "
        f"{format_number(2 * squares[largest], 4)} for raw {escape_markdown(record.data.names[largest])}, but "
        "by 2 for any normalized "
        f"feature ({format_number(2 / limit, 4)} in the direction in which they all act together). So with raw "
        "features a "
        f"learning rate of {format_number(this)} would multiply the distance by "
        f"{format_number(1 - this * raw, 4)} in a single step. "
        f"After normalization all features count equally, and on all rows every learning rate below "
        f"{format_number(limit, 4)} is "
        "stable."
    )
