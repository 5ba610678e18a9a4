"""How large a step may be, in numbers: against the limit, and before and after normalizing."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import pandas as pd
import streamlit as st

from dashboard.lessons.stability import factor, updates_for_a_tenth
from dashboard.lessons.story import short
from dashboard.lessons.surfaces import LossName
from dashboard.text.wording import plain, verbatim
from dashboard.views.surface.controls import NAMES
from pipeline.arrays import Floats
from pipeline.network.linear import Curvature, largest_stable_learning_rate
from pipeline.params import Train
from pipeline.safety.errors import UserError
from pipeline.tables.scaling import Scaling

NO_LIMIT: Final = (
    "The absolute error has no limit like 2/λmax: its gradient is as large near the bottom as far from it. "
    "So a fixed learning rate does not explode, and it does not settle either: it ends up jumping across the bottom."
)

TREMBLING: Final = (
    "With batches a path does not come to rest but trembles around the minimum, for each of them pulls elsewhere; "
    "close to the limit, small batches can make it diverge."
)


def show_limits(settings: Sequence[Train], x: Floats, loss: LossName) -> None:
    """Say of each setting where its learning rate stands against the limit of this surface."""
    if loss == "mae":
        st.caption(NO_LIMIT)
        return
    curvature = Curvature.of(x[:, np.newaxis])
    lines = [_verdict(NAMES[which], setting, curvature) for which, setting in enumerate(settings)]
    if any(setting.batch_size < len(x) for setting in settings):
        lines.append(f"A single batch can be steeper than all rows together. {TREMBLING}")
    st.caption("  \n".join(lines))


def _verdict(name: str, setting: Train, curvature: Curvature) -> str:
    limit = largest_stable_learning_rate(curvature.largest, setting.momentum)
    share = setting.learning_rate / limit
    formula = "2/λmax" if setting.momentum == 0 else f"2 (1 + {setting.momentum:g})/λmax"
    fate = "diverges" if share > 1 else "swings across and settles" if share > 0.5 else "settles"
    size = f"{share:.0%} of" if share < 10 else f"{share:,.0f} times"
    stand = f"**{name}** {setting.learning_rate:g} is {size} the limit {formula} = {plain(limit)}."
    return f"{stand} On all rows it {fate}."


def compare_scales(raw: Floats, name: str, rate: float, loss: LossName) -> None:
    """Say what normalizing does to the surface of features (rows,) or (rows, features)."""
    st.subheader("What normalizing does", anchor=False)
    features = raw.reshape(len(raw), -1)
    shapes = {"raw": Curvature.of(features)}
    try:
        scaling = Scaling.fit(features, [name] * features.shape[1])
        shapes["normalized"] = Curvature.of(scaling.apply(features))
    except UserError:
        st.markdown("All rows have the same feature: many lines are equally good, and the bottom is a whole valley.")
    if loss == "mae":
        st.caption("The numbers are those of the squared error.")
    st.dataframe(
        pd.DataFrame({scale: _shape(curvature, rate) for scale, curvature in shapes.items()}).T,
        alt="Condition number, limit and effect of a step, for the raw and the normalized feature.",
    )
    st.markdown(_sentence(verbatim(name), rate, shapes))


def _shape(curvature: Curvature, rate: float) -> dict[str, str]:
    steepest, flattest = factor(rate, curvature.largest), factor(rate, curvature.smallest)
    tenth = updates_for_a_tenth(rate, curvature.smallest)
    condition = curvature.condition_number
    return {
        "condition number": "∞" if np.isinf(condition) else plain(condition),
        "limit 2/λmax": short(curvature.largest_stable_learning_rate, 3),
        f"step at {rate:g}, steepest way": f"× {signed(steepest)}",
        "flattest way": f"× {signed(flattest, 4)}",
        "updates to come ten times closer": "never" if np.isinf(tenth) or abs(steepest) >= 1 else f"{tenth:,.0f}",
    }


def signed(value: float, digits: int = 3) -> str:
    """A number with a minus sign that is as wide as a plus."""
    return f"{'−' if value < 0 else ''}{plain(abs(value), digits)}"


def _sentence(name: str, rate: float, shapes: dict[str, Curvature]) -> str:
    said = [
        "A step multiplies the distance to the bottom by 1 − learning rate × curvature, in each direction apart. "
        "Beyond −1 it grows: the steepest direction, whose curvature is λmax, sets the limit. Near 1 it hardly "
        "shrinks: the flattest one takes the time. Along the weight of a feature the curvature is twice the mean "
        "square of that feature: large for large numbers, 2 after normalizing."
    ]
    if "normalized" in shapes:
        raw, normalized = (shapes[scale].largest_stable_learning_rate for scale in ("raw", "normalized"))
        if raw < rate < normalized:
            said.append(f"So {rate:g} diverges with {name} raw, and works after normalizing.")
        said.append("The condition number is the steepest curvature over the flattest: 1 is round, 1,000 a gorge.")
    return " ".join(said)
