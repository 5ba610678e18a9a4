"""A loss over one weight: the curve, where the weight is, and the straight line that its gradient promises."""

from functools import lru_cache
from typing import Any, Final

import altair as alt
import numpy as np
import pandas as pd

from dashboard.charts.data import KEPT, ROWS, layered, number_axis, number_hint
from dashboard.charts.palette import REFERENCE, TRAINING, VALIDATION
from pipeline.arrays import Floats

_POINTS: Final = 121


def curve(x: float, y: float, v: float, trail: list[float], gradient: float) -> pd.DataFrame:
    """Rows (part, v, loss, order) of the loss square(v * x - y): its curve, its tangent at `v`, the way there.

    The way are the weights of the `trail` and `v`, in the `order` of the updates.
    """
    middle = y / x if x else v
    reach = 1.25 * max(abs(place - middle) for place in (v, *trail)) or 1.0
    around = np.linspace(middle - reach, middle + reach, _POINTS)
    near = np.clip([v - reach / 3, v + reach / 3], around[0], around[-1])
    loss = (v * x - y) ** 2
    parts: dict[str, tuple[Floats, Floats]] = {
        "loss": (around, (around * x - y) ** 2),
        "slope": (near, loss + gradient * (near - v)),
        "way": (np.array([*trail, v]), (np.array([*trail, v]) * x - y) ** 2),
        "now": (np.array([v]), np.array([loss])),
        "optimum": (np.array([y / x] if x else []), np.array([0.0] if x else [])),
    }
    return pd.concat(
        pd.DataFrame({"part": part, "v": at, "loss": cost, "order": range(len(at))})
        for part, (at, cost) in parts.items()
    )


@lru_cache(KEPT)
def picture(trail: bool, optimum: bool) -> dict[str, Any]:
    """Specify the picture of a `curve`, with weights from before or without, with an optimum or without."""
    base = alt.Chart(ROWS).encode(
        alt.X("v:Q", scale=alt.Scale(zero=False, nice=False), axis=number_axis(grid=False, tickCount=8)),
        alt.Y("loss:Q", axis=number_axis(tickCount=5)),
        tooltip=["part:N", number_hint("v"), number_hint("loss")],
    )

    def only(part: str) -> alt.Chart:
        return base.transform_filter(alt.datum.part == part)

    layers = [
        only("loss").mark_line(color=TRAINING, strokeWidth=2.5),
        only("slope").mark_line(color=VALIDATION, strokeWidth=2.5, strokeDash=[6, 3]),
    ]
    if trail:
        way = only("way")
        layers.append(way.mark_line(color=REFERENCE, strokeWidth=1.2, opacity=0.8).encode(order="order:Q"))
        layers.append(way.mark_point(color=TRAINING, size=36, filled=True, opacity=0.55))
    if optimum:
        best = only("optimum")
        layers.append(best.mark_point(shape="cross", size=90, filled=True, color=REFERENCE, opacity=1))
        layers.append(best.mark_text(dy=-14, color=REFERENCE, fontSize=12).encode(text=alt.value("optimum")))
    layers.append(only("now").mark_point(color=VALIDATION, size=130, filled=True, opacity=1))
    return layered(*layers, height=260)
