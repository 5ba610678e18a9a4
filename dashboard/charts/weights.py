"""The weights of a model, the largest first."""

from functools import lru_cache
from typing import Any

import altair as alt

from dashboard.charts.data import KEPT, ROWS, colours, layered, number_axis
from dashboard.charts.palette import DIRECTIONS, REFERENCE


@lru_cache(KEPT)
def weights_by_magnitude(title: str, features: int, optimum: bool) -> dict[str, Any]:
    """Specify bars with signs, the largest first; with `optimum`, a tick where least squares has the weight.

    The data come apart from it: rows of feature, weight, size (the weight without its sign), sign, optimum.
    """
    order = alt.EncodingSortField("size", op="max", order="descending")
    y = alt.Y("feature:N", sort=order, title=None, axis=alt.Axis(labelLimit=140, labelOverlap=False))
    sign = colours("sign", DIRECTIONS)
    tooltip = ["feature:N", alt.Tooltip("weight:Q", format="+.4f")]
    bars = alt.Chart(ROWS).mark_bar(height={"band": 0.65})
    layers = [bars.encode(alt.X("weight:Q", title=title, axis=number_axis()), y, sign, tooltip=tooltip)]
    if optimum:
        tick = alt.Chart(ROWS).mark_tick(thickness=2, color=REFERENCE, height={"band": 0.9})
        hint = ["feature:N", alt.Tooltip("optimum:Q", title="least squares", format="+.4f")]
        layers.append(tick.encode(alt.X("optimum:Q"), y, tooltip=hint))
    return layered(*layers, height=110 + 24 * features)
