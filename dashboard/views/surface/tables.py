"""The largest stable learning rate in numbers: for each setting, and before and after normalizing."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.lessons.stability import factor, updates_for_a_tenth
from dashboard.lessons.surfaces import LossName
from dashboard.text.markdown import escape_markdown
from dashboard.text.numbers import format_number
from dashboard.views.surface.controls import NAMES
from pipeline.arrays import Floats
from pipeline.network.linear import Curvature, largest_stable_learning_rate
from pipeline.params import Train
from pipeline.safety.errors import UserError
from pipeline.tables.scaling import Scaling

NO_LIMIT: Final = (
    "The absolute error has no limit like $2/\\lambda_{\\max}$: its gradient is as large near the bottom as far from "
    "it. With a fixed learning rate the weights do not diverge, but they do not converge either: they end up jumping "
    "across the bottom."
)

BATCH_NOISE: Final = (
    "With small batches a path never comes to rest at the minimum, because each batch's gradient points in a different "
    "direction. Close to the limit, small batches can make it diverge."
)


def show_limits(settings: Sequence[Train], x: Floats, loss: LossName) -> None:
    """Compare the learning rate of each setting with the limit of this surface."""
    if loss == "mae":
        st.caption(NO_LIMIT)
        return
    curvature = Curvature.of(x[:, np.newaxis])
    lines = [_verdict(NAMES[which], setting, curvature) for which, setting in enumerate(settings)]
    if any(setting.batch_size < len(x) for setting in settings):
        lines.append(f"The loss of a single batch can be steeper than that of all rows. {BATCH_NOISE}")
    st.caption("  \n".join(lines))


def _verdict(name: str, setting: Train, curvature: Curvature) -> str:
    limit = largest_stable_learning_rate(curvature.largest, setting.momentum)
    share = setting.learning_rate / limit
    formula = r"$2/\lambda_{\max}$" if setting.momentum == 0 else rf"$2\,(1 + {setting.momentum:g})/\lambda_{{\max}}$"
    fate = "diverges" if share > 1 else "jumps across the bottom and converges" if share > 0.5 else "converges"
    size = f"{share:.0%} of" if share < 10 else f"{share:,.0f} times"
    comparison = f"**{name}**: {setting.learning_rate:g} is {size} the limit {formula} = {format_number(limit)}."
    return f"{comparison} On all rows it {fate}."


def compare_scales(raw: Floats, name: str, rate: float, loss: LossName) -> None:
    """Explain what normalizing does to the surface of features (rows,) or (rows, features)."""
    st.subheader("What normalizing does", anchor=False)
    features = raw.reshape(len(raw), -1)
    shapes = {"raw": Curvature.of(features)}
    try:
        scaling = Scaling.fit(features, [name] * features.shape[1])
        shapes["normalized"] = Curvature.of(scaling.apply(features))
    except UserError:
        st.markdown(
            "The feature is the same in all rows: many lines are equally good, and the bottom is a whole valley."
        )
    if loss == "mae":
        st.caption("These numbers are for the squared error.")
    st.dataframe(
        pd.DataFrame({scale: _shape(curvature, rate) for scale, curvature in shapes.items()}).T,
        alt="Condition number, limit and effect of a step, for the raw and the normalized feature.",
    )
    st.markdown(_sentence(escape_markdown(name), rate, shapes))


def _shape(curvature: Curvature, rate: float) -> dict[str, str]:
    steepest, flattest = factor(rate, curvature.largest), factor(rate, curvature.smallest)
    tenth = updates_for_a_tenth(rate, curvature.smallest)
    condition = curvature.condition_number
    return {
        "condition number": "∞" if np.isinf(condition) else format_number(condition),
        "limit 2/λₘₐₓ": format_number(curvature.largest_stable_learning_rate),
        f"one step at {rate:g}, steepest direction": f"× {signed(steepest)}",
        "flattest direction": f"× {signed(flattest, 4)}",
        "updates to cut the distance tenfold": "never" if np.isinf(tenth) or abs(steepest) >= 1 else f"{tenth:,.0f}",
    }


def signed(value: float, digits: int = 3) -> str:
    """A number with a true minus sign."""
    return f"{'−' if value < 0 else ''}{format_number(abs(value), digits)}"


def _sentence(name: str, rate: float, shapes: dict[str, Curvature]) -> str:
    sentences = [
        "In each direction a step multiplies the distance to the bottom by 1 − learning rate × curvature. Below −1 the "
        "distance grows, so the steepest direction, with the curvature $\\lambda_{\\max}$, sets the limit. Near 1 the "
        "distance hardly shrinks, so the flattest direction determines how long training takes. Along the weight of a "
        "feature the curvature is twice the mean square of that feature: large for large numbers, 2 after normalizing."
    ]
    if "normalized" in shapes:
        raw, normalized = (shapes[scale].largest_stable_learning_rate for scale in ("raw", "normalized"))
        if raw < rate < normalized:
            sentences.append(f"So {rate:g} diverges with raw {name} and works after normalizing.")
        sentences.append(
            "The condition number is the largest curvature divided by the smallest: 1 is a round bowl, 1,000 a narrow "
            "valley."
        )
    return " ".join(sentences)
