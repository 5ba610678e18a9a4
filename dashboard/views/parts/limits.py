"""What pages say of the largest stable learning rate of the linear model: its formula, why there is one, its scales."""

import math
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.lessons.stability import SAME, around, factor, updates_for_a_tenth
from dashboard.text.glossary import TERMS, explained, explained_in
from dashboard.text.limits import formula
from dashboard.text.markdown import escape_markdown
from dashboard.text.numbers import format_number, format_setting
from pipeline.arrays import Floats
from pipeline.network.linear import Curvature
from pipeline.params import Train
from pipeline.safety.errors import UserError
from pipeline.tables.scaling import Scaling

BATCH_NOISE: Final = (
    "With small batches and a fixed learning rate a path never comes to rest at the optimum, because each batch's "
    "gradient points in a different direction. The loss of a single batch can curve more than that of all rows; near "
    "the limit, small batches can therefore make a path diverge."
)

_ALMOST: Final = 1e-4


def fate(learning_rate: float, settings: Train, curvature: Curvature) -> str:
    """What descent on all rows does at a learning rate, with the momentum of `settings`."""
    limit = curvature.limit(settings)
    if learning_rate == 0:
        return "does not move"
    if np.isclose(learning_rate, limit, rtol=SAME, atol=0):
        return "neither converges nor diverges"
    if learning_rate > limit:
        return "diverges"
    across = not settings.momentum and learning_rate > limit / 2
    return "jumps across the optimum and converges" if across else "converges"


def explain_limit(curvature: Curvature, settings: Train) -> None:
    """Say what a step does along the steepest direction, on either side of the limit."""
    below, beyond = around(curvature.largest_stable_learning_rate)
    there = {rate: format_number(factor(rate, curvature.largest)) for rate in (below, beyond)}
    first = "Without momentum a step" if settings.momentum else "A step"
    text = (
        f"The curvature λ says {TERMS['curvature'].meaning.rstrip('.')}: slope = λ × distance. {first} on all rows "
        "covers learning rate × slope, so it multiplies the distance by **1 − learning rate × λ**. In the steepest "
        f"direction λ is {format_number(curvature.largest, 4)}. At a learning rate of "
        f"{format_setting(below)} the factor is {there[below]}: a step lands on the other side of the optimum, but "
        f"closer to it. At {format_setting(beyond)} it is {there[beyond]}: every step lands on the other side and "
        "farther away. The limit is where the factor is −1, at $2/\\lambda_{\\max}$ = "
        f"**{format_number(curvature.largest_stable_learning_rate, 4)}**."
    )
    if settings.momentum:
        way = "With Nesterov's look-ahead" if settings.nesterov else "With momentum"
        text += (
            f" {way} a step also depends on the one before, and the limit is "
            f"{formula(settings)} = **{format_number(curvature.limit(settings), 4)}**."
        )
    st.markdown(text, help=explained_in(text, "learning rate", "momentum", "diverge"))


def show_factors(curvature: Curvature, settings: Train, marks: Mapping[float, str]) -> None:
    """Tabulate what descent does at the learning rates in `marks`, at the limit, and on either side of it.

    With momentum no single factor says what a step does, so the factors are left out.
    """
    limit = curvature.limit(settings)
    named = {**dict.fromkeys(around(limit), ""), limit: " (the limit)", **marks}
    rates = sorted(named)
    table = {
        "learning rate": [(format_setting if rate in marks else format_number)(rate) + named[rate] for rate in rates],
        "share of the limit": [f"{rate / limit:.0%}" for rate in rates],
    }
    if not settings.momentum:
        steepest = np.array([factor(rate, curvature.largest) for rate in rates])
        with np.errstate(over="ignore"):
            ten = steepest**10
        flattest = [factor(rate, curvature.smallest) for rate in rates]
        table |= {
            "one step, steepest direction": [f"× {format_number(value)}" for value in steepest],
            "ten steps": [f"× {format_number(value)}" if value > _ALMOST else "almost 0" for value in ten],
            "one step, flattest direction": [f"× {format_number(value, 4)}" for value in flattest],
        }
    table["on all rows"] = [fate(rate, settings, curvature) for rate in rates]
    st.dataframe(table, hide_index=True, alt="What descent on all rows does at some learning rates.")


def compare_scales(features: Floats, names: Sequence[str], settings: Train) -> None:
    """Explain what normalizing does to the loss surface of raw features (rows, features), called `names`."""
    rate = settings.learning_rate
    st.subheader("What normalizing does", anchor=False, help=explained("normalized (z-score)"))
    shapes = {"raw": Curvature.of(features)}
    try:
        shapes["normalized"] = Curvature.of(Scaling.fit(features, names).apply(features))
    except UserError:
        which = "The feature" if len(names) == 1 else "One of the features"
        st.markdown(
            f"{which} is the same in all rows: its weight and the bias can make up for each other, so that the bottom "
            "is a whole valley."
        )
    if settings.loss == "mae" or settings.momentum:
        st.caption("These numbers are for the squared error, without momentum.")
    st.dataframe(
        pd.DataFrame({scale: _shape(curvature, rate) for scale, curvature in shapes.items()}).T,
        alt="Condition number, limit and effect of a step, for the raw and the normalized feature.",
    )
    squares = (features**2).mean(axis=0)
    steepest = escape_markdown(names[int(squares.argmax())])
    sentences = [
        "In each direction a step multiplies the distance to the bottom by 1 − learning rate × curvature. Where that "
        "is below −1, the distance grows, so the steepest direction, with the curvature $\\lambda_{\\max}$, sets the "
        "limit. Where it is near 1, the distance hardly shrinks, so the flattest direction determines how long "
        "training takes. Along the weight of a "
        f"feature the curvature is twice the mean square of that feature: {format_number(2 * squares.max(), 4)} for "
        f"raw {steepest}{', 2 after normalizing' if 'normalized' in shapes else ''}."
    ]
    if "normalized" in shapes:
        raw, normalized = (shapes[scale].limit(settings) for scale in ("raw", "normalized"))
        if settings.loss == "mse" and raw < rate < normalized:
            raw_features = steepest if len(names) == 1 else "features"
            sentences.append(f"So {format_setting(rate)} diverges with raw {raw_features} and works after normalizing.")
        sentences.append(f"The condition number is {TERMS['condition number'].meaning}")
    text = " ".join(sentences)
    st.markdown(text, help=explained_in(text, "learning rate", "normalized (z-score)"))


def _shape(curvature: Curvature, rate: float) -> dict[str, str]:
    steepest, flattest = factor(rate, curvature.largest), factor(rate, curvature.smallest)
    tenth = updates_for_a_tenth(rate, curvature.smallest)
    return {
        "condition number": format_number(curvature.condition_number),
        "limit 2/λₘₐₓ": format_number(curvature.largest_stable_learning_rate),
        f"one step at {format_setting(rate)}, steepest direction": f"× {format_number(steepest)}",
        "flattest direction": f"× {format_number(flattest, 4)}",
        "updates to cut the distance tenfold": "never"
        if np.isinf(tenth) or abs(steepest) >= 1
        else f"{math.ceil(tenth):,}",
    }
