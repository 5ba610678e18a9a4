"""The weights of a model, the largest first."""

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from dashboard.charts.data import KEPT, ROWS, drawn_name, layered, named, number_axis, with_data
from dashboard.charts.palette import DIRECTIONS, POSITIVE, REFERENCE


def weights_by_magnitude(table: pd.DataFrame, title: str, most: int) -> dict[str, Any]:
    """Draw the first `most` rows of `table` (feature, weight, size) as bars, the largest first.

    `size` is the weight without its sign. Where the table has a `sign` and an `optimum`, the one is the colour, and a
    tick stands at the other. The height is that of `most` bars, so that the picture does not move when rows come to
    an empty one.
    """
    shown = table.head(most)
    shown = shown.assign(feature=shown["feature"].map(drawn_name))
    return with_data(_weights_by_magnitude(title, most, "optimum" in table), shown)


@lru_cache(KEPT)
def _weights_by_magnitude(title: str, most: int, linear: bool) -> dict[str, Any]:
    order = alt.EncodingSortField("size", op="max", order="descending")
    y = alt.Y("feature:N", sort=order, title=None, axis=alt.Axis(labelLimit=140, labelOverlap=False))
    colour = named(alt.Color, "sign", DIRECTIONS) if linear else alt.value(POSITIVE)
    tooltip = ["feature:N", alt.Tooltip("weight:Q", format="+.4f" if linear else ".4f")]
    bars = alt.Chart(ROWS).mark_bar(height={"band": 0.65})
    x = alt.X("weight:Q", title=title, axis=number_axis())
    layers = [bars.encode(x, y, color=colour, tooltip=tooltip)]
    if linear:
        tick = alt.Chart(ROWS).mark_tick(thickness=2, color=REFERENCE, height={"band": 0.9})
        hint = ["feature:N", alt.Tooltip("optimum:Q", title="least squares", format="+.4f")]
        layers.append(tick.encode(alt.X("optimum:Q"), y, tooltip=hint))
    return layered(*layers, height=125 + 24 * most)
