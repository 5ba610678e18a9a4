"""A loss over one weight: the curve, where the weight is, and the straight line that its gradient promises."""

from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charts.data import ROWS, layered, number_axis, number_hint, with_data
from dashboard.charts.palette import REFERENCE, TRAINING, VALIDATION
from pipeline.arrays import Floats

_POINTS: Final = 121


def loss_over_weight(x: float, y: float, v: float, trail: list[float], gradient: float) -> dict[str, Any]:
    """Draw the loss square(v * x - y): its curve, its tangent at `v`, its optimum, and the way of the updates.

    The way leads through the weights of the `trail`, in their order, to `v`.
    """
    middle = y / x if x else v
    reach = 1.25 * max(abs(place - middle) for place in (v, *trail)) or 1.0
    around = np.linspace(middle - reach, middle + reach, _POINTS)
    near = np.clip([v - reach / 3, v + reach / 3], around[0], around[-1])
    loss = (v * x - y) ** 2
    way = np.array([*trail, v] if trail else [])
    parts: dict[str, tuple[Floats, Floats]] = {
        "loss": (around, (around * x - y) ** 2),
        "slope": (near, loss + gradient * (near - v)),
        "way": (way, (way * x - y) ** 2),
        "now": (np.array([v]), np.array([loss])),
        "optimum": (np.array([y / x] if x else []), np.array([0.0] if x else [])),
    }
    table = pd.concat(
        pd.DataFrame({"part": part, "v": at, "loss": cost, "order": range(len(at))})
        for part, (at, cost) in parts.items()
    )
    base = alt.Chart(ROWS).encode(
        alt.X("v:Q", scale=alt.Scale(zero=False, nice=False), axis=number_axis(grid=False, tickCount=8)),
        alt.Y("loss:Q", axis=number_axis(tickCount=5)),
        tooltip=["part:N", number_hint("v"), number_hint("loss")],
    )

    def only(part: str) -> alt.Chart:
        return base.transform_filter(alt.datum.part == part)

    picture = layered(
        only("loss").mark_line(color=TRAINING, strokeWidth=2.5),
        only("slope").mark_line(color=VALIDATION, strokeWidth=2.5, strokeDash=[6, 3]),
        only("way").mark_line(color=REFERENCE, strokeWidth=1.2, opacity=0.8).encode(order="order:Q"),
        only("way").mark_point(color=TRAINING, size=36, filled=True, opacity=0.55),
        only("optimum").mark_point(shape="cross", size=90, filled=True, color=REFERENCE, opacity=1),
        only("optimum").mark_text(dy=-14, color=REFERENCE, fontSize=12).encode(text=alt.value("optimum")),
        only("now").mark_point(color=VALIDATION, size=130, filled=True, opacity=1),
        height=260,
    )
    return with_data(picture, table)
