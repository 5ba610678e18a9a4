"""What the pictures mean: what is exact, how far each learning rate is from the limit, and what normalizing does."""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.lessons.slices import QuadraticSurface
from dashboard.lessons.stability import factor, updates_for_a_tenth
from dashboard.lessons.surfaces import LossName
from dashboard.text.limits import NO_LIMIT, formula
from dashboard.text.markdown import escape_markdown
from dashboard.text.numbers import format_number, format_setting
from dashboard.views.parts.limits import BATCH_NOISE, fate, limit_of
from dashboard.views.surface.controls import NAMES
from pipeline.arrays import Floats
from pipeline.network.linear import Curvature
from pipeline.params import Train
from pipeline.safety.errors import UserError
from pipeline.tables.scaling import Scaling

_MOST_NAMED = 4


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
        st.caption(NO_LIMIT)
        return
    curvature = Curvature.of(x[:, np.newaxis])
    lines = []
    for name, setting in zip(NAMES, settings, strict=False):
        rate, limit = setting.learning_rate, limit_of(setting, curvature)
        size = f"{rate / limit:.0%} of" if rate < 10 * limit else f"{rate / limit:,.0f} times"
        lines.append(
            f"**{name}**: {format_setting(rate)} is {size} the limit {formula(setting)} = {format_number(limit)}. "
            f"With all rows in every update {name} {fate(rate, setting, curvature)}."
        )
    if any(setting.batch_size < len(x) for setting in settings):
        lines.append(BATCH_NOISE)
    st.caption("  \n".join(lines))


def compare_scales(features: Floats, name: str, settings: Train) -> None:
    """Explain what normalizing does to the surface of raw features (rows, features), called `name`."""
    rate = settings.learning_rate
    st.subheader("What normalizing does", anchor=False)
    shapes = {"raw": Curvature.of(features)}
    try:
        scaling = Scaling.fit(features, [name] * features.shape[1])
        shapes["normalized"] = Curvature.of(scaling.apply(features))
    except UserError:
        st.markdown(
            "The feature is the same in all rows: many lines are equally good, and the bottom is a whole valley."
        )
    if settings.loss == "mae" or settings.momentum:
        st.caption("These numbers are for the squared error, without momentum.")
    st.dataframe(
        pd.DataFrame({scale: _shape(curvature, rate) for scale, curvature in shapes.items()}).T,
        alt="Condition number, limit and effect of a step, for the raw and the normalized feature.",
    )
    sentences = [
        "In each direction a step multiplies the distance to the bottom by 1 − learning rate × curvature. Below −1 the "
        "distance grows, so the steepest direction, with the curvature $\\lambda_{\\max}$, sets the limit. Near 1 the "
        "distance hardly shrinks, so the flattest direction determines how long training takes. Along the weight of a "
        "feature the curvature is twice the mean square of that feature: large for large numbers, 2 after normalizing."
    ]
    if "normalized" in shapes:
        raw, normalized = (limit_of(settings, shapes[scale]) for scale in ("raw", "normalized"))
        if settings.loss == "mse" and raw < rate < normalized:
            sentences.append(
                f"So {format_setting(rate)} diverges with raw {escape_markdown(name)} and works after normalizing."
            )
        sentences.append(
            "The condition number is the largest curvature divided by the smallest: 1 is a round bowl, 1,000 a narrow "
            "valley."
        )
    st.markdown(" ".join(sentences))


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
