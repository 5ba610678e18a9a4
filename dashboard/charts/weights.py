"""The weights of a model, the largest first."""

import altair as alt
import pandas as pd

from dashboard.charts.palette import NEGATIVE, POSITIVE, REFERENCE


def weights_by_magnitude(table: pd.DataFrame, title: str) -> alt.LayerChart:
    """Draw `table` (feature, weight) as bars with signs; a column `optimum` adds a tick where the optimum has it."""
    order = list(table.reindex(table["weight"].abs().sort_values(ascending=False).index)["feature"])
    y = alt.Y("feature:N", sort=order, title=None, axis=alt.Axis(labelLimit=140, labelOverlap=False))
    sign = alt.Color(
        "sign:N",
        scale=alt.Scale(domain=["raises it", "lowers it"], range=[POSITIVE, NEGATIVE]),
        legend=alt.Legend(title=None, orient="top"),
    )
    marked = table.assign(sign=(table["weight"] >= 0).map({True: "raises it", False: "lowers it"}))
    tooltip = ["feature:N", alt.Tooltip("weight:Q", format="+.4f")]
    bars = alt.Chart(marked).mark_bar(height={"band": 0.65})
    layers = [bars.encode(alt.X("weight:Q", title=title), y, sign, tooltip=tooltip)]
    if "optimum" in table:
        tick = alt.Chart(table).mark_tick(thickness=2, color=REFERENCE, height={"band": 0.9})
        hint = ["feature:N", alt.Tooltip("optimum:Q", title="least squares", format="+.4f")]
        layers.append(tick.encode(alt.X("optimum:Q"), y, tooltip=hint))
    return alt.LayerChart(layer=[*layers]).properties(height=max(140, 90 + 22 * len(table)))
