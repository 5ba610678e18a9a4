"""Why a learning rate works or diverges, and what normalization has to do with it."""

from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.lessons.story import short
from dashboard.record.snapshot import Record
from dashboard.text.wording import plain, verbatim
from dashboard.views.parts.caching import cached
from dashboard.views.step.navigation import ShownUpdate
from pipeline.network.linear import Curvature

_ALMOST: Final = 1e-4


@cached(Record, ShownUpdate)
def rate(record: Record, shown: ShownUpdate) -> None:
    """Say what a step of this and of other lengths does along the steepest direction."""
    settings = shown.course.settings
    st.subheader("4. Why this learning rate", anchor=False)
    if settings.loss == "mae":
        st.markdown(
            "The absolute error has no largest stable learning rate: its gradient does not grow with the error, so "
            "steps never run away. They do not shrink near the optimum either: the weights go on rattling about it, "
            "the wider the larger the rate."
        )
        return
    curvature = Curvature.of(shown.course.train.features)
    steepest, limit = curvature.largest, curvature.largest_stable_learning_rate
    st.markdown(
        f"The curvature λ of the loss says how fast its slope grows on the way from the optimum: slope = λ × distance. "
        f"So a step, learning rate × slope, goes learning rate × λ of the distance, and leaves **1 − learning rate × "
        f"λ** of it. In its steepest direction this loss has λ = {short(steepest)}. While that is between −1 and 1 the "
        f"distance shrinks; beyond −1 every step lands on the other side and farther away. So the limit is 2 / λ = "
        f"**{short(limit)}**. Batches are less steady than all rows and need somewhat less"
        + (", and momentum moves the limit." if settings.momentum else ".")
    )
    left, right = st.columns([2, 3], gap="large")
    left.table(_rates(settings.learning_rate, limit).set_index("learning rate"))
    with right:
        _without_normalization(record, shown, limit)


def _rates(this: float, limit: float) -> pd.DataFrame:
    """What steps do at `this` rate, at the limit, and at a round number on either side of the limit."""
    rates = {limit: " (the limit)", **{float(f"{share * limit:.1g}"): "" for share in (0.6, 1.2)}, this: " (this one)"}
    factors = 1 - 2 * np.array(sorted(rates)) / limit
    with np.errstate(over="ignore"):
        return pd.DataFrame(
            {
                "learning rate": [plain(rate) + rates[rate] for rate in sorted(rates)],
                "one step": [f"× {short(factor, 3)}" for factor in factors],
                "ten steps": [f"× {short(f, 3)}" if f > _ALMOST else "almost 0" for f in factors**10],
            }
        )


def _without_normalization(record: Record, shown: ShownUpdate, limit: float) -> None:
    this = shown.course.settings.learning_rate
    if record.data.scaling.is_none:
        st.markdown("The features are raw: those with large numbers curve the loss most, and set the limit for all.")
        return
    features = record.data.scaling.invert(shown.course.train.features)
    curvature = Curvature.of(features)
    raw, allowed = curvature.largest, curvature.largest_stable_learning_rate
    without = f"Without normalization λ would be {short(raw)} and the limit {short(allowed)}"
    if raw * limit < 4:
        st.markdown(f"{without}: the features of this table are small numbers as they are.")
        return
    squares = (features**2).mean(axis=0)
    largest = int(squares.argmax())
    st.markdown(
        f"{without}. For along one weight the loss curves by 2 × the mean square of its feature: by "
        f"{short(2 * squares[largest])} for raw {verbatim(record.data.names[largest])}, and by 2 for any normalized "
        f"one ({short(2 / limit)} where they all pull together). So with raw features a learning rate of {plain(this)} "
        f"would multiply the distance by {short(1 - this * raw)} in a single step. Normalized, all features speak "
        f"equally loud, and on all rows at once every rate below {short(limit)} is stable."
    )
